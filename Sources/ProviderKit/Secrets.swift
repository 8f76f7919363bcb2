import Planning
import WorkloadSpec

/// The value of a secret, held in memory and printed nowhere.
public struct SecretValue: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
  /// The bytes. Whoever asks for them must not store or print them.
  public let bytes: [UInt8]

  /// Wraps a value.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// Never the value.
  public var description: String { "(secret)" }
  /// Never the value.
  public var debugDescription: String { "(secret)" }
  /// Never the value.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Something that knows the values of secrets.
public protocol SecretResolver: Sendable {
  /// The value behind a reference's key; `nil` if this resolver does not know keys of this kind.
  ///
  /// - Throws: ``SecretError`` if the key is of its kind and there is no value.
  func value(of key: String) async throws -> SecretValue?
}

/// A secret whose value can't be found.
public struct SecretError: Error, Sendable {
  /// The reference's key.
  public let key: String
  /// Why, in one line.
  public let message: String

  /// An error.
  public init(key: String, _ message: String) {
    self.key = key
    self.message = message
  }
}
