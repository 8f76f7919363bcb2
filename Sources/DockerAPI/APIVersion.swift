/// A version of the Engine API, such as `1.41`.
public struct APIVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The number before the point.
  public let major: Int
  /// The number after it.
  public let minor: Int

  /// The oldest version that is spoken.
  public static let oldest = APIVersion(major: 1, minor: 41)
  /// The newest version that is known.
  public static let newest = APIVersion(major: 1, minor: 47)

  /// A version.
  public init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads a version; `nil` if it is none.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0
    else {
      return nil
    }
    self.init(major: major, minor: minor)
  }

  /// The version as text.
  public var description: String { "\(major).\(minor)" }

  /// By age.
  public static func < (left: APIVersion, right: APIVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
