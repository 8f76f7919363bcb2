import DockerAPI
import Planning
import ProviderKit
import Testing
import WorkloadSpec

@testable import DockerProvider

/// What the release store survives.
@Suite(.serialized, TestEngine.isThere) struct StoreTests {
  private func record(_ name: String, in store: DockerStore, of key: WorkloadKey) async throws {
    let run = Run(
      id: RunID(name), key: key, intent: .apply, startedAt: Timestamp(milliseconds: 1), by: "ada", summary: ""
    )
    try await store.begin(run)
    try await store.append([
      JournalEntry(
        run: run.id, action: ActionID("create 0"), event: .intended, at: Timestamp(milliseconds: 2))
    ])
    _ = try await store.finish(
      run.id, of: key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 3),
      release: ReleaseDraft(snapshot: .of(.idle("api")), by: "ada"))
  }

  @Test func readingMakesNothing() async throws {
    try await withDocker { world in
      let store = world.openStore()
      #expect(try await store.lastRelease(of: world.key) == nil)
      #expect(try await store.releases(of: world.key, before: nil, limit: 10).isEmpty)
      #expect(try await store.runs(of: world.key, limit: 10).isEmpty)
      #expect(try await store.workloads(in: nil).isEmpty)
      #expect(try await store.lock(of: world.key) == nil)
      #expect(try await store.digestKey() == nil)
      let leftovers = try await world.leftovers()
      #expect(leftovers == [])
    }
  }

  @Test func aPrunedLedgerIsToldByTheArchive() async throws {
    try await withDocker { world in
      let store = world.openStore()
      for number in 1...3 { try await record("run-\(number)", in: store, of: world.key) }
      let before = try await store.lastRelease(of: world.key)
      let client = try await world.connection.client()
      for volume in try await client.volumes.list(filters: ["name": [world.storeNames.ledger(of: world.key)]])
      {
        try await client.volumes.remove(volume.name)
      }
      #expect(try await store.lastRelease(of: world.key) == before)
      #expect(
        try await store.runs(of: world.key, limit: 9).map(\.id.description) == ["run-3", "run-2", "run-1"])
      #expect(try await store.journal(of: RunID("run-1")).count == 1)
      try await record("run-4", in: store, of: world.key)
      #expect(try await store.releases(of: world.key, before: nil, limit: 9).map(\.number) == [4, 3, 2, 1])
    }
  }

  @Test func aPrunedContainerIsMadeAgain() async throws {
    try await withDocker { world in
      let store = world.openStore()
      for number in 1...2 { try await record("run-\(number)", in: store, of: world.key) }
      let client = try await world.connection.client()
      try await client.containers.remove(world.storeNames.archive)
      // What a plan needs is there; what it does not need says why it is not.
      #expect(try await store.lastRelease(of: world.key)?.number == 2)
      let error = try await #require(throws: StoreError.self) {
        try await store.releases(of: world.key, before: nil, limit: 9)
      }
      #expect(error.message.contains(world.storeNames.archive))
      #expect(try await ifFound { try await client.containers.inspect(world.storeNames.archive) } == nil)
      try await record("run-3", in: store, of: world.key)
      #expect(try await store.releases(of: world.key, before: nil, limit: 9).map(\.number) == [3, 2, 1])
    }
  }

  @Test func aLedgerIsOneVolumeAndAJournalNone() async throws {
    try await withDocker { world in
      let store = world.openStore()
      for number in 1...3 { try await record("run-\(number)", in: store, of: world.key) }
      let names = try await world.leftovers()
      #expect(names.filter { $0.hasPrefix(world.storeNames.ledger(of: world.key)) }.count == 1)
      #expect(names.filter { $0.hasPrefix("\(world.storeNames.prefix).journal_") }.isEmpty)
    }
  }

  @Test func whoLookedLongAgoChangesNothing() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let ledger = Ledger(client: client, names: world.storeNames, key: world.key) { LedgerState() }
      try await ledger.update { $0.sequence = 1 }
      // While one looks, the others make five versions and delete four of them.
      let late = try await ledger.update { state in
        if state.sequence == 1 {
          for sequence in 2...6 { try await ledger.update { $0.sequence = sequence } }
        }
        state.sequence += 100
      }
      #expect(late.sequence == 106)
      #expect(try await ledger.read().sequence == 106)
    }
  }

  @Test func somethingElseOnTheStoresNameIsNotTouched() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      var config = ContainerConfig()
      config.image = TestEngine.image
      for name in [world.storeNames.archive, world.storeNames.lock(of: world.key)] {
        try await client.containers.create(named: name, ContainerCreation(config: config))
      }
      let store = world.openStore()
      await #expect(throws: StoreError.self) { try await record("run-1", in: store, of: world.key) }
      await #expect(throws: StoreError.self) {
        try await store.tryLock(
          world.key, as: LockHolder(token: "a", description: "ada", since: Timestamp(milliseconds: 1)))
      }
    }
  }
}
