import WorkloadSpec

/// What a provider is asked: all changes of one element at once.
public struct ServiceChange: Sendable {
  /// The element as it will be.
  public let element: AnyElement
  /// Every field of the element that differs.
  public let changes: [Change]

  /// The changes of an element.
  public init(desired: AnyElement, changes: [Change]) {
    element = desired
    self.changes = changes
  }

  /// The changes of a service.
  public init(desired: Service, changes: [Change]) {
    self.init(desired: AnyElement(desired), changes: changes)
  }

  /// The service as it will be; one with nothing set, if this is something else.
  public var desired: Service { element.as(Service.self) ?? Service() }

  /// The least that these changes cost by the language's own word.
  public var minimum: Impact { changes.map(\.impact).max() ?? .inPlace }
}

/// What a provider answers: what the changes cost on its engine. It may raise the language's minimum, never
/// lower it.
public struct ImpactStatement: Sendable, Equatable {
  /// What happens to the service.
  public let impact: Impact
  /// How far it reaches.
  public let scope: ImpactScope
  /// Why it is more than the minimum.
  public let reason: ActionReason?

  public init(_ impact: Impact, scope: ImpactScope = .service, reason: ActionReason? = nil) {
    self.impact = impact
    self.scope = scope
    self.reason = reason
  }
}

/// How far the cost of a change reaches.
public enum ImpactScope: Int, Comparable, Sendable {
  /// The service alone.
  case service
  /// Every service of the instance.
  case instance
  /// Every instance.
  case workload

  /// By reach.
  public static func < (left: ImpactScope, right: ImpactScope) -> Bool { left.rawValue < right.rawValue }
}
