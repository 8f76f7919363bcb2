import Foundation
import MachineKit
import ProviderKit

/// The file with the machines of a target: `machines.json` in its folder, read without a lock, written whole under one.
struct MockFile: Sendable {
  let folder: String

  /// What is in it.
  struct Contents: Codable, Equatable {
    /// How many machines have been made.
    var made = 0
    /// How many addresses have been given out.
    var addresses = 0
    /// How often each failure of the target has gone wrong, by its place in the list.
    var failed: [String: Int] = [:]
    /// The machines, those that have ended included.
    var machines: [MockMachine] = []
  }

  var path: String { folder + "/machines.json" }

  /// The folder that is a machine's disk.
  func disk(of id: String) -> String { folder + "/disks/" + id }

  /// What is in the file; nothing where there is none.
  ///
  /// - Throws: `ProviderError` if it can't be read.
  func read() throws -> Contents {
    guard FileManager.default.fileExists(atPath: path) else { return Contents() }
    do {
      return try JSONDecoder().decode(Contents.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch let error as DecodingError {
      throw ProviderError(
        "\(path) can't be read: \(Self.words(for: error))", help: "mend it, or move it away to begin anew")
    } catch {
      throw ProviderError("\(path) can't be read: \(error.localizedDescription)")
    }
  }

  /// Changes what is in the file. What is thrown leaves it as it is.
  func change<Result: Sendable>(_ body: (inout Contents) throws -> Result) async throws -> Result {
    try await FolderLock(folder).hold {
      var contents = try read()
      let before = contents
      let result = try body(&contents)
      if contents != before { try write(contents) }
      return result
    }
  }

  private func write(_ contents: Contents) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try (encoder.encode(contents) + Data("\n".utf8)).write(
        to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw ProviderError("\(path) can't be written: \(error.localizedDescription)")
    }
  }

  private static func words(for error: DecodingError) -> String {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
      .dataCorrupted(let context):
      let place = context.codingPath.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }
      return (place.isEmpty ? "" : place.joined(separator: ".") + ": ") + context.debugDescription
    @unknown default: return "it is not what berth wrote"
    }
  }
}
