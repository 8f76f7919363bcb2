/// What an action is known by within its plan: `replace 0.api`.
public struct ActionID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The kind and the subject.
  public let description: String

  public init(_ text: String) { description = text }

  /// By text.
  public static func < (left: ActionID, right: ActionID) -> Bool { left.description < right.description }
}
