import WorkloadSpec

/// How many instances of a workload there will be: what every rule counts with that asks for their number.
///
/// It is what the spec states; else what the engine's own controller keeps, for it may be an autoscaler's; else what the last
/// release has, which is also where `scale` puts what an operator asks; else what is there; else one. A release states its
/// number, so that an instance which is lost comes back, and a controller that was stopped keeps as many as before.
public struct InstanceNumber: Sendable, Equatable {
  /// Where the number comes from.
  public enum Source: Sendable {
    /// The spec, the release that is restored, or `scale`.
    case stated
    /// The last release.
    case released
    /// What is there, of which no release states how many there should be.
    case observed
    /// Nothing says any.
    case first
  }

  /// How many there will be.
  public let value: Int
  /// Where the number comes from.
  public let source: Source
  /// The number that a release has and that can't be, since only one instance can have its port of the host; `nil` if
  /// there is no such thing.
  public let givenUp: Int?

  /// Finds the number.
  ///
  /// - Parameters:
  ///   - workload: the workload that is wanted.
  ///   - intent: what for. A number that `scale` asks for, or a spec states, is taken as it is, be it possible or not.
  ///   - last: the workload as the last release has it.
  ///   - observation: what is there.
  ///   - incompleteRuns: the runs that left something undone: what they made says nothing of how many there should be.
  public init(
    of workload: Workload, for intent: RunIntent, last: Workload?, observation: Observation,
    incompleteRuns: Set<RunID> = []
  ) {
    let number: Int
    if let stated = workload.replicas {
      (number, source) = (stated, .stated)
    } else if let controller = observation.controller, controller.replicas > 0 {
      (number, source) = (controller.replicas, .observed)
    } else if let released = last?.replicas {
      (number, source) = (released, .released)
    } else if let controller = observation.controller {
      (number, source) = (controller.replicas, .observed)
    } else {
      let ordinals = observation.instances.filter { instance in
        !instance.services.contains { incompleteRuns.contains($0.stamp.run) }
      }.compactMap(\.id.ordinal)
      (number, source) = ordinals.max().map { ($0 + 1, .observed) } ?? (1, .first)
    }
    // What a spec or `scale` asks for is refused if it can't be; what a release says must be possible to go back to.
    let isAsked =
      switch intent {
      case .scale: true
      case .apply: workload.replicas.map { $0 != last?.replicas } ?? (last?.hostPort == nil)
      default: false
      }
    givenUp = number > 1 && !isAsked && workload.hostPort != nil ? number : nil
    value = givenUp == nil ? number : 1
  }
}

extension InstanceNumber {
  /// How many instances there are, or should be by the last release.
  public static func before(_ observation: Observation, last: Workload?) -> Int {
    max(
      last?.replicas ?? 0,
      observation.controller?.replicas ?? observation.instances.places)
  }

  /// The number for the workload of a plan, or for its last release.
  init(of workload: Workload, in input: PlanInput) {
    self.init(
      of: workload, for: input.intent, last: input.lastRelease?.snapshot, observation: input.observation,
      incompleteRuns: input.incompleteRuns)
  }
}

extension Workload {
  /// The workload with a number as its ``replicas``, also where its spec states none.
  public func stating(_ number: InstanceNumber) -> Workload {
    var result = self
    result.replicas = number.value
    return result
  }
}
