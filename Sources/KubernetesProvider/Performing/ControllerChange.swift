import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// What an action comes to, given what is there.
struct ControllerChange: Sendable {
  let action: Action
  /// The workload as it will be, without what runs once per run.
  let desired: Workload
  /// What there is of it.
  let found: FoundObjects
  /// What the action is performed with.
  let performer: ActionPerformer

  init(_ action: Action, of desired: Workload, found: FoundObjects, performer: ActionPerformer) {
    self.action = action
    self.desired = desired
    self.found = found
    self.performer = performer
  }

  /// The same, once something of it is done.
  func again(found: FoundObjects) -> ControllerChange {
    ControllerChange(action, of: desired, found: found, performer: performer)
  }

  // MARK: How

  /// How new instances come.
  enum Manner: Equatable {
    /// The controller rolls them.
    case inPlace
    /// So many come beside the old ones, in a controller of a new generation.
    case beside(generation: Int, count: Int)
    /// Those that are there beside the old ones take over.
    case takeOver
    /// Those that are there beside the old ones go.
    case goBack
  }

  /// How new instances come.
  var manner: Manner {
    guard let stable = found.stable, let newest = found.newest, stable.kind == "Deployment" else {
      return .inPlace
    }
    let next = (generation: stable.controllerGeneration + 1, isThere: stable.uid != newest.uid)
    if let count = action.pausesAfter {
      return .beside(
        generation: next.isThere ? newest.controllerGeneration : next.generation,
        count: action.leavesStopped ? 0 : count)
    }
    if next.isThere { return isMade(as: stable) && !isMade(as: newest) ? .goBack : .takeOver }
    guard action.kind == .replace, !action.isOneAtATime, replicas > 0, stable.replicas > 0,
      !isMade(as: stable)
    else { return .inPlace }
    switch desired.strategy.type {
    case .rolling, .recreate: return .inPlace
    case .blueGreen: return .beside(generation: next.generation, count: replicas)
    case .canary:
      return .beside(
        generation: next.generation, count: min(max(1, desired.strategy.maxSurge), replicas))
    }
  }

  /// Whether it goes on to the end by itself.
  var goesOn: Bool { action.pausesAfter == nil }

  /// Whether the plan says that something was changed by hand, and is mended.
  var mendsDrift: Bool { action.causes.contains(.drift) || action.causes.contains(.unfinished) }

  /// How many instances there shall be.
  var replicas: Int {
    if action.leavesStopped { return 0 }
    let wanted = desired.replicas ?? found.stable?.replicas ?? 1
    return action.kind == .start ? numberBeforeStop(released: wanted) ?? wanted : wanted
  }

  /// How many there were when operators stopped it, unless another number was asked for since: an autoscaler may have had more,
  /// or fewer, than the release says.
  private func numberBeforeStop(released: Int) -> Int? {
    guard let stable = found.stable, stable.replicas == 0,
      stable.annotations[Mark.releasedReplicas] == "\(released)"
    else { return nil }
    return stable.annotations[Mark.stoppedReplicas].flatMap { Int($0) }
  }

  // MARK: What is there

  /// Whether a controller was made from what is wanted.
  private func isMade(as controller: KubernetesObject) -> Bool {
    digests(of: controller) == wantedDigests
  }

  /// Whether pods stay as they are, since nothing that concerns them changes, or nothing does at all.
  func keepsTemplate(of controller: KubernetesObject) -> Bool {
    switch action.kind {
    case .update, .scale, .start: true
    case .create: isMade(as: controller)
    default: manner == .goBack || (manner == .takeOver && isMade(as: controller))
    }
  }

  private var wantedDigests: [String: SpecDigest] {
    Dictionary(
      uniqueKeysWithValues: desired.elements.map {
        ($0.name, performer.context.stamp(for: $0, in: InstanceID(0)).digest)
      })
  }

  /// What a controller was told last; what changed in place since its template was made counts.
  private func digests(of controller: KubernetesObject) -> [String: SpecDigest] {
    let stamp =
      TemplateStamp(text: controller.annotations[Mark.services])
      ?? TemplateStamp(text: controller.templateMarks[Mark.services])
    return Dictionary(stamp?.services.map { ($0.spec.name, $0.digest) } ?? []) { first, _ in first }
  }

  // MARK: What is written

  func objects(of generation: Int, replicas: Int) throws(ActionFailure) -> WorkloadObjects {
    try WorkloadObjects(
      performer.writing(
        desired, generation: generation, replicas: replicas, isOneAtATime: action.isOneAtATime,
        restartedBy: action.kind == .restart ? performer.context.run : nil))
  }
}

extension Mark {
  /// How many instances a workload had that operators stopped.
  static let stoppedReplicas = prefix + "stopped-replicas"
  /// How many the release had then.
  static let releasedReplicas = prefix + "released-replicas"
}
