import Values
import WorkloadSpec

/// The block of a group that says when instances are healthy, and how they give way to new ones.
struct UpdateText: Sendable {
  private let own: NomadWorkload
  /// The longest time that a service may take to end.
  private let grace: SpecDuration

  init(_ own: NomadWorkload, _ services: [Service]) {
    self.own = own
    grace = services.map(\.stopGrace).max() ?? .seconds(0)
  }

  /// Nomad refuses a time to become healthy that is no less than the one to get on, and one to get on that is less than a
  /// task may take to end.
  private var healthyDeadline: SpecDuration {
    max(own.healthyDeadline, SpecDuration(milliseconds: own.minHealthyTime.milliseconds + 1000))
  }

  private var progressDeadline: SpecDuration {
    max(own.progressDeadline, grace, SpecDuration(milliseconds: healthyDeadline.milliseconds + 1000))
  }

  /// One of its times.
  subscript(key: String) -> SpecDuration {
    switch key {
    case "MinHealthyTime": own.minHealthyTime
    case "HealthyDeadline": healthyDeadline
    default: progressDeadline
    }
  }

  /// As a group has it. What failed is not undone by Nomad, and canaries are not promoted by it: berth does that, and records
  /// it.
  func json(_ rollout: Rollout) -> JSON {
    [
      "Stagger": SpecDuration.seconds(30).nanoseconds, "MaxParallel": .int(Int64(rollout.atATime)),
      "HealthCheck": "checks", "MinHealthyTime": own.minHealthyTime.nanoseconds,
      "HealthyDeadline": healthyDeadline.nanoseconds, "ProgressDeadline": progressDeadline.nanoseconds,
      "AutoRevert": false, "AutoPromote": false, "Canary": .int(Int64(rollout.canaries)),
    ]
  }
}
