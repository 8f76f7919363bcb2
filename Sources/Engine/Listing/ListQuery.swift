import Planning
import WorkloadSpec

/// Which workloads of a target are listed.
public struct ListQuery: Sendable {
  /// The namespace; `nil` means every one.
  public var namespace: String?
  /// The states, of which a workload must be in one; empty means any.
  public var states: Set<ListState>
  /// The labels, all of which a workload must have with these values.
  public var labels: StringMap
  /// Only workloads that come after this one.
  public var after: WorkloadKey?
  /// How many workloads at most.
  public var limit: Int

  /// A query; by default, everything.
  public init(
    namespace: String? = nil, states: Set<ListState> = [], labels: StringMap = [:], after: WorkloadKey? = nil,
    limit: Int = .max
  ) {
    self.namespace = namespace
    self.states = states
    self.labels = labels
    self.after = after
    self.limit = limit
  }
}

/// A state that workloads can be asked for by.
public enum ListState: Hashable, Sendable {
  /// The worst state of its instances is this one.
  case instances(InstanceState)
  /// An operator said that it must not change.
  case suspended

  /// Reads `running`, `stopped` and the like, or `suspended`.
  public init?(_ text: String) {
    if text == "suspended" {
      self = .suspended
    } else if let state = InstanceState(rawValue: text) {
      self = .instances(state)
    } else {
      return nil
    }
  }

  /// What ``init(_:)`` reads.
  public static var names: [String] { InstanceState.allCases.map(\.rawValue) + ["suspended"] }
}

/// What a list tells of one workload: what runs on the engine, and what the store knows of it.
public struct ListedWorkload: Sendable {
  /// Its namespace and name, by which lists are ordered.
  public let key: WorkloadKey
  /// The live state of the workload.
  public let observation: Observation
  /// The last release; `nil` before the first one and after the workload was destroyed.
  public let release: Release?
  /// The last run; `nil` if no run ever began.
  public let lastRun: Run?
  /// What operators asked.
  public let operatorState: OperatorState
}

/// Some workloads, in order.
public struct ListPage: Sendable {
  /// The workloads, by namespace and name.
  public let workloads: [ListedWorkload]
  /// The workload after which the next page begins; `nil` if this is the last one.
  public let next: WorkloadKey?
}
