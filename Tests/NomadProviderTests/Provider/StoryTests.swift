import NomadFake
import ProviderKit
import Testing

@testable import NomadProvider
@testable import ProviderContract

@Suite("What befalls workloads on a cluster in memory") struct FakeStoryTests {
  @Test("A story", arguments: [FakeVersion.v1_1, .v1_10], ClusterStory.all)
  func isTold(_ version: FakeVersion, _ story: ClusterStory) async throws {
    try await FakeWorld.with(version) { world in
      try await story.tell(ContractScene(FakeHarness(world: world), "story"))
      #expect(world.cluster.breaches == [])
    }
  }
}

@Suite("What a failure on a cluster in memory says") struct LastWordsTests {
  @Test("The last words of a service are told, also where they come late")
  func comeLate() async throws {
    try await FakeWorld.with(lateness: .milliseconds(300)) { world in
      let harness = FakeHarness(world: world)
      let scene = ContractScene(harness, "late")
      let failure = await #expect(throws: ActionFailure.self) {
        try await scene.apply(scene.workload([harness.failingService("api", role: .main)]))
      }
      #expect(failure?.logTail.isEmpty == false)
    }
  }
}

@Suite("What befalls workloads on an agent of Nomad", TestAgent.isThere) struct AgentStoryTests {
  private func tell(_ story: ClusterStory, _ driver: NomadDriver) async throws {
    try await AgentWorld.with(driver) { world in
      try await story.tell(ContractScene(AgentHarness(world: world), "story"))
    }
  }

  @Test("A story of processes", TestAgent.has(.rawExec), arguments: ClusterStory.all)
  func isToldOfProcesses(_ story: ClusterStory) async throws { try await tell(story, .rawExec) }

  @Test("A story of containers", TestAgent.has(.docker), arguments: ClusterStory.all)
  func isToldOfContainers(_ story: ClusterStory) async throws { try await tell(story, .docker) }
}
