import Secrets
import Values

/// What a registry asks for before it hands out an image: the value of a secret of type `registry`.
public struct RegistryCredentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The user.
  public let username: String
  /// The password, or a token that stands for one. The caller must not store or print it.
  public let password: String

  /// Reads `user:password`, or JSON with `username` and `password`.
  ///
  /// One line break at the end of `user:password` is not part of the password.
  ///
  /// - Throws: ``MalformedSecret`` if the value is neither.
  public init(_ value: SecretValue) throws(MalformedSecret) {
    guard let text = String(validating: value.bytes, as: UTF8.self) else { throw Self.malformed }
    let (username, password) = try text.utf8.first == UInt8(ascii: "{") ? Self.json(text) : Self.pair(text)
    let isClean = (username + password).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    guard !username.isEmpty, !password.isEmpty, isClean else { throw Self.malformed }
    self.username = username
    self.password = password
  }

  private static func json(_ text: String) throws(MalformedSecret) -> (String, String) {
    // What is wrong with the text is not told: it would show the text.
    guard let value = try? Value(json: text), let username = value["username"]?.string,
      let password = value["password"]?.string
    else { throw malformed }
    return (username, password)
  }

  private static func pair(_ text: String) throws(MalformedSecret) -> (String, String) {
    let line = text.utf8.last == UInt8(ascii: "\n") ? text.dropLast() : text[...]
    guard let colon = line.firstIndex(of: ":") else { throw malformed }
    return (String(line[..<colon]), String(line[colon...].dropFirst()))
  }

  private static let malformed = MalformedSecret(
    "it is neither `user:password` nor JSON with `username` and `password`")

  /// Never the password.
  public var description: String { "(credentials of \(username))" }
  /// Never the password.
  public var debugDescription: String { description }
  /// Never the password.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
