import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

/// What holds for every plan, tried on thousands of generated pairs of specs.
@Suite struct PlannerPropertyTests {
  /// Each range of seeds is one case, so that the cases run side by side.
  static let seeds = {
    let size: UInt64 = Thoroughness.isFull ? 500 : 50
    return (0..<8).map { $0 * size..<($0 + 1) * size }
  }()

  let key = Fixture.key

  /// A world in which a workload was applied with success.
  func world(with workload: Workload) throws -> SimulatedWorld {
    var world = SimulatedWorld()
    try apply(try plan(workload, in: world, last: nil), to: &world, run: Fixture.released)
    return world
  }

  func plan(_ desired: Workload?, in world: SimulatedWorld, last: Workload?) throws -> Plan {
    try Fixture.plan(desired, observed: world.observation(of: key), last: last)
  }

  func apply(_ plan: Plan, to world: inout SimulatedWorld, run: RunID) throws {
    let context = ActionContext(key: key, desired: plan.desired, run: run, timeout: .seconds(1))
    for action in plan.actions where action.kind != .record { try world.perform(action, in: context) }
  }

  @Test(arguments: seeds)
  func planningWhatIsThereIsEmpty(_ seeds: Range<UInt64>) throws {
    for seed in seeds {
      var pairs = SpecPairs(seed: seed)
      let workload = pairs.workload()
      let plan = try plan(workload, in: world(with: workload), last: workload)
      #expect(plan.isEmpty, "seed \(seed): \(plan.steps)")
    }
  }

  @Test(arguments: seeds)
  func applyingAPlanLeavesNothingToDo(_ seeds: Range<UInt64>) throws {
    for seed in seeds {
      var pairs = SpecPairs(seed: seed)
      let (before, after) = pairs.next()
      var world = try world(with: before)
      try apply(try plan(after, in: world, last: before), to: &world, run: RunID("run-3"))
      let again = try plan(after, in: world, last: after)
      #expect(again.isEmpty, "seed \(seed): \(again.steps)")
      // Whatever the way there, the end is what a first apply would have made.
      #expect(
        unordered(world) == unordered(try self.world(with: fixingReplicas(after, in: world))), "seed \(seed)")
    }
  }

  @Test(arguments: seeds)
  func theOrderRespectsEveryDependency(_ seeds: Range<UInt64>) throws {
    for seed in seeds {
      var pairs = SpecPairs(seed: seed)
      let (before, after) = pairs.next()
      let world = try world(with: before)
      let plan = try plan(after, in: world, last: before)
      var done: Set<ActionID> = []
      let order = ServiceOrder(after.services)
      let ids = Set(plan.actions.map(\.id))
      for action in plan.actions {
        #expect(
          done.isSuperset(of: action.after), "seed \(seed): \(action.id) comes before what it waits for")
        if let name = action.subject.service, let instance = action.subject.instance, action.kind != .delete {
          for dependency in order.dependencies(of: name) {
            for kind in ActionKind.allCases where kind != .delete {
              let id = ActionID("\(kind.rawValue) \(ActionSubject.service(instance, dependency))")
              #expect(!ids.contains(id) || done.contains(id), "seed \(seed): \(action.id) before \(id)")
            }
          }
        }
        done.insert(action.id)
      }
    }
  }

  @Test(arguments: seeds)
  func deletionGoesInReverse(_ seeds: Range<UInt64>) throws {
    for seed in seeds {
      var pairs = SpecPairs(seed: seed)
      let workload = pairs.workload()
      let world = try world(with: workload)
      let plan = try plan(nil, in: world, last: workload)
      let order = ServiceOrder(workload.services)
      var gone: [InstanceID: Set<String>] = [:]
      for action in plan.actions {
        guard case .service(let instance, let name) = action.subject else { continue }
        let dependents = workload.services.map(\.name).filter { order.dependencies(of: $0).contains(name) }
        #expect(gone[instance, default: []].isSuperset(of: dependents), "seed \(seed): \(action.id)")
        gone[instance, default: []].insert(name)
      }
      var after = world
      try apply(plan, to: &after, run: RunID("run-3"))
      #expect(after.observation(of: key).instances.isEmpty, "seed \(seed)")
    }
  }

  @Test(arguments: seeds)
  func anUnchangedServiceHasNoAction(_ seeds: Range<UInt64>) throws {
    for seed in seeds {
      var pairs = SpecPairs(seed: seed)
      let (before, after) = pairs.next()
      let world = try world(with: before)
      let plan = try plan(after, in: world, last: before)
      guard before.labels == after.labels else { continue }
      for action in plan.actions where action.kind != .delete && action.kind != .create {
        guard let name = action.subject.service else { continue }
        #expect(before.service(name) != after.service(name), "seed \(seed): \(action.id)")
        #expect(!action.changes.isEmpty, "seed \(seed): \(action.id)")
      }
    }
  }

  @Test(arguments: seeds)
  func whateverHappenedBehindItsBackIsMended(_ seeds: Range<UInt64>) throws {
    for seed in seeds {
      var pairs = SpecPairs(seed: seed)
      let workload = pairs.workload()
      var random = SplitMix64(state: seed)
      var world = try world(with: workload)
      let pristine = world
      guard let instance = world.observation(of: key).instances.randomElement(using: &random),
        let service = instance.services.randomElement(using: &random)
      else { continue }
      switch Int.random(in: 0..<4, using: &random) {
      case 0: world.kill(instance.id, of: key)
      case 1: world.remove(service.name, from: instance.id, of: key)
      case 2: world.edit(service.name, in: instance.id, of: key) { $0.command.append("--by-hand") }
      default: world.kill(service.name, in: instance.id, of: key)
      }
      let plan = try plan(workload, in: world, last: workload)
      #expect(!plan.isEmpty, "seed \(seed)")
      // Why the services of an instance come is said of the instance.
      #expect(
        plan.actions.allSatisfy { $0.causes == [.drift] || ($0.kind == .create && $0.causes.isEmpty) },
        "seed \(seed): \(plan.actions.map(\.causes))")
      #expect(!plan.recordsRelease, "seed \(seed)")
      try apply(plan, to: &world, run: RunID("run-3"))
      #expect(unordered(world) == unordered(pristine), "seed \(seed): \(plan.steps)")
    }
  }

  @Test(arguments: seeds)
  func theSameInputMakesTheSamePlan(_ seeds: Range<UInt64>) throws {
    for seed in seeds {
      var pairs = SpecPairs(seed: seed)
      let (before, after) = pairs.next()
      let world = try world(with: before)
      let first = try plan(after, in: world, last: before)
      let second = try plan(after, in: world, last: before)
      #expect(first.actions == second.actions, "seed \(seed)")
      #expect(first.workloadChanges == second.workloadChanges, "seed \(seed)")
    }
  }

  /// What lives, without what a first apply and a later one may differ in: the order of creation, the runs,
  /// process ids, fields that are never compared, and volumes, which are kept when nothing uses them any more.
  private func unordered(_ world: SimulatedWorld) -> Observation {
    var outline = world.outline(of: key)
    outline.volumes = []
    for instance in outline.instances.indices {
      for service in outline.instances[instance].services.indices {
        outline.instances[instance].services[service].live.service.pullPolicy = .missing
        for volume in outline.instances[instance].services[service].live.service.volumes.indices {
          outline.instances[instance].services[service].live.service.volumes[volume].access = .one
        }
      }
    }
    return outline
  }

  /// A number of replicas that is not set stays what it was: the world to compare with needs that number.
  private func fixingReplicas(_ workload: Workload, in world: SimulatedWorld) -> Workload {
    guard workload.replicas == nil else { return workload }
    var fixed = workload
    fixed.replicas = world.observation(of: key).instances.count
    return fixed
  }
}
