/// The value of a secret, held in memory and printed nowhere.
public struct SecretValue: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
  /// The bytes. The caller must not store or print them.
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// Never the value.
  public var description: String { "(secret)" }
  /// Never the value.
  public var debugDescription: String { "(secret)" }
  /// Never the value.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
