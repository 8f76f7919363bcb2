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

  /// Seeds, what the workloads made from them hold, and what the engine changes by itself.
  struct Field: Sendable, CustomTestStringConvertible {
    let seeds: Range<UInt64>
    let unit: UnitOfChange
    let body: Body

    var testDescription: String { "\(body.rawValue), unit \(unit.rawValue), \(seeds)" }

    func pairs(_ seed: UInt64) -> SpecPairs { SpecPairs(seed: seed, body: body) }
  }

  /// All seeds for services one by one, and for every other unit and body a part of them.
  static let fields: [Field] =
    seeds.map { Field(seeds: $0, unit: .service, body: .services) }
    + seeds.prefix(3).flatMap { seeds in
      [
        Field(seeds: seeds, unit: .instance, body: .services),
        Field(seeds: seeds, unit: .workload, body: .services),
        Field(seeds: seeds, unit: .instance, body: .machine),
        Field(seeds: seeds, unit: .service, body: .objects),
      ]
    }

  let key = Fixture.key

  /// A world in which a workload was applied with success.
  func world(with workload: Workload, _ field: Field) throws -> SimulatedWorld {
    var world = SimulatedWorld()
    try apply(try plan(workload, in: world, last: nil, field), to: &world, run: Fixture.released)
    return world
  }

  func plan(
    _ desired: Workload?, in world: SimulatedWorld, last: Workload?, _ field: Field
  ) throws -> Plan {
    try Fixture.plan(desired, observed: world.observation(of: key), last: last) { $0.unit = field.unit }
  }

  func apply(_ plan: Plan, to world: inout SimulatedWorld, run: RunID) throws {
    let context = ActionContext(key: key, desired: plan.desired, run: run, timeout: .seconds(1))
    for action in plan.actions where action.kind != .record {
      try world.perform(action, in: context)
      // A controller comes to its end by itself.
      while world.step(key) {}
    }
  }

  @Test("Planning what is there is empty", arguments: fields)
  func planningWhatIsThereIsEmpty(_ field: Field) throws {
    for seed in field.seeds {
      var pairs = field.pairs(seed)
      let workload = pairs.workload()
      let plan = try plan(workload, in: world(with: workload, field), last: workload, field)
      #expect(plan.isEmpty, "seed \(seed): \(plan.steps)")
    }
  }

  @Test("Applying a plan leaves nothing to do", arguments: fields)
  func applyingAPlanLeavesNothingToDo(_ field: Field) throws {
    for seed in field.seeds {
      var pairs = field.pairs(seed)
      let (before, after) = pairs.next()
      var world = try world(with: before, field)
      try apply(try plan(after, in: world, last: before, field), to: &world, run: RunID("run-3"))
      let again = try plan(after, in: world, last: after, field)
      #expect(again.isEmpty, "seed \(seed): \(again.steps)")
      // Whatever the way there, the end is what a first apply would have made.
      #expect(
        unordered(world) == unordered(try self.world(with: fixingReplicas(after, in: world), field)),
        "seed \(seed)")
    }
  }

  @Test("The order respects every dependency", arguments: fields)
  func theOrderRespectsEveryDependency(_ field: Field) throws {
    for seed in field.seeds {
      var pairs = field.pairs(seed)
      let (before, after) = pairs.next()
      let world = try world(with: before, field)
      let plan = try plan(after, in: world, last: before, field)
      var done: Set<ActionID> = []
      let order = ServiceOrder(after.elements)
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

  @Test("Deletion goes in reverse", arguments: fields)
  func deletionGoesInReverse(_ field: Field) throws {
    for seed in field.seeds {
      var pairs = field.pairs(seed)
      let workload = pairs.workload()
      let world = try world(with: workload, field)
      let plan = try plan(nil, in: world, last: workload, field)
      let order = ServiceOrder(workload.elements)
      var gone: [InstanceID: Set<String>] = [:]
      for action in plan.actions {
        guard case .service(let instance, let name) = action.subject else { continue }
        let dependents = workload.elements.map(\.name).filter { order.dependencies(of: $0).contains(name) }
        #expect(gone[instance, default: []].isSuperset(of: dependents), "seed \(seed): \(action.id)")
        gone[instance, default: []].insert(name)
      }
      var after = world
      try apply(plan, to: &after, run: RunID("run-3"))
      #expect(after.observation(of: key).instances.isEmpty, "seed \(seed)")
    }
  }

  @Test("An unchanged service has no action", arguments: fields)
  func anUnchangedServiceHasNoAction(_ field: Field) throws {
    for seed in field.seeds {
      var pairs = field.pairs(seed)
      let (before, after) = pairs.next()
      let world = try world(with: before, field)
      let plan = try plan(after, in: world, last: before, field)
      guard before.labels == after.labels else { continue }
      // What runs once per run does so before anything else changes.
      for action in plan.actions where ![.delete, .create, .run].contains(action.kind) {
        guard let name = action.subject.service else { continue }
        #expect(before.element(name) != after.element(name), "seed \(seed): \(action.id)")
        #expect(!action.changes.isEmpty, "seed \(seed): \(action.id)")
      }
    }
  }

  @Test("Whatever happened behind its back is mended", arguments: fields)
  func whateverHappenedBehindItsBackIsMended(_ field: Field) throws {
    for seed in field.seeds {
      var pairs = field.pairs(seed)
      let workload = pairs.workload()
      var random = SplitMix64(state: seed)
      var world = try world(with: workload, field)
      let pristine = world
      guard let instance = world.observation(of: key).instances.randomElement(using: &random),
        let service = instance.services.randomElement(using: &random)
      else { continue }
      switch Int.random(in: 0..<4, using: &random) {
      case _ where field.unit == .workload:
        // What happens to instances is the controller's business.
        world.editController(of: key) { $0.services[0].command.append("--by-hand") }
        while world.step(key) {}
      case 0: world.kill(instance.id, of: key)
      case 1: world.remove(service.name, from: instance.id, of: key)
      case 2:
        world.editElement(service.name, in: instance.id, of: key) { workload in
          workload.services.indices.forEach { workload.services[$0].command.append("--by-hand") }
          workload.objects.indices.forEach { workload.objects[$0].apiVersion = "by-hand" }
          workload.machine?.image = "by-hand"
        }
      default: world.kill(service.name, in: instance.id, of: key)
      }
      let plan = try plan(workload, in: world, last: workload, field)
      #expect(!plan.isEmpty, "seed \(seed)")
      // Why the services of an instance come is said of the instance.
      #expect(
        plan.actions.allSatisfy {
          $0.causes == [.drift] || ([.create, .run].contains($0.kind) && $0.causes.isEmpty)
        },
        "seed \(seed): \(plan.actions.map(\.causes))")
      #expect(!plan.recordsRelease, "seed \(seed)")
      try apply(plan, to: &world, run: RunID("run-3"))
      #expect(unordered(world) == unordered(pristine), "seed \(seed): \(plan.steps)")
    }
  }

  @Test("The same input makes the same plan", arguments: fields)
  func theSameInputMakesTheSamePlan(_ field: Field) throws {
    for seed in field.seeds {
      var pairs = field.pairs(seed)
      let (before, after) = pairs.next()
      let world = try world(with: before, field)
      let first = try plan(after, in: world, last: before, field)
      let second = try plan(after, in: world, last: before, field)
      #expect(first.actions == second.actions, "seed \(seed)")
      #expect(first.workloadChanges == second.workloadChanges, "seed \(seed)")
    }
  }

  /// The live state, without the facts that a first apply and a later one may differ in: the order of creation, the
  /// runs, process ids, fields that are never compared, and volumes, which are kept when nothing uses them any more.
  private func unordered(_ world: SimulatedWorld) -> Observation {
    var outline = world.outline(of: key)
    outline.volumes = []
    // What has run is as it ran last, whatever its notes are by now.
    for service in (outline.before?.services ?? []).indices {
      outline.before?.services[service].live = LiveService(spec: Service())
    }
    for instance in outline.instances.indices {
      for service in outline.instances[instance].services.indices {
        forget(&outline.instances[instance].services[service])
      }
    }
    for service in (outline.controller?.template ?? []).indices {
      forget(&outline.controller!.template[service])
    }
    outline.controller?.template.sort { $0.name < $1.name }
    return outline
  }

  /// Takes away what is never compared.
  private func forget(_ observed: inout ObservedService) {
    if var service = observed.live.spec.as(Service.self) {
      service.pullPolicy = .missing
      for volume in service.volumes.indices { service.volumes[volume].access = .one }
      observed.live.service = service
    } else if var object = observed.live.spec.as(Manifest.self) {
      object.dependsOn = []
      observed.live.spec = AnyElement(object)
    }
  }

  /// A number of replicas that is not set stays what it was: the world to compare with needs that number.
  private func fixingReplicas(_ workload: Workload, in world: SimulatedWorld) -> Workload {
    guard workload.replicas == nil else { return workload }
    var fixed = workload
    fixed.replicas = world.observation(of: key).instances.count
    return fixed
  }
}
