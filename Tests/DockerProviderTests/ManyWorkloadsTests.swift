import DockerAPI
import Engine
import Planning
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import DockerProvider

/// What many workloads are looked at by.
@Suite(TestEngine.isThere) struct ManyWorkloadsTests {
  /// As many as are no longer asked for by their names.
  private static let number = 18

  private func keys(_ world: DockerWorld) -> [WorkloadKey] {
    (0..<Self.number).map { WorkloadKey(namespace: world.namespace, name: "w\($0)") }
  }

  private func workload(_ key: WorkloadKey) -> Workload {
    var workload = Workload.of(.idle("api"))
    workload.name = key.name
    return workload
  }

  /// Has workloads live, each with its release.
  private func release(_ keys: [WorkloadKey], _ world: DockerWorld) async throws {
    let store = world.openStore()
    for key in keys {
      let run = Run(
        id: RunID("run-\(key.name)"), key: key, intent: .apply, startedAt: Timestamp(milliseconds: 1),
        by: "ada", summary: "")
      try await store.begin(run)
      _ = try await store.finish(
        run.id, of: key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 2),
        release: ReleaseDraft(snapshot: workload(key), by: "ada"))
      let context = ActionContext(
        key: key, desired: workload(key), run: run.id, timeout: .seconds(30))
      try await world.provider.perform(Action(.create, .instance(InstanceID(0))), in: context)
      try await world.provider.perform(Action(.create, .service(InstanceID(0), "api")), in: context)
    }
  }

  @Test("The number of lists does not grow with the number of workloads")
  func theNumberOfListsDoesNotGrowWithTheNumberOfWorkloads() async throws {
    try await withDocker { world in
      let keys = keys(world)
      try await release(keys, world)
      let tap = try await EngineTap.start()
      let provider = DockerProvider(
        connection: EngineConnection { tap.endpoint }, storeNames: world.storeNames)
      let preview = EngineReader(reader: provider, target: "docker")
      try await provider.connect()
      for count in [1, 3, Self.number] {
        tap.forget()
        let some = keys.prefix(count).map {
          WorkloadRequest(key: $0, goal: .spec(workload($0), services: nil))
        }
        let sight = await preview.look(at: some)
        for request in some {
          let plan = try await preview.plan(request, given: sight)
          #expect(plan.isEmpty, "\(plan.actions.map(\.id))")
        }
        let lists = tap.paths.filter { ["GET containers/json", "GET networks", "GET volumes"].contains($0) }
        #expect(
          lists.sorted() == [
            "GET containers/json", "GET containers/json", "GET networks", "GET volumes", "GET volumes",
            "GET volumes",
          ], "\(count) workloads")
        #expect(tap.paths.count { $0.hasSuffix("/json") && $0.hasPrefix("GET containers/") } == 2 + count)
      }
      try await tap.stop()
    }
  }

  @Test("What is wrong with one is said of that one") func whatIsWrongWithOneIsSaidOfThatOne() async throws {
    try await withDocker { world in
      let keys = Array(keys(world).prefix(3))
      try await release(keys, world)
      let client = try await world.connection.client()
      // The stamp of the first is one of another version, and its history nothing that anybody wrote.
      let name = EngineNames(key: keys[0]).container(of: "api", in: InstanceID(0))
      var config = try await client.containers.inspect(name).config
      try await client.containers.remove(name, force: true)
      config.labels?[Label.version] = "2"
      try await client.containers.create(named: name, ContainerCreation(config: config))
      try await client.volumes.create(
        VolumeCreation(
          name: world.storeNames.ledger(of: keys[0]) + "99",
          labels: [Label.prefix + "lineage": "a b", Label.prefix + "state": "{}"]))

      let heads = await world.openStore().heads(of: keys)
      #expect(throws: StoreError.self) { try heads.answer(for: keys[0]) }
      #expect(try heads.answer(for: keys[1]).release?.number == 1)
      let observations = await world.provider.observe(keys, deeply: false)
      #expect(try observations.answer(for: keys[0]).gaps.count == 1)
      for key in keys.dropFirst() {
        #expect(try observations.answer(for: key).instances.count == 1)
        #expect(try observations.answer(for: key).gaps.isEmpty)
      }
    }
  }
}
