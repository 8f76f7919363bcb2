import Values
import WorkloadSpec

/// What operators asked of a workload beside its spec, and what holds until they say otherwise. The target keeps it,
/// so that the next plan, on any machine, knows of it.
public struct OperatorState: Sendable, Equatable {
  /// What stays stopped until it is started.
  public private(set) var stopped: Set<ServiceScope>
  /// Why the workload must not change; `nil` if it may.
  public var suspension: Suspension?
  /// The rollout that waits until it is promoted or aborted.
  @Indirect public var rollout: PausedRollout?

  /// What was asked; by default, nothing.
  public init(
    stopped: Set<ServiceScope> = [], suspension: Suspension? = nil, rollout: PausedRollout? = nil
  ) {
    self.stopped = stopped
    self.suspension = suspension
    self.rollout = rollout
  }

  /// Whether nothing was asked.
  public var isEmpty: Bool { stopped.isEmpty && suspension == nil && rollout == nil }

  /// Whether a service of an instance stays stopped.
  public func keepsStopped(_ service: String, ordinal: Int?) -> Bool {
    stopped.contains { $0.contains(service, ordinal: ordinal) }
  }

  /// Keeps some services stopped.
  public mutating func stop(_ scope: ServiceScope) {
    guard !stopped.contains(where: { $0.covers(scope) }) else { return }
    stopped = stopped.filter { !scope.covers($0) }.union([scope])
  }

  /// Keeps some services stopped no more. Where a part of what stays stopped is started, the rest stays so.
  ///
  /// - Parameters:
  ///   - services: the names of the workload's services.
  ///   - ordinals: the ordinals of its instances.
  public mutating func start(_ scope: ServiceScope, services: Set<String>, ordinals: Set<Int>) {
    for whole in stopped where whole.overlaps(scope) {
      stopped.remove(whole)
      stopped.formUnion(Self.rest(of: whole, without: scope, services, ordinals))
    }
  }

  /// What is left of a scope when a part of it is taken out.
  private static func rest(
    of whole: ServiceScope, without part: ServiceScope, _ services: Set<String>, _ ordinals: Set<Int>
  ) -> [ServiceScope] {
    var rest: [ServiceScope] = []
    var service = whole.service
    if service == nil, let name = part.service {
      rest += services.filter { $0 != name }.map { ServiceScope(ordinal: whole.ordinal, service: $0) }
      service = name
    }
    if whole.ordinal == nil, let ordinal = part.ordinal {
      rest += ordinals.filter { $0 != ordinal }.map { ServiceScope(ordinal: $0, service: service) }
    }
    return rest
  }
}

/// That a workload must not change for a while.
public struct Suspension: Sendable, Hashable {
  /// Why, in the words of who said so.
  public var reason: String
  /// Who said so: `user@host`.
  public var by: String
  /// When the suspension was asked for.
  public var since: Timestamp

  public init(reason: String, by: String, since: Timestamp) {
    self.reason = reason
    self.by = by
    self.since = since
  }
}

// MARK: JSON

extension OperatorState {
  /// As a store writes it down.
  public var json: Value {
    [
      "stopped": .list(
        stopped.sorted().map { scope in
          [
            "ordinal": scope.ordinal.map { .int(Int64($0)) } ?? .null,
            "service": scope.service.map { .string($0) } ?? .null,
          ]
        }),
      "suspension": suspension.map {
        [
          "reason": .string($0.reason), "by": .string($0.by), "since": .int($0.since.milliseconds),
        ]
      } ?? .null,
      "rollout": rollout?.json ?? .null,
    ]
  }

  /// Reads what ``json`` wrote; `nil` if it is something else.
  public init?(json: Value) {
    guard let scopes = json["stopped"]?.list, let suspension = json["suspension"] else { return nil }
    let stopped = Set(
      scopes.map { ServiceScope(ordinal: $0["ordinal"]?.int.map { Int($0) }, service: $0["service"]?.string) }
    )
    self.init(stopped: stopped)
    if suspension != .null {
      guard let reason = suspension["reason"]?.string, let by = suspension["by"]?.string,
        let since = suspension["since"]?.int
      else { return nil }
      self.suspension = Suspension(reason: reason, by: by, since: Timestamp(milliseconds: since))
    }
    // What was written before there were rollouts has none.
    if let written = json["rollout"], written != .null {
      guard let rollout = PausedRollout(json: written) else { return nil }
      self.rollout = rollout
    }
  }
}
