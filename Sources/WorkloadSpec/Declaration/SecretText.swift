import Values

/// A text of a spec that secrets are filled into when it is handed to a service: the value of an environment
/// variable, or the content of a config file.
///
/// A secret stands in it as `${secret.KEY}`, and `$${secret.` is a `${secret.` as it is.
public struct SecretText: Sendable, Equatable {
  /// A piece of such a text.
  public enum Part: Sendable, Equatable {
    /// What stands there as it is.
    case text(String)
    /// The value of the secret with this key.
    case secret(String)
  }

  /// The pieces, in order.
  public private(set) var parts: [Part] = []

  /// Takes a text apart.
  public init(_ text: String) {
    guard Self.mayHoldSecrets(text) else {
      parts = [.text(text)]
      return
    }
    var plain: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      if rest.starts(with: Self.escapedOpening) {
        plain += Self.opening
        rest = rest.dropFirst(Self.escapedOpening.count)
      } else if rest.starts(with: Self.opening), let close = rest.firstIndex(of: UInt8(ascii: "}")) {
        if !plain.isEmpty { parts.append(.text(String(decoding: plain, as: UTF8.self))) }
        plain = []
        parts.append(.secret(String(decoding: rest[..<close].dropFirst(Self.opening.count), as: UTF8.self)))
        rest = rest[close...].dropFirst()
      } else {
        plain.append(byte)
        rest = rest.dropFirst()
      }
    }
    if !plain.isEmpty { parts.append(.text(String(decoding: plain, as: UTF8.self))) }
  }

  /// Whether it is worth the effort to take a text apart.
  static func mayHoldSecrets(_ text: String) -> Bool { text.hasByte(UInt8(ascii: "$")) }

  /// The keys of the secrets in it, ordered, none of them twice.
  public var keys: [String] {
    let keys = parts.compactMap { if case .secret(let key) = $0 { key } else { nil } }
    return Set(keys).sorted()
  }

  /// The text with something else in the place of each secret.
  public func replacingSecrets(with text: String) -> String {
    parts.map { if case .text(let plain) = $0 { plain } else { text } }.joined()
  }

  // MARK: How a secret is written

  /// How the secret with a key stands in a text.
  public static func reference(to key: String) -> String { "${secret.\(key)}" }

  /// A text in which no secret is filled in, in the form that says so.
  static func escape(_ text: String) -> String {
    guard mayHoldSecrets(text) else { return text }
    return text.replacing("${secret.", with: "$${secret.")
  }

  /// What a secret starts with.
  static let opening = Array("${secret.".utf8)
  private static let escapedOpening = Array("$${secret.".utf8)
}
