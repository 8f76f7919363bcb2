import Diagnostics
import Planning
import ProviderKit

/// The error that says that a workload has no release with a number, and which ones there are.
public enum MissingRelease {
  /// - Parameter last: the last release of the workload.
  public static func error(
    _ number: Int, of key: WorkloadKey, last: Release?, _ history: any ReleaseReader
  ) async throws -> DiagnosticError {
    let wasThere = last.map { (1...$0.number).contains(number) } ?? false
    let message = "`\(key.name)` has no release \(number)" + (wasThere ? " any more" : "")
    guard last != nil else {
      return DiagnosticError(
        Diagnostic(.unknownRelease, message, help: "nothing was applied under this name yet"))
    }
    let kept = try await history.releases(of: key, before: nil, limit: .max).map(\.number).reversed()
    let why = wasThere ? "the target's `history` keeps no more; " : ""
    return DiagnosticError(
      Diagnostic(
        .unknownRelease, message,
        help: "\(why)its releases are \(ranges(Array(kept))); `berth history \(key.name)` lists them"))
  }

  /// Numbers in words: `4, 12 to 61`.
  static func ranges(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
      .joined(separator: ", ")
  }
}
