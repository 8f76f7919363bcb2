import Planning
import WorkloadSpec

/// Names content that stands in registers of its own.
struct BlobReference: ContentReference {
  /// The SHA-256 of the content, in hexadecimal digits.
  let digest: String
  /// The run that wrote it first.
  let run: RunID
  /// In how many registers it is.
  let pieces: Int

  /// Names content that a run writes.
  ///
  /// - Parameter capacity: the most bytes of a register.
  init(_ content: [UInt8], by run: RunID, capacity: Int) {
    digest = Self.digest(of: content)
    self.run = run
    pieces = max(1, (content.count + capacity - 1) / capacity)
  }

  static func digest(of content: [UInt8]) -> String { ContentDigest(of: content).digest }

  /// The digest, the run and the number of pieces.
  var text: String { "\(digest) \(run) \(pieces)" }

  /// Reads what ``text`` wrote; `nil` if it is something else.
  init?(text: String) {
    let words = text.split(separator: " ")
    guard words.count == 3, words[0].count == 64, let pieces = Int(words[2]), (1...1 << 16).contains(pieces)
    else { return nil }
    digest = String(words[0])
    run = RunID(String(words[1]))
    self.pieces = pieces
  }
}
