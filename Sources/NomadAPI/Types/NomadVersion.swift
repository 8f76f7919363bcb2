/// What runs on an agent.
package struct NomadVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The first number.
  package let major: Int
  /// The second number.
  package let minor: Int
  /// The third number.
  package let patch: Int
  /// All of it, such as `1.10.2+ent`.
  package let description: String

  package init(major: Int, minor: Int, patch: Int = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
    description = "\(major).\(minor).\(patch)"
  }

  /// Reads `1.10.2`, `1.4.0-beta.1+ent`; `nil` if it is none.
  package init?(_ text: String) {
    let core = text.prefix { $0.isNumber || $0 == "." }
    let numbers = core.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard (2...3).contains(numbers.count), let major = numbers[0], let minor = numbers[1] else { return nil }
    var patch = 0
    if numbers.count == 3 {
      guard let third = numbers[2] else { return nil }
      patch = third
    }
    self.major = major
    self.minor = minor
    self.patch = patch
    description = text
  }

  /// By the three numbers.
  package static func < (left: NomadVersion, right: NomadVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }

  private func isAtLeast(_ minor: Int) -> Bool { (major, self.minor) >= (1, minor) }

  /// Whether services can be Nomad's own, without Consul.
  package var hasNativeServices: Bool { isAtLeast(3) }
  /// Whether lists come in pages if that is asked.
  package var hasPages: Bool { isAtLeast(3) }
  /// Whether there are variables.
  package var hasVariables: Bool { isAtLeast(4) }
  /// Whether Nomad's own services have checks.
  package var hasNativeChecks: Bool { isAtLeast(4) }
  /// Whether nodes are in pools.
  package var hasNodePools: Bool { isAtLeast(6) }
  /// Whether host volumes are made by requests.
  package var hasDynamicHostVolumes: Bool { isAtLeast(10) }
}
