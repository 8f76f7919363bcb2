import Diagnostics
import Planning
import Values
import WorkloadSpec

/// How large a workload may be: its snapshot is kept with every release, whatever the target keeps it in.
enum SnapshotSize {
  /// The most bytes of a snapshot with the contents of its config files: 8 MiB.
  static let limit = 8 << 20

  /// Refuses a workload that is too large to be kept.
  ///
  /// - Throws: `DiagnosticError` that names the largest of its config files.
  static func check(_ workload: Workload, limit: Int = limit) throws {
    var bytes: [UInt8] = []
    CanonicalJSON.write(workload.plain, into: &bytes)
    guard bytes.count > limit else { return }
    let files = workload.services.flatMap { service in
      service.configFiles.map { (service.name, $0.name, $0.content.utf8.count) }
    }
    let largest = files.max { $0.2 < $1.2 }.map {
      "; the largest config file is `\($0.1)` of `\($0.0)`, \(text($0.2))"
    }
    throw DiagnosticError(
      Diagnostic(
        .workloadTooLarge,
        "a release of `\(workload.name)` would be \(text(bytes.count)), and the most is \(text(limit))\(largest ?? "")",
        help: "put large files into the image or onto a volume"))
  }

  /// Bytes in MiB, rounded up to a tenth.
  private static func text(_ bytes: Int) -> String {
    let tenths = (bytes * 10 + (1 << 20) - 1) >> 20
    return "\(tenths / 10).\(tenths % 10) MiB"
  }
}
