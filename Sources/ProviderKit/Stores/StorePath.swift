import Crypto
import Planning
import Values

extension EngineIdentity {
  /// What the records of the engine begin with where something else keeps them: its provider and what tells it apart,
  /// `docker/7f3c…`. No two engines have the same.
  public var storePath: String { storeParts.joined(separator: "/") }

  /// The parts of ``storePath``, of lower-case letters, digits, `-` and, where a digest stands for what has more, a `_` at the
  /// beginning.
  package var storeParts: [String] { [Self.part(provider), Self.part(id)] }

  private static func part(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    if isPlain, (1...63).contains(text.utf8.count) { return text }
    return "_" + Hex.lower(SHA256.hash(data: Array(text.utf8)).prefix(16))
  }
}
