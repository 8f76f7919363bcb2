import Planning
import ProviderContract
import Testing
import WorkloadSpec

/// What holds at every moment of every rollout, in whatever order its actions come to their end.
@Suite struct RolloutPropertyTests {
  /// A state of affairs made from a seed, and what becomes of it.
  struct Case {
    let new: Workload
    let plan: Plan
    let observation: Observation
    /// What does the work of an instance.
    let main: String

    /// - Parameters:
    ///   - unit: what the engine changes by itself.
    ///   - body: what the workloads hold.
    init(seed: UInt64, unit: UnitOfChange = .service, body: Body = .services) throws {
      var random = SplitMix64(state: seed)
      let type = [StrategyType.rolling, .blueGreen, .canary].randomElement(using: &random)!
      let surge = Int.random(in: 1...3, using: &random)
      func workload(_ version: Int) -> Workload {
        let workload = RolloutPlanTests.workload(
          type, replicas: Int.random(in: 1...6, using: &random), version: version, surge: surge,
          unavailable: type == .rolling ? [0, 0, 0, 1, 2].randomElement(using: &random)! : 0)
        return body == .machine ? workload.asMachines(version) : workload
      }
      let old = workload(1)
      new = workload(2)
      let main = new.mainName ?? ""
      self.main = main
      // Some instances have given way already, some successors stand beside the old ones, one is of no use.
      var instances: [InstanceID] = []
      var gone: Set<Int> = []
      for ordinal in 0..<(old.replicas ?? 0) where Int.random(in: 0..<3, using: &random) == 0 {
        instances.append(InstanceID(ordinal, generation: 1))
        if Bool.random(using: &random) { gone.insert(ordinal) }
      }
      let third = Bool.random(using: &random) ? RolloutPropertyTests.third(type, of: body) : new
      var observation = RolloutPlanTests.observation(
        old, third, newInstances: instances, without: gone, run: Fixture.broken)
      for index in observation.instances.indices where Int.random(in: 0..<5, using: &random) == 0 {
        let state: InstanceState = Bool.random(using: &random) ? .failed : .running
        let place = observation.instances[index].services.firstIndex { $0.name == main } ?? 0
        observation.instances[index].services[place].state = state
        observation.instances[index].services[place].isReady = false
      }
      self.observation = observation
      plan = try Fixture.plan(new, observed: observation, last: old, incomplete: [Fixture.broken]) {
        $0.unit = unit
      }
    }

    var description: String {
      let instances = observation.instances.map { instance in
        "\(instance.id)" + (instance.isReady ? "" : " \(instance.service(main)?.state.rawValue ?? "none")")
      }
      return """
        \(new.strategy), \(new.replicas ?? 0) wanted, \(instances): \
        \(plan.actions.map { "\($0.id) after \($0.after.map(\.description))" }.joined(separator: "\n"))
        """
    }

    /// How many instances there may be at most.
    var ceiling: Int {
      let wanted = new.replicas ?? 0
      let first =
        switch new.strategy.type {
        case .blueGreen: plan.actions.count { $0.kind == .create && $0.subject.service == nil }
        case .canary: new.strategy.maxSurge
        case .rolling, .recreate: 0
        }
      return max(observation.instances.count + first, wanted + new.strategy.maxSurge)
    }

    /// How many instances must work at least: what was not there to begin with can't be missed.
    var floor: Int {
      let working = observation.instances.count { $0.service(main)?.isReady == true }
      // What is changed in place is away meanwhile, one at a time at the least.
      let isInPlace = plan.actions.contains { $0.kind == .restart || $0.kind == .replace }
      let away = isInPlace ? max(1, new.strategy.maxUnavailable) : new.strategy.maxUnavailable
      return min((new.replicas ?? 0) - away, working)
    }
  }

  /// A version that is neither the old nor the new one.
  private static func third(_ type: StrategyType, of body: Body) -> Workload {
    let workload = RolloutPlanTests.workload(type, version: 3)
    return body == .machine ? workload.asMachines(3) : workload
  }

  /// What is there while a plan is carried out.
  struct Scene {
    var present: Set<InstanceID>
    var working: Set<InstanceID>
    private var left: [InstanceID: Int] = [:]

    init(_ rollout: Case) {
      present = Set(rollout.observation.instances.map(\.id))
      working = Set(
        rollout.observation.instances.filter { $0.service(rollout.main)?.isReady == true }.map(\.id))
      for action in rollout.plan.actions where action.kind != .delete {
        if let id = action.subject.instance { left[id, default: 0] += 1 }
      }
    }

    /// An action begins: whatever it takes away may be gone from now on.
    mutating func begin(_ action: Action) {
      guard let id = action.subject.instance else { return }
      switch action.kind {
      case .create: present.insert(id)
      case .delete, .restart, .replace: working.remove(id)
      case .adopt, .update, .start, .stop, .run, .scale, .hold, .record: break
      }
    }

    /// An action ends: an instance works when the last of its actions has.
    mutating func end(_ action: Action) {
      guard let id = action.subject.instance else { return }
      if action.kind == .delete {
        if action.subject.service == nil { present.remove(id) }
      } else {
        left[id, default: 0] -= 1
        if left[id] == 0 { working.insert(id) }
      }
    }
  }

  /// What is begun first of what may begin: what makes more, what makes fewer, or anything.
  enum Preference: CaseIterable { case coming, going, chance }

  @Test(
    "Never too many and never too few",
    arguments: PlannerPropertyTests.fields.filter { $0.unit != .workload && $0.body != .objects },
    Preference.allCases)
  func neverTooManyAndNeverTooFew(_ field: PlannerPropertyTests.Field, _ preference: Preference) throws {
    for seed in field.seeds {
      let rollout = try Case(seed: seed, unit: field.unit, body: field.body)
      let worst = Self.carryOut(rollout, preference, seed)
      #expect(
        worst.present <= rollout.ceiling && worst.working >= rollout.floor && worst.isComplete,
        "seed \(seed), \(rollout.ceiling), \(rollout.floor): \(worst), \(rollout.description)")
    }
  }

  /// Carries a plan out in some order that it allows.
  ///
  /// - Returns: the most instances that there were, the fewest that worked, and whether the end is as wanted.
  static func carryOut(
    _ rollout: Case, _ preference: Preference, _ seed: UInt64
  ) -> (present: Int, working: Int, isComplete: Bool) {
    var random = SplitMix64(state: seed)
    var scene = Scene(rollout)
    var (present, working) = (scene.present.count, scene.working.count)
    var waiting = rollout.plan.actions
    var running: [Action] = []
    var done: Set<ActionID> = []
    while !waiting.isEmpty || !running.isEmpty {
      let ready = waiting.indices.filter { waiting[$0].after.allSatisfy(done.contains) }
      let preferred = ready.filter { index in
        switch preference {
        case .coming: waiting[index].kind != .delete
        case .going: waiting[index].kind == .delete
        case .chance: Bool.random(using: &random)
        }
      }
      if let index = (running.isEmpty && preferred.isEmpty ? ready : preferred).randomElement(using: &random)
      {
        let action = waiting.remove(at: index)
        scene.begin(action)
        running.append(action)
      } else {
        let action = running.remove(at: Int.random(in: running.indices, using: &random))
        scene.end(action)
        done.insert(action.id)
      }
      present = max(present, scene.present.count)
      working = min(working, scene.working.count)
    }
    let ordinals = scene.present.map(\.place).sorted()
    return (present, working, ordinals == Array(0..<(rollout.new.replicas ?? 0)))
  }

  /// Half of a rollout is the beginning of the whole one.
  @Test("A pause divides the plan", arguments: PlannerPropertyTests.seeds)
  func aPauseDividesThePlan(_ seeds: Range<UInt64>) throws {
    for seed in seeds {
      let rollout = try Case(seed: seed)
      guard rollout.new.strategy.type != .rolling else { continue }
      let paused = try Fixture.plan(
        rollout.new, observed: rollout.observation, last: rollout.new, incomplete: [Fixture.broken]
      ) { $0.pause = RolloutPlanTests.pause }
      let whole = try Fixture.plan(
        rollout.new, observed: rollout.observation, last: rollout.new, incomplete: [Fixture.broken])
      let parts = paused.actions.filter { $0.kind != .record } + paused.afterPause
      #expect(Set(parts.map(\.id)) == Set(whole.actions.map(\.id).filter { !"\($0)".hasPrefix("record") }))
      let first = Set(paused.actions.map(\.id))
      #expect(
        paused.actions.allSatisfy { $0.kind == .record || first.isSuperset(of: $0.after) }, "seed \(seed)")
      let released = Set(
        rollout.observation.instances.filter { $0.id.generation == 0 && $0.isReady }.map(\.id))
      if paused.pauses, (rollout.new.replicas ?? 0) >= released.count {
        // What works and was released stays until it is promoted.
        let gone = Set(paused.actions.filter { $0.kind == .delete }.compactMap(\.subject.instance))
        #expect(gone.isDisjoint(with: released), "seed \(seed)")
      }
    }
  }
}

extension Workload {
  /// The workload with a machine for each instance in place of its services.
  fileprivate func asMachines(_ version: Int) -> Workload {
    var workload = self
    workload.kind = .machineGroup
    workload.services = []
    workload.machine = Machine()
    workload.machine?.image = "image-\(version)"
    return workload
  }
}
