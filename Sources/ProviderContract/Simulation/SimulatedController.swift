import Planning
import ProviderKit
import WorkloadSpec

/// What stands for a workload on an imaginary engine that rolls workloads by itself: it accepts what is wanted at once,
/// and gets there step by step, whether berth waits or not.
public struct SimulatedController: Sendable, Equatable {
  /// The workload as it shall be.
  public var template: Workload
  /// The run that asked for it.
  public internal(set) var run: RunID
  /// Grows with each change that needs new instances.
  public internal(set) var revision = 1
  /// Whether it changes nothing, since it was told to.
  public internal(set) var isHeld = false
  /// Whether it keeps no instances, since operators stopped it.
  public internal(set) var isStopped = false
  /// Whether no instance may start before every other one has ended.
  var isOneAtATime = false
  /// The keyed digests of the secrets' values, by key.
  var secretDigests: [String: String] = [:]
  /// After how many new instances it waits, with the old ones beside them; `nil` if it does not.
  public internal(set) var pausesAfter: Int?
  /// What the old instances are, and their revision, while it waits with new ones.
  var stable: Stable?
  /// How many instances it has made: no two get one name.
  var instancesMade = 0
  /// The revision that each instance was made for.
  var revisions: [InstanceID: Int] = [:]

  /// What instances were before a rollout.
  struct Stable: Sendable, Equatable {
    var template: Workload
    var revision: Int
  }

  /// Instances that are alike, of which there shall be so many.
  struct Group {
    let revision: Int
    let template: Workload
    let count: Int
  }

  /// What there shall be: one group, or two while it waits with new instances.
  var groups: [Group] {
    let new = Group(revision: revision, template: template, count: count)
    guard let pausesAfter, let stable else { return [new] }
    return [
      Group(revision: stable.revision, template: stable.template, count: count),
      Group(revision: revision, template: template, count: min(pausesAfter, count)),
    ]
  }

  /// How many instances it keeps.
  var count: Int { isStopped ? 0 : template.replicas ?? 1 }

  /// Whether every old instance goes before a new one comes.
  var isAlone: Bool { isOneAtATime || template.strategy.type == .recreate }

  /// How many more instances there may be than there shall be.
  var surge: Int {
    let strategy = template.strategy
    return !template.kind.takesSuccessors || strategy.maxUnavailable > 0 ? 0 : max(1, strategy.maxSurge)
  }

  /// What the next instance is called: those of a stateful set have places, the others have names that say nothing.
  func nextInstance(
    of key: WorkloadKey, revision: Int, beside instances: [ObservedInstance]
  ) -> InstanceID {
    let taken = Set(instances.compactMap(\.id.ordinal))
    let place = (0..<max(1, count)).first { !taken.contains($0) } ?? 0
    guard !template.kind.hasStableInstances else { return InstanceID(place) }
    return InstanceID(name: "\(key.name)-\(revision)-\(instancesMade)") ?? InstanceID(place)
  }

  /// What an instance of it is made with: of the template, if nothing else is said.
  func context(of key: WorkloadKey, making made: Workload? = nil) -> ActionContext {
    ActionContext(
      key: key, desired: made ?? template, run: run, timeout: .zero, secretDigests: secretDigests,
      engine: SimulatedFields.all)
  }
}

// MARK: Accepting

extension SimulatedWorld {
  /// Has a controller take over what an action says; the rest is up to ``step(_:)``.
  ///
  /// - Throws: `ActionFailure` if it refuses: a field that can't change, or a workload that is not there.
  mutating func accept(_ action: Action, in context: ActionContext) throws {
    let key = context.key
    switch action.kind {
    case .delete:
      controllers[key] = nil
      for instance in observation(of: key).instances { delete(instance.id, of: key) }
    case .stop:
      controllers[key]?.isStopped = true
      controllers[key]?.isHeld = false
    // What this run was refused has not changed: it goes on as before.
    case .hold: if controllers[key]?.run == context.run { controllers[key]?.isHeld = true }
    case .create, .update, .start, .restart, .replace, .scale: try take(action, in: context)
    case .adopt: try adopt(action, context)
    case .run, .record: throw ActionFailure("no engine can \(action.id)")
    }
  }

  private mutating func take(_ action: Action, in context: ActionContext) throws {
    // What runs once per run is no business of a controller's.
    guard let desired = context.desired?.ofInstances else {
      throw ActionFailure("there is nothing to make of it")
    }
    var controller =
      controllers[context.key] ?? SimulatedController(template: desired, run: context.run)
    let old = controllers[context.key]?.template
    if let old, let field = refused(old, desired) { throw ActionFailure("`\(field)` is immutable") }
    let isRepeated = old == desired && controller.run == context.run
    if let old, !isRepeated { roll(&controller, from: old, to: desired, by: action) }
    controller.template = desired
    controller.pausesAfter = action.pausesAfter
    if action.pausesAfter == nil { controller.stable = nil }
    controller.run = context.run
    controller.secretDigests = context.secretDigests
    controller.isOneAtATime = action.isOneAtATime
    controller.isStopped = action.leavesStopped
    controller.isHeld = false
    controllers[context.key] = controller
    guard action.kind == .update else { return }
    // What changes in place does so in every instance at once.
    for instance in observation(of: context.key).instances {
      for service in desired.elements {
        meddle(with: service.name, in: instance.id, of: context.key) { live in
          live.live = LiveService(spec: service, labels: desired.labels, workloadBlocks: desired.on)
          live.stamp = context.stamp(for: service, in: instance.id)
        }
      }
    }
  }

  /// Gives what differs a revision of its own. What comes back has the one that it had.
  private func roll(
    _ controller: inout SimulatedController, from old: Workload, to desired: Workload, by action: Action
  ) {
    let isChanged = old.elements != desired.elements || old.labels != desired.labels
    if isChanged, let stable = controller.stable, stable.template.elements == desired.elements,
      stable.template.labels == desired.labels
    {
      controller.revision = stable.revision
      return
    }
    guard action.kind.isReturning else { return }
    if isChanged, action.pausesAfter != nil {
      controller.stable = .init(template: old, revision: controller.revision)
    } else if controller.stable != nil {
      // The old instances are started anew as well.
      controller.revision += 1
      controller.stable?.revision = controller.revision
    }
    controller.revision += 1
  }

  /// A field of a service that this engine's controllers never change, and that differs.
  private func refused(_ old: Workload, _ new: Workload) -> String? {
    for element in new.elements {
      guard let before = old.element(element.name)?.plain else { continue }
      let after = element.plain
      if let field = immutableFields.sorted().first(where: { before[$0] != after[$0] }) {
        return "\(element.place).\(field)"
      }
    }
    return nil
  }
}

// MARK: Getting there

extension SimulatedWorld {
  /// Lets the controller of a workload make one step: an instance comes, goes, or is mended.
  ///
  /// - Returns: whether there was anything to do.
  @discardableResult
  public mutating func step(_ key: WorkloadKey) -> Bool {
    guard let controller = controllers[key], !controller.isHeld else { return false }
    let instances = observation(of: key).instances
    if let lost = instances.first(where: { !$0.isAlive }) {
      delete(lost.id, of: key)
      return true
    }
    let groups = controller.groups
    let members = groups.map { group in instances.filter { controller.revisions[$0.id] == group.revision } }
    for (group, members) in zip(groups, members) {
      let isOver = members.contains { $0.id.ordinal.map { $0 >= group.count } ?? false }
      if members.count > group.count || isOver, let surplus = members.last {
        delete(surplus.id, of: key)
        return true
      }
      // A new instance that does not get ready keeps everything else from going on.
      if let waiting = members.first(where: { !$0.isReady }) {
        return mend(waiting, of: key, controller.context(of: key, making: group.template))
      }
    }
    let known = Set(members.joined().map(\.id))
    let others = instances.filter { !known.contains($0.id) }
    let missing = zip(groups, members).first { $1.count < $0.count }?.0
    let wanted = groups.reduce(0) { $0 + $1.count }
    let mayCreate = controller.isAlone ? others.isEmpty : instances.count < wanted + controller.surge
    guard let missing, mayCreate else {
      guard let gone = others.last else { return false }
      delete(gone.id, of: key)
      return true
    }
    controllers[key]?.instancesMade += 1
    let id = controller.nextInstance(of: key, revision: missing.revision, beside: instances)
    controllers[key]?.revisions[id] = missing.revision
    // The next observation tells that a service failed.
    try? change(id, by: .create, leavesStopped: false, controller.context(of: key, making: missing.template))
    return true
  }

  /// Starts what has ended in an instance, as engines do.
  private mutating func mend(
    _ instance: ObservedInstance, of key: WorkloadKey, _ context: ActionContext
  ) -> Bool {
    let before = observation(of: key)
    try? change(instance.id, by: .create, leavesStopped: false, context)
    return observation(of: key).instance(instance.id)?.isReady == true
      || observation(of: key).instance(instance.id)?.services.count
        != before.instance(instance.id)?.services.count
  }

  /// Where a controller is, as an engine tells it; `nil` if there is none.
  func observedController(of key: WorkloadKey) -> ObservedController? {
    guard let controller = controllers[key] else { return nil }
    let instances = workloads[key]?.instances ?? []
    let context = controller.context(of: key)
    let template = controller.template.elements.map { service in
      ObservedService(
        name: service.name, stamp: context.stamp(for: service, in: InstanceID(0)), state: .running,
        isReady: true,
        live: LiveService(
          spec: service, labels: controller.template.labels, workloadBlocks: controller.template.on),
        secretDigests: context.secretDigests(of: service))
    }
    return ObservedController(
      template: template, replicas: controller.count, strategy: controller.template.strategy,
      progress: progress(of: controller, instances))
  }

  private func progress(
    of controller: SimulatedController, _ instances: [ObservedInstance]
  ) -> ObservedController.Progress {
    if controller.isHeld { return .held }
    let isThere = controller.groups.allSatisfy { group in
      instances.count { controller.revisions[$0.id] == group.revision } == group.count
    }
    let wanted = controller.groups.reduce(0) { $0 + $1.count }
    if isThere, instances.count == wanted, instances.allSatisfy(\.isReady) {
      return controller.groups.count > 1 ? .paused : .settled
    }
    for instance in instances {
      if let failed = instance.services.first(where: { $0.state == .failed }) {
        return .stuck("`\(failed.name)` of instance \(instance.id) exited with code \(failed.exitCode ?? 1)")
      }
    }
    return .rolling
  }
}
