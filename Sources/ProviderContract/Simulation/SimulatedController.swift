import Planning
import ProviderKit
import WorkloadSpec

/// What stands for a workload on an imaginary engine that rolls workloads by itself: it accepts what is wanted at once,
/// and gets there step by step, whether anybody waits or not.
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
  /// The revision that each instance was made for.
  var revisions: [InstanceID: Int] = [:]

  /// How many instances it keeps.
  var count: Int { isStopped ? 0 : template.replicas ?? 1 }

  /// Whether every old instance goes before a new one comes.
  var isAlone: Bool { isOneAtATime || template.strategy.type == .recreate }

  /// How many more instances there may be than there shall be.
  var surge: Int {
    let strategy = template.strategy
    return template.kind == .statefulSet || strategy.maxUnavailable > 0 ? 0 : max(1, strategy.maxSurge)
  }

  /// What an instance of it is made with.
  func context(of key: WorkloadKey) -> ActionContext {
    ActionContext(
      key: key, desired: template, run: run, timeout: .zero, secretDigests: secretDigests,
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
    case .hold: controllers[key]?.isHeld = true
    case .create, .update, .start, .restart, .replace, .scale: try take(action, in: context)
    case .record: throw ActionFailure("no engine can \(action.id)")
    }
  }

  private mutating func take(_ action: Action, in context: ActionContext) throws {
    guard let desired = context.desired else { throw ActionFailure("there is nothing to make of it") }
    var controller =
      controllers[context.key] ?? SimulatedController(template: desired, run: context.run)
    let old = controllers[context.key]?.template
    if let old, let field = refused(old, desired) { throw ActionFailure("`\(field)` is immutable") }
    let isRepeated = old == desired && controller.run == context.run
    if old != nil, !isRepeated, action.kind.isReturning { controller.revision += 1 }
    controller.template = desired
    controller.run = context.run
    controller.secretDigests = context.secretDigests
    controller.isOneAtATime = action.isOneAtATime
    controller.isStopped = action.leavesStopped
    controller.isHeld = false
    controllers[context.key] = controller
    guard action.kind == .update else { return }
    // What changes in place does so in every instance at once.
    for instance in observation(of: context.key).instances {
      for service in desired.services {
        meddle(with: service.name, in: instance.id, of: context.key) { live in
          live.live = LiveService(spec: service, labels: desired.labels, workloadBlocks: desired.on)
          live.stamp = context.stamp(for: service, in: instance.id)
        }
      }
    }
  }

  /// A field of a service that this engine's controllers never change, and that differs.
  private func refused(_ old: Workload, _ new: Workload) -> String? {
    for field in Service.schema.fields where immutableFields.contains(field.description.name) {
      for service in new.services {
        guard let before = old.service(service.name) else { continue }
        if field.differs(service, before) { return "services[\(service.name)].\(field.description.name)" }
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
  mutating func step(_ key: WorkloadKey) -> Bool {
    guard let controller = controllers[key], !controller.isHeld else { return false }
    let instances = observation(of: key).instances
    if let lost = instances.first(where: { !$0.isAlive }) {
      delete(lost.id, of: key)
      return true
    }
    let new = instances.filter { controller.revisions[$0.id] == controller.revision }
    let old = instances.filter { controller.revisions[$0.id] != controller.revision }
    if let surplus = new.last(where: { $0.id.ordinal >= controller.count }) {
      delete(surplus.id, of: key)
      return true
    }
    // A new instance that does not get ready keeps everything else from going on.
    if let waiting = new.first(where: { !$0.isReady }) { return mend(waiting, of: key, controller) }
    let taken = Set(instances.map(\.id.ordinal))
    let isComplete = new.count >= controller.count
    let mayCreate = controller.isAlone ? old.isEmpty : instances.count < controller.count + controller.surge
    guard !isComplete, mayCreate else {
      guard let gone = old.last else { return false }
      delete(gone.id, of: key)
      return true
    }
    let made = Set(new.map(\.id.ordinal))
    let ordinal =
      (0..<controller.count).first { !taken.contains($0) } ?? (0..<controller.count).first {
        !made.contains($0)
      } ?? 0
    let generation = instances.filter { $0.id.ordinal == ordinal }.map { $0.id.generation + 1 }.max() ?? 0
    let id = InstanceID(ordinal, generation: generation)
    controllers[key]?.revisions[id] = controller.revision
    // The next observation tells that a service failed.
    try? change(id, by: .create, leavesStopped: false, controller.context(of: key))
    return true
  }

  /// Starts what has ended in an instance, as engines do.
  private mutating func mend(
    _ instance: ObservedInstance, of key: WorkloadKey, _ controller: SimulatedController
  ) -> Bool {
    let before = observation(of: key)
    try? change(instance.id, by: .create, leavesStopped: false, controller.context(of: key))
    return observation(of: key).instance(instance.id)?.isReady == true
      || observation(of: key).instance(instance.id)?.services.count
        != before.instance(instance.id)?.services.count
  }

  /// Where a controller is, as an engine tells it; `nil` if there is none.
  func observedController(of key: WorkloadKey) -> ObservedController? {
    guard let controller = controllers[key] else { return nil }
    let instances = workloads[key]?.instances ?? []
    let context = controller.context(of: key)
    let template = controller.template.services.map { service in
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
    let isNew = instances.allSatisfy { controller.revisions[$0.id] == controller.revision }
    if isNew, instances.count == controller.count, instances.allSatisfy(\.isReady) { return .settled }
    for instance in instances {
      if let failed = instance.services.first(where: { $0.state == .failed }) {
        return .stuck("`\(failed.name)` of instance \(instance.id) exited with code \(failed.exitCode ?? 1)")
      }
    }
    return .rolling
  }
}
