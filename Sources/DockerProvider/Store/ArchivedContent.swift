import DockerAPI
import Planning
import ProviderKit
import Values

/// Names large content in the archive: by its SHA-256, and by the run that brought it there. Runs are never called the
/// same, so a name that was deleted never comes back, and a sweep with an old list deletes nothing that a later record has.
struct ArchivedContent: ContentReference {
  /// The SHA-256 of the content, in hexadecimal digits.
  let digest: String
  let run: RunID

  init(of content: [UInt8], by run: RunID) {
    digest = ContentDigest(of: content).digest
    self.run = run
  }

  /// The digest and the run.
  var text: String { "\(digest) \(run)" }

  /// Reads what ``text`` wrote; `nil` if it is something else.
  init?(text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].utf8.count == 64 else { return nil }
    digest = String(words[0])
    run = RunID(String(words[1]))
  }

  /// The last part of its path in the archive.
  var fileName: String { "\(digest)_\(run)" }
}

/// A record as the archive has it: whole, or of which what is large stands in files of its own.
struct ArchivedRecord {
  /// What the record's file holds.
  let json: Value
  /// The content that stands elsewhere, by its names.
  let contents: [ArchivedContent: [UInt8]]

  /// Takes a record apart.
  init(_ record: RunRecord) {
    let names = Dictionary(record.contents.map { ($0.digest, $0) }) { first, _ in first }
    var contents: [ArchivedContent: [UInt8]] = [:]
    let outline = Outline<ArchivedContent>.split(record.json, .textsAlone) { content in
      let own = ArchivedContent(of: content, by: record.run.id)
      let name = names[own.digest] ?? own
      contents[name] = content
      return name
    }
    self.contents = contents
    // As berth 0.1 has it, where nothing is large.
    json = outline.blobs.isEmpty ? record.json : outline.json
  }

  /// Puts a record together.
  ///
  /// - Parameter content: what the archive has by a name.
  static func read(_ json: Value, _ content: (ArchivedContent) throws -> [UInt8]) throws -> RunRecord {
    guard json["moved"] != nil else { return try RunRecord(json: json) }
    let moved = try Outline<ArchivedContent>.Moved(json: json)
    var record = try RunRecord(json: try moved.value(with: try moved.blobs.map(content)))
    for name in moved.blobs where !record.contents.contains(name) { record.contents.append(name) }
    return record
  }
}
