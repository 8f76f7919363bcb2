import Values

/// How an object holds a register: a line that no other state has, so that no two have the same tag (which of most stores is
/// a digest of what the object holds), and then what the register holds.
enum RegisterObject {
  private static let live = Array("berth ".utf8)
  private static let gone = Array("gone  ".utf8)
  private static let lineBreak = UInt8(ascii: "\n")
  /// How many characters a ``nonce()`` has.
  private static let nonceLength = 24

  /// How many bytes the object of a register is that is there no more.
  static let goneSize = gone.count + nonceLength + 1

  /// An object that keeps something.
  static func write(_ contents: [UInt8]) -> [UInt8] { live + Array(nonce().utf8) + [lineBreak] + contents }

  /// What stands in the place of a register that is there no more, where objects can't be deleted on a condition.
  static func tombstone() -> [UInt8] { gone + Array(nonce().utf8) + [lineBreak] }

  /// What an object holds.
  enum Content: Equatable {
    case register([UInt8])
    /// A register that is there no more.
    case tombstone
    /// Nothing of berth's.
    case foreign
  }

  static func read(_ bytes: [UInt8]) -> Content {
    let size = live.count + nonceLength + 1
    guard bytes.count >= size, bytes[size - 1] == lineBreak else { return .foreign }
    if bytes.starts(with: live) { return .register(Array(bytes[size...])) }
    return bytes.starts(with: gone) && bytes.count == size ? .tombstone : .foreign
  }

  /// Text that is never made twice.
  static func nonce() -> String { Hex.lower((0..<12).map { _ in UInt8.random(in: .min ... .max) }) }
}
