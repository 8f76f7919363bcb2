import Values

/// What runs in a cluster.
package struct ServerVersion: Sendable, Equatable, Comparable, CustomStringConvertible {
  /// The number before the point.
  package let major: Int
  /// The number after it.
  package let minor: Int
  /// All of it, such as `v1.31.2-eks-7f9249a`.
  package let description: String

  package init(major: Int, minor: Int, description: String? = nil) {
    self.major = major
    self.minor = minor
    self.description = description ?? "v\(major).\(minor)"
  }

  init?(_ json: JSON) {
    guard let description = json["gitVersion"]?.string else { return nil }
    // Clouds write a "+" behind the number.
    func number(_ key: String) -> Int? { json[key]?.string.flatMap { Int($0.prefix { $0.isNumber }) } }
    let parts = description.drop { !$0.isNumber }.split(separator: ".")
    guard let major = number("major") ?? parts.first.flatMap({ Int($0) }),
      let minor = number("minor") ?? parts.dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    self.init(major: major, minor: minor, description: description)
  }

  /// By major and minor number.
  package static func < (left: ServerVersion, right: ServerVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
