import Values
import WorkloadSpec

/// Something about a service that is not as berth made it, and that no field of the spec states: what its container is
/// called, that it is paused, which networks it is in.
public struct Deviation: Sendable, Hashable {
  /// What deviates, as plans show it: `container.paused`.
  public let path: String
  /// What it is now; `nil` if it is missing.
  public let old: Value?
  /// What it was made as; `nil` if berth did not make it.
  public let new: Value?
  /// The least that mending it costs.
  public let impact: Impact

  public init(_ path: String, from old: Value?, to new: Value?, impact: Impact = .inPlace) {
    self.path = path
    self.old = old
    self.new = new
    self.impact = impact
  }
}

extension Deviation {
  /// The change that mends it.
  func change(_ cause: Cause) -> Change {
    Change(
      path: path, old: old.map { .value($0) } ?? .absent, new: new.map { .value($0) } ?? .absent,
      causes: [cause], impact: impact)
  }

  /// As the fingerprint of an observation holds it.
  var plain: Value { ["path": .string(path), "old": old ?? .null, "new": new ?? .null] }
}
