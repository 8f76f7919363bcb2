/// The key of a reference to a secret: `env:NAME`, `file:PATH`, a key of the vault, or, behind a word and a colon,
/// whatever another source of secrets calls its own.
public enum SecretKey {
  /// The form of a key, as a regular expression for schemas.
  package static let pattern =
    #"^([a-z][a-z0-9+.-]*:[^{}\x00-\x1F\x7F]+|[A-Za-z0-9][A-Za-z0-9._/-]*)$"#

  /// The length of the longest key of the vault, in characters.
  public static let maximumVaultKeyLength = 253

  /// Whether a text can be a key.
  public static func isValid(_ text: String) -> Bool { isVaultKey(text) || isOfSource(text) }

  /// Whether a text can be a key of the vault: letters, digits, `.`, `_`, `/` and `-`.
  public static func isVaultKey(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetterOrDigit(first), text.utf8.count <= maximumVaultKeyLength else {
      return false
    }
    return text.utf8.allSatisfy { isLetterOrDigit($0) || "._/-".utf8.contains($0) }
  }

  /// Whether a text names a source, and something there. Braces would end the form that keys have in texts.
  private static func isOfSource(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let (source, rest) = (text.utf8[..<colon], text.utf8[colon...].dropFirst())
    guard let first = source.first, isLowerCase(first), !rest.isEmpty else { return false }
    return source.allSatisfy { isLowerCase($0) || isDigit($0) || "+.-".utf8.contains($0) }
      && rest.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
  }

  private static func isLowerCase(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLowerCase(byte | 0x20) || isDigit(byte) }

  /// What to write, for messages. The text that was written is in none of them: it may be a secret.
  package static let help = "write `env:NAME`, `file:PATH` or a key of the vault, and never the secret itself"
}
