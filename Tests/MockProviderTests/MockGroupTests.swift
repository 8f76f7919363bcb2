import Diagnostics
import Engine
import Foundation
import MachineKit
import MockProvider
import Planning
import ProviderContract
import ProviderKit
import Secrets
import Testing
import WorkloadSpec

/// Groups of mock machines under targets that make it hard, and files that were changed by hand.
@Suite struct MockGroupTests {
  private let key = WorkloadKey(name: "workers")

  private func apply(
    _ workload: Workload, in world: MockWorld, _ target: MockTarget = MockTarget()
  ) async throws -> RunResult {
    try await Engine(
      provider: world.provider(target), target: "mock", options: EngineOptions(parallelism: 1),
      secrets: SecretResolvers([])
    ).apply(WorkloadRequest(key: key, goal: .spec(workload, services: nil)), events: { _ in })
  }

  private func plan(_ workload: Workload, in world: MockWorld) async throws -> Plan {
    try await EngineReader(reader: world.provider(), target: "mock", secrets: SecretResolvers([])).plan(
      WorkloadRequest(key: key, goal: .spec(workload, services: nil)))
  }

  private func refusal(
    _ workload: Workload, in world: MockWorld, _ target: MockTarget
  ) async throws -> [Diagnostic] {
    let error = try await #require(throws: DiagnosticError.self) {
      try await apply(workload, in: world, target)
    }
    return error.diagnostics.filter { $0.severity == .error }
  }

  private func failing(_ call: MockCall, _ how: MockFailure.Manner, times: Int = 1) -> MockTarget {
    var failure = MockFailure()
    (failure.call, failure.how, failure.times) = (call, how, times)
    var target = MockTarget()
    target.fail = [failure]
    return target
  }

  @Test(
    "A call that goes wrong ends the run, and the next one makes what is missing and no more",
    arguments: [MockFailure.Manner.refused, .unreachable, .lostReply])
  func aCallGoesWrong(how: MockFailure.Manner) async throws {
    try await withMock { world in
      let target = failing(.create, how)
      let first = try await apply(group(), in: world, target)
      #expect(first.outcome == .failed)
      #expect(try await apply(group(), in: world, target).outcome == .succeeded)
      #expect(try await world.machines().list(MachineQuery()).count == 2)
      #expect(try await apply(group(), in: world, target).outcome == .nothingToDo)
    }
  }

  @Test("A double of a machine is seen, and ended by the next apply") func aDouble() async throws {
    try await withMock { world in
      _ = try await apply(group(), in: world)
      try world.edit { machines in
        var double = machines[0]
        (double["id"], double["token"]) = ("m-9", "another")
        machines.append(double)
      }
      let seen = try await world.provider().observe(key)
      #expect(seen.instances.count == 2)
      #expect(seen.instances.first?.services.first?.message == "m-1 has the work, and m-9 is its double")
      let plan = try await plan(group(), in: world)
      #expect(plan.actions.map(\.id.description) == ["start 0"])
      #expect(try await apply(group(), in: world).outcome == .succeeded)
      #expect(try await world.machines().list(MachineQuery()).map(\.id) == ["m-1", "m-2"])
    }
  }

  @Test(
    "A state that is not known, and a move to other hardware, are no reason to do anything",
    arguments: ["parked", "repairing"])
  func statesThatSayNothing(state: String) async throws {
    try await withMock { world in
      _ = try await apply(group(), in: world)
      try world.edit { $0[0]["state"] = state }
      #expect(try await plan(group(), in: world).actions.isEmpty)
      let machine = try await world.provider().observe(key).instances.first?.services.first
      #expect(machine?.isReady == false)
      #expect(machine?.state == (state == "repairing" ? .starting : .unknown))
    }
  }

  @Test("What was changed by hand is drift, and what others tagged is not") func changedByHand() async throws
  {
    try await withMock { world in
      let labelled = group { $0.labels = ["team": "platform"] }
      _ = try await apply(labelled, in: world)
      try world.edit { machines in
        var tags = try #require(machines[0]["tags"] as? [String: Any])
        (tags["team"], tags["cost-centre"]) = ("other", "4711")
        machines[0]["tags"] = tags
      }
      let plan = try await plan(labelled, in: world)
      #expect(plan.actions.map(\.id.description) == ["update 0"])
      #expect(plan.actions.first?.causes == [.drift])
      _ = try await apply(labelled, in: world)
      let tags = try await world.machines().machine("m-1")?.tags
      #expect(tags?["team"] == "platform" && tags?["cost-centre"] == "4711")
    }
  }

  // MARK: Subnets

  private func subnets(_ sizes: KeyValuePairs<String, Int>) -> MockTarget {
    var target = MockTarget()
    target.subnets = sizes.map { name, size in
      var subnet = MockSubnet()
      (subnet.name, subnet.size) = (name, size)
      return subnet
    }
    return target
  }

  private func subnets(of world: MockWorld) async throws -> [String] {
    try await world.machines().list(MachineQuery()).compactMap(\.subnet)
  }

  @Test("The first subnet with room is taken, in the stated order") func theFirstWithRoom() async throws {
    try await withMock { world in
      let workload = group(replicas: 3) { $0.machine?.subnets = ["b", "a"] }
      let applied = try await apply(workload, in: world, subnets(["a": 9, "b": 2]))
      #expect(applied.outcome == .succeeded)
      #expect(try await subnets(of: world) == ["b", "b", "a"])
    }
  }

  @Test("Machines are spread where that is asked") func spread() async throws {
    try await withMock { world in
      let workload = group(replicas: 4) { workload in
        workload.machine?.subnets = ["b", "a"]
        workload.machine?.spread = true
      }
      let applied = try await apply(workload, in: world, subnets(["a": 9, "b": 9]))
      #expect(applied.outcome == .succeeded)
      #expect(try await subnets(of: world) == ["b", "a", "b", "a"])
    }
  }

  @Test("Subnets without room are an error of the plan") func noRoom() async throws {
    try await withMock { world in
      let workload = group(replicas: 4) { $0.machine?.subnets = ["a", "b"] }
      let errors = try await refusal(workload, in: world, subnets(["a": 1, "b": 2]))
      #expect(errors.map(\.code) == [.noAddressesLeft])
      #expect(errors.first?.message == "the plan makes 4 machines, and `a`, `b` have room for 3")
      #expect(try await world.machines().list(MachineQuery()).isEmpty)
    }
  }

  // MARK: User data, checks and files

  @Test("User data that is too long is an error of the plan") func userDataTooLong() async throws {
    try await withMock { world in
      let long = String(repeating: "x", count: 16_385)
      let errors = try await refusal(group { $0.machine?.userData = FileText(long) }, in: world, MockTarget())
      #expect(errors.map(\.code) == [.providerRefuses])
    }
  }

  @Test("Other user data is another machine, and the text is handed over as it is meant") func userData()
    async throws
  {
    try await withMock { world in
      _ = try await apply(group { $0.machine?.userData = "one" }, in: world)
      let next = group { $0.machine?.userData = "echo $${root} $HOME" }
      let plan = try await plan(next, in: world)
      #expect(plan.actions.flatMap(\.changes).contains { $0.path == "machine.userData" })
      _ = try await apply(next, in: world)
      #expect(try await apply(next, in: world).outcome == .nothingToDo)
      let file = try String(contentsOfFile: world.machines().path, encoding: .utf8)
      #expect(file.contains(#""userData" : "echo ${root} $HOME""#))
    }
  }

  @Test("A health check that no machine answers keeps a rollout from going on") func healthCheck()
    async throws
  {
    try await withMock { world in
      let engine = Engine(
        provider: world.provider(), target: "mock",
        options: EngineOptions(timeout: .milliseconds(300), parallelism: 1), secrets: SecretResolvers([]))
      let workload = group { workload in
        var check = HealthCheck()
        (check.port, check.timeout) = (1, SpecDuration(milliseconds: 50))
        workload.healthCheck = check
      }
      let failed = try await engine.apply(
        WorkloadRequest(key: key, goal: .spec(workload, services: nil)), events: { _ in })
      #expect(failed.outcome == .failed)
      // The check is known from the machine itself: there is no release yet.
      #expect(try await world.provider().observe(key).instances.allSatisfy { !$0.isReady })
      var without = workload
      without.healthCheck = HealthCheck()
      without.healthCheck?.disabled = true
      #expect(try await apply(without, in: world).outcome == .succeeded)
    }
  }

  @Test("A file that can't be read is an error, and never an absence of machines") func aBrokenFile()
    async throws
  {
    try await withMock { world in
      _ = try await apply(group(), in: world)
      try "{".write(toFile: world.machines().path, atomically: true, encoding: .utf8)
      await #expect(throws: ProviderError.self) { try await world.provider().observe(key) }
      #expect(await world.provider().health().isHealthy == false)
    }
  }

  @Test("Many machines are planned from pages, and none is asked for by itself") func many() async throws {
    try await withMock { world in
      var target = MockTarget()
      target.pageSize = 20
      _ = try await apply(group(replicas: 200), in: world, target)
      let calls = CallCounter()
      let provider = MockProvider(
        machines: CountingMachines(world.machines(target), calls), in: world.folder, store: world.store)
      let plan = try await EngineReader(reader: provider, target: "mock", secrets: SecretResolvers([])).plan(
        WorkloadRequest(
          key: key,
          goal: .spec(group(replicas: 200) { $0.machine?.disk = ByteQuantity("80Gi") }, services: nil)))
      #expect(plan.actions.count == 201)
      #expect(calls.pages == 10 && calls.others == 0)
    }
  }
}
