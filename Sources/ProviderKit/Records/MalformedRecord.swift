import Planning
import Values

/// A record that makes no sense.
package struct MalformedRecord: Error {
  /// What of it makes no sense: `the run`.
  package let part: String

  package init(_ part: String = "it") { self.part = part }
}

/// Reads the members of a record.
package struct RecordMembers: Sendable {
  package let json: Value

  /// The members of a record; of one that is missing, there are none.
  package init(_ json: Value?) { self.json = json ?? .null }

  /// The text under a key.
  package func text(_ key: String) throws(MalformedRecord) -> String {
    guard let text = json[key]?.string else { throw MalformedRecord() }
    return text
  }

  /// The whole number under a key.
  package func number(_ key: String) throws(MalformedRecord) -> Int {
    guard let number = json[key]?.int else { throw MalformedRecord() }
    return Int(number)
  }

  /// The number under a key that counts something, and is counted up.
  package func count(_ key: String) throws(MalformedRecord) -> Int {
    guard let count = Int32(exactly: try number(key)), count >= 0 else { throw MalformedRecord() }
    return Int(count)
  }

  /// The moment under a key.
  package func moment(_ key: String) throws(MalformedRecord) -> Timestamp {
    Timestamp(milliseconds: Int64(try number(key)))
  }

  /// What the text under a key stands for.
  package func word<Result>(_ key: String, _ read: (String) -> Result?) throws(MalformedRecord) -> Result {
    guard let result = read(try text(key)) else { throw MalformedRecord() }
    return result
  }

  /// The whole number under a key, if there is one.
  package func optionalNumber(_ key: String) -> Int? { json[key]?.int.map { Int($0) } }

  /// The text under a key, if there is one.
  package func optionalText(_ key: String) -> String? { json[key]?.string }
}
