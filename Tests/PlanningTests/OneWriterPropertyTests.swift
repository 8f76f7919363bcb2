import Diagnostics
import Planning
import ProviderContract
import Testing
import WorkloadSpec

/// Whatever there is and whatever is asked for: nothing starts to write to a volume while another instance may.
@Suite struct OneWriterPropertyTests {
  /// A database, something that is there of it or of another version, and something that is asked for.
  struct Case {
    let input: PlanInput

    var description: String {
      """
      \(input.intent) of \(input.desired!) with \(input.observation.instances) \
      after \(String(describing: input.lastRelease?.snapshot))
      """
    }

    init(seed: UInt64, unit: UnitOfChange) {
      var random = SplitMix64(state: seed)
      func pick<T>(_ choices: [T]) -> T { choices.randomElement(using: &random)! }
      let isSet = pick([true, false, false])
      func version(_ number: Int) -> Workload {
        OneWriterPlanTests.database(
          isSet ? pick([.rolling, .recreate]) : pick(StrategyType.allCases), replicas: pick([nil, 1, 1, 0]),
          version: number
        ) { workload in
          workload.kind = isSet ? .statefulSet : .deployment
          if isSet, workload.replicas == 1 { workload.replicas = pick([1, 2, 3]) }
          workload.strategy.maxUnavailable = pick([0, 0, 1])
          // Now and then the other service has the volume, or both have.
          let volumes = workload.services[0].volumes
          if pick([true, false, false, false]) { workload.services[0].volumes = [] }
          if pick([true, false, false]) || workload.services[0].volumes.isEmpty {
            workload.services[1].volumes = volumes
          }
          if pick([true, false, false, false]) { workload.services[1].dependsOn = ["db"] }
          if pick([true, false, false, false, false]) { workload.services[0].name = "postgres" }
        }
      }
      let versions = (1...3).map(version)
      var instances: [(InstanceID, Workload)] = []
      for ordinal in 0...pick([0, 0, 1, 2]) {
        for generation in isSet ? [0] : [0, 1, 2] where pick([true, false]) {
          instances.append((InstanceID(ordinal, generation: generation), pick(versions)))
        }
      }
      var observation = OneWriterPlanTests.observation(
        instances, run: pick([Fixture.released, Fixture.broken]))
      for index in observation.instances.indices {
        observation.instances[index].isAlive = pick([true, true, true, false])
        for service in observation.instances[index].services.indices {
          let state = pick([InstanceState.running, .running, .running, .starting, .stopped, .failed])
          observation.instances[index].services[service].state = state
          observation.instances[index].services[service].isReady =
            state == .running && pick([true, true, false])
        }
        if pick([true, false, false, false]) { observation.instances[index].services.removeLast() }
      }
      var last: Workload? = pick([versions[0], versions[0], versions[1], nil])
      if isSet == false, pick([true, false, false]) {
        last?.services[0].volumes = [OneWriterPlanTests.volume(.many)]
      }
      var input = PlanInput(
        key: Fixture.key, target: "local", intent: .apply, desired: pick(versions), observation: observation,
        lastRelease: last.map { Fixture.release($0) }, incompleteRuns: pick([[], [Fixture.broken]]),
        impact: { ImpactStatement($0.minimum) })
      switch Int.random(in: 0..<8, using: &random) {
      case 0: input.intent = .rollback(to: 1)
      case 1:
        input.intent = .scale(to: 1)
        input.desired?.replicas = 1
      case 2: (input.intent, input.operation, input.desired) = (.start, .start(.all), last ?? versions[0])
      case 3: (input.intent, input.operation, input.desired) = (.restart, .restart(.all), last ?? versions[0])
      case 4: input.pause = RolloutPlanTests.pause
      case 5: input.operatorState = OperatorState(stopped: [.all])
      default: break
      }
      if input.pause != nil { input.desired?.strategy.type = isSet ? .rolling : .canary }
      if isSet { input.pause = nil }
      input.unit = unit
      self.input = input
    }
  }

  @Test(
    "No instance starts to write beside another one", arguments: PlannerPropertyTests.seeds,
    [UnitOfChange.service, .instance])
  func neverTwoWriters(_ seeds: Range<UInt64>, unit: UnitOfChange) throws {
    var planned = 0
    for seed in seeds {
      let example = Case(seed: seed, unit: unit)
      let plan: Plan
      do { plan = try Planner.plan(example.input) } catch let error as DiagnosticError {
        // What is asked for by a spec or a release is never in the planner's own way.
        let codes = Set(error.diagnostics.filter { $0.severity == .error }.map(\.code))
        let allowed: Set<DiagnosticCode> =
          example.input.operation == nil
          ? [.oneWriterReplicas, .cannotPause] : [.oneWriterReplicas, .volumeInUse]
        #expect(codes.isSubset(of: allowed), "seed \(seed): \(error), \(example.description)")
        continue
      }
      planned += 1
      for round in 0..<4 {
        var writers = Writers(example.input, plan)
        let problem = writers.carryOut(seed: seed &* 4 &+ UInt64(round))
        #expect(problem == nil, "seed \(seed): \(problem ?? "") in \(plan.steps), \(example.description)")
      }
    }
    #expect(planned > seeds.count / 2)
  }

  /// Who may write while a plan is carried out.
  struct Writers {
    private let plan: Plan
    private let isSet: Bool
    /// The services that may write, of each instance.
    private var writing: [InstanceID: Set<String>] = [:]
    /// Whether there is nothing to be wrong with: several instances write by an older release.
    private let isShared: Bool

    init(_ input: PlanInput, _ plan: Plan) {
      self.plan = plan
      isSet = plan.desired?.kind == .statefulSet
      isShared = !isSet && plan.desired?.replicas ?? 1 > 1
      for instance in input.observation.instances {
        writing[instance.id] = Set(
          instance.services.filter { $0.state != .stopped && Self.hasVolume($0.live.service) }.map(\.name))
      }
    }

    private static func hasVolume(_ service: Service) -> Bool {
      service.volumes.contains { $0.type == .persistent }
    }

    /// Carries the plan out in some order that it allows.
    ///
    /// - Returns: what went wrong.
    mutating func carryOut(seed: UInt64) -> String? {
      var random = SplitMix64(state: seed)
      var waiting = plan.actions
      var running: [Action] = []
      var done: Set<ActionID> = []
      while !waiting.isEmpty || !running.isEmpty {
        let ready = waiting.indices.filter { waiting[$0].after.allSatisfy(done.contains) }
        if let index = ready.randomElement(using: &random), running.isEmpty || Bool.random(using: &random) {
          let action = waiting.remove(at: index)
          if let problem = begin(action) { return problem }
          running.append(action)
        } else {
          let action = running.remove(at: Int.random(in: running.indices, using: &random))
          end(action)
          done.insert(action.id)
        }
      }
      return nil
    }

    private mutating func begin(_ action: Action) -> String? {
      guard let id = action.subject.instance, [.create, .start, .restart, .replace].contains(action.kind),
        !action.leavesStopped
      else { return nil }
      let started = (plan.desired?.services ?? []).filter { service in
        (action.subject.service.map { $0 == service.name } ?? (action.reach != nil))
          && service.volumes.contains { $0.type == .persistent && (isSet || $0.access == .one) }
      }
      guard !started.isEmpty else { return nil }
      let rivals = writing.filter { other, services in
        other != id && !services.isEmpty && (!isSet || other.ordinal == id.ordinal)
      }
      writing[id, default: []].formUnion(started.map(\.name))
      if isShared || rivals.isEmpty { return nil }
      return "\(action.id) begins while \(rivals.keys.sorted()) may write"
    }

    private mutating func end(_ action: Action) {
      guard action.kind == .delete || action.kind == .stop || action.leavesStopped else { return }
      switch action.subject {
      case .service(let id, let name): writing[id]?.remove(name)
      case .instance(let id): writing[id] = nil
      case .workload, .volume, .operatorState: break
      }
    }
  }
}
