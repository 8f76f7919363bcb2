/// A version of the Engine API, such as `1.41`.
package struct APIVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The number before the point.
  package let major: Int
  /// The number after it.
  package let minor: Int

  /// The oldest version that is spoken.
  package static let oldest = APIVersion(major: 1, minor: 41)
  /// The newest version that is known.
  package static let newest = APIVersion(major: 1, minor: 47)

  package init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads a version; `nil` if it is none.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0
    else {
      return nil
    }
    self.init(major: major, minor: minor)
  }

  /// The version as text.
  package var description: String { "\(major).\(minor)" }

  package static func < (left: APIVersion, right: APIVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
