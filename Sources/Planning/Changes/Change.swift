import Values
import WorkloadSpec

/// One field that differs, with why.
public struct Change: Sendable, Hashable {
  /// The field: `env.LOG_LEVEL`, `ports[8080/tcp].host`.
  public let path: String
  /// What it is now.
  public let old: ChangeValue
  /// What it will be.
  public let new: ChangeValue
  /// Why it differs.
  public let causes: Set<Cause>
  /// The least that changing it costs.
  public let impact: Impact

  public init(path: String, old: ChangeValue, new: ChangeValue, causes: Set<Cause>, impact: Impact) {
    self.path = path
    self.old = old
    self.new = new
    self.causes = causes
    self.impact = impact
  }

  /// The name of the field of the service or workload: `env` of `env.LOG_LEVEL`.
  public var field: String { String(path.prefix { $0 != "." && $0 != "[" }) }

  /// The same change, for other causes.
  func caused(by causes: Set<Cause>) -> Change {
    Change(path: path, old: old, new: new, causes: causes, impact: impact)
  }

  /// The same change, told of what the field's owner is in: `services[api].env.LEVEL`.
  func within(_ owner: String) -> Change {
    Change(path: owner + path, old: old, new: new, causes: causes, impact: impact)
  }
}

/// One side of a change.
public enum ChangeValue: Sendable, Hashable {
  /// The field is not set, or the element not there.
  case absent
  /// A value that may be shown, as plain data in canonical form.
  case value(Value)
  /// A value that must not be shown.
  case secret
  /// The engine can't tell.
  case unknown
}

/// Why something differs.
public enum Cause: String, Sendable, CaseIterable, Comparable {
  /// The spec is not what the last release says.
  case spec
  /// The live state differs from the last release, and no operator asked for that.
  case drift
  /// A run that did not end left it so.
  case unfinished
  /// A secret's value or a tag's digest moved.
  case external

  /// In the order in which they are named.
  public static func < (left: Cause, right: Cause) -> Bool {
    Cause.allCases.firstIndex(of: left)! < Cause.allCases.firstIndex(of: right)!
  }
}
