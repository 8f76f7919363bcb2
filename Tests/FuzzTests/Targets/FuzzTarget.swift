/// A reader of what comes from outside, with what must be true of it whatever the bytes are: it ends, soon and
/// without a crash, and what it took survives being written and read again.
struct FuzzTarget: Sendable, CustomStringConvertible {
  /// What it is called, on the command line and in the corpus.
  let name: String
  /// The longest input that is worth trying, in bytes.
  var maximumLength = 4096
  /// Folders of the repository whose files are good inputs to begin with.
  var seeds: [String] = []
  /// Takes the bytes.
  ///
  /// - Throws: ``BrokenPromise`` if something is not as it must be.
  let check: @Sendable ([UInt8]) throws -> Void

  /// All there are.
  static let all: [FuzzTarget] = [
    .spec, .layers, .policies, .compose, .kubernetes, .json, .savedPlan, .records, .supervisor, .container,
    .frames,
    .handshake, .tar, .lines, .clusterJSON, .kubeconfig, .podStreams, .nomad, .scalars, .pattern,
  ]

  /// The one with a name.
  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }

  /// The name.
  var description: String { name }
}

/// Something that is not as it must be.
struct BrokenPromise: Error, CustomStringConvertible {
  /// What.
  let description: String
}

/// Stops if something is not as it must be.
func promise(_ isKept: Bool, _ message: @autoclosure () -> String) throws {
  if !isKept { throw BrokenPromise(description: message()) }
}
