import Planning
import ProviderKit
import Values
import WorkloadSpec

extension ProviderContract {
  // MARK: Machines

  static let machineCases: [ContractCase] = [
    machineCase("performing what was performed makes no second machine, and ends none", "machines-twice") {
      scene in
      let two = scene.machines(version: 1)
      let made = try await scene.apply(two)
      let lives = try await scene.machineLives()
      for run in ["run-1", "run-2"] {
        for action in made {
          try await scene.provider.perform(action, in: scene.context(two, run: run))
        }
        try expect(try await scene.machineLives(), is: lives, "the machines after \(run)")
      }
      let next = scene.machines(version: 2)
      let changed = try await scene.apply(next, last: two, run: "run-3")
      let newLives = try await scene.machineLives()
      for action in changed {
        try await scene.provider.perform(action, in: scene.context(next, run: "run-3"))
      }
      try expect(try await scene.machineLives(), is: newLives, "the machines after the second change")
      try expect(newLives.count, is: 2, "the number of machines")
    },
    machineCase("labels change where a machine is", "machines-labels") { scene in
      var one = scene.machines(version: 1, replicas: 1)
      one.labels = ["team": "contract", "stays": "so"]
      try await scene.apply(one)
      let life = try await scene.machineLives()
      var next = one
      next.labels = ["team": "platform", "new": "too", "stays": "so"]
      try await scene.apply(next, last: one, run: "run-2")
      try expect(try await scene.machineLives(), is: life, "the machine")
      let live = try require(try await scene.observed("machine"), "the machine")
      for label in next.labels.entries {
        try expect(live.live.labels[label.key], is: label.value, "the label `\(label.key)`")
      }
      try expect(try await scene.plan(next, last: next).actions.map(\.id), is: [], "a second plan")
      var fewer = next
      fewer.labels = ["stays": "so"]
      try await scene.apply(fewer, last: next, run: "run-3")
      try expect(
        try await scene.observed("machine")?.live.labels["team"], is: nil, "the label that was given up")
    },
    machineCase("a machine that does not come up says so, and gives way to one that does", "machines-failing")
    {
      scene in
      var broken = scene.machines(version: 1, replicas: 1)
      broken.machine = scene.harness.failingMachine()
      let failure = try await expectError(ActionFailure.self, "making a machine that does not come up") {
        try await scene.apply(broken)
      }
      try expect(!failure.message.isEmpty, "a message")
      try expect(try await scene.observe().isReady, is: false, "whether it is ready")
      let working = scene.machines(version: 1, replicas: 1)
      try await scene.apply(working, run: "run-2")
      let left = try await scene.observe().instances
      try expect(left.count, is: 1, "the number of machines")
      try expect(left.allSatisfy(\.isReady), "that it is ready")
    },
    machineCase("a machine that never becomes ready runs into the timeout", "machines-unready") { scene in
      var unready = scene.machines(version: 1, replicas: 1)
      scene.harness.makeUnready(&unready)
      let failure = try await expectError(ActionFailure.self, "making a machine that never becomes ready") {
        try await scene.apply(unready)
      }
      try expect(failure.hasTimedOut, "that it says so: \(failure.message)")
    },
    machineCase("waiting for a machine can be cancelled", "machines-cancel") { scene in
      var unready = scene.machines(version: 1, replicas: 1)
      scene.harness.makeUnready(&unready)
      let patient = ActionContext(
        key: scene.key, desired: unready, run: RunID("run-1"), timeout: .seconds(86_400))
      let plan = try await scene.plan(unready, last: nil)
      let work = Task {
        for action in plan.actions where action.kind.isPerformed {
          try await scene.provider.perform(action, in: patient)
        }
      }
      try await scene.wait(until: "a machine that has begun") { !$0.instances.isEmpty }
      work.cancel()
      try await expectError(CancellationError.self, "a cancelled action") { try await work.value }
    },
    machineCase("machines stop and stay so, twice over, and start as themselves", "machines-stop") { scene in
      let two = scene.machines(version: 1)
      try await scene.apply(two)
      let stops = try await scene.operate(.stop(.all), on: two, run: "run-2")
      try expect(stops.count, is: 2, "the number of machines that are stopped")
      for action in stops { try await scene.provider.perform(action, in: scene.context(two, run: "run-2")) }
      let stopped = OperatorState(stopped: [.all])
      let states = try await scene.observe().instances.map(\.state)
      try expect(states, is: [.stopped, .stopped], "the states")
      try expect(
        try await scene.plan(two, last: two, operatorState: stopped).actions.map(\.id), is: [],
        "a plan of what is stopped")
      let starts = try await scene.operate(.start(.all), on: two, after: stopped, run: "run-3")
      for action in starts { try await scene.provider.perform(action, in: scene.context(two, run: "run-3")) }
      let after = try await scene.observe()
      try expect(after.instances.count, is: 2, "the number of machines")
      try expect(after.isReady, "that all are ready")
    },
    machineCase("a machine that another hand stopped is started", "machines-stopped-by-hand") { scene in
      let two = scene.machines(version: 1)
      try await scene.apply(two)
      let id = try await scene.instance(1)
      try await scene.harness.kill("machine", in: id, of: scene.key)
      try await scene.wait(until: "a machine that is seen not to run") {
        $0.instance(id).map { [.stopped, .failed].contains($0.state) } ?? false
      }
      let actions = try await scene.apply(two, last: two, run: "run-2")
      try expect(actions.map(\.id.description), is: ["start \(id)"], "the actions that mend it")
      try expect(actions.map(\.causes), is: [[.drift]], "their causes")
      try expect(try await scene.observe().isReady, "that all are ready")
    },
    machineCase("a machine that another hand ended is made anew, and no other one", "machines-killed") {
      scene in
      let two = scene.machines(version: 1)
      try await scene.apply(two)
      let id = try await scene.instance(0)
      let other = try await scene.machineLives()[1]
      try await scene.harness.kill(id, of: scene.key)
      try await scene.wait(until: "a machine that is seen to be gone") { $0.instance(id)?.isAlive != true }
      let actions = try await scene.apply(two, last: two, run: "run-2")
      try expect(actions.map(\.kind), is: [.create], "the actions that mend it")
      try expect(actions.map(\.causes), is: [[.drift]], "their causes")
      let lives = try await scene.machineLives()
      try expect(lives.count, is: 2, "the number of machines")
      try expect(lives.contains(other), "the other machine")
      try expect(try await scene.observe().isReady, "that all are ready")
    },
    machineCase("two groups do not see each other", "machines-group") { scene in
      let here = scene.machines(version: 1, replicas: 1)
      try await scene.apply(here)
      let second = ContractScene(scene.harness, "machines-group-two")
      let there = second.machines(version: 1, replicas: 1)
      try await second.apply(there)
      let many = await scene.provider.observe([scene.key, second.key], deeply: false)
      for each in [scene, second] {
        try expect(
          try many.answer(for: each.key), is: try await each.observe(), "what is seen of \(each.key)")
        try expect(try many.answer(for: each.key).instances.count, is: 1, "the machines of \(each.key)")
      }
      let lives = try await scene.machineLives()
      try await second.tidyUp()
      try expect(try await scene.machineLives(), is: lives, "the machines of the group that stays")
    },
  ]

  private static func machineCase(
    _ name: String, _ label: String, _ body: @escaping @Sendable (ContractScene) async throws -> Void
  ) -> ContractCase { ContractCase(name, label, needs: .machines, body) }
}

extension ContractScene {
  /// What tells each machine of the group from the one that comes after it, in the order of the instances.
  func machineLives() async throws -> [MachineLife] {
    try await observe().instances.map { instance in
      let machine = instance.services.first
      return MachineLife(
        instance: instance.id, id: machine?.machine?.id, processID: machine?.processID, since: machine?.since)
    }
  }
}

/// A machine from its start to its end.
struct MachineLife: Equatable {
  let instance: InstanceID
  let id: String?
  let processID: Int?
  let since: Timestamp?
}
