import DockerAPI
import Engine
import Planning
import ProviderKit
import Testing
import Values

@testable import DockerProvider

/// What berth 0.1 wrote while it worked on an engine is read by this berth.
@Suite struct OlderRecordTests {
  private let older: OlderEngine

  init() throws { older = try OlderEngine() }

  @Test("The ledger and the lock") func theLedgerAndTheLock() throws {
    let ledgers = try older.volumes("ledger_").map { volume in
      try LedgerState(json: try Value(json: try #require(volume.labels[Label.prefix + "state"])))
    }
    let state = try #require(ledgers.last)
    #expect(state.release?.number == 5 && state.run?.outcome == .succeeded)
    #expect(state.release?.snapshot?.replicas == 2)
    let lock = try #require(older.volumes("lock_").last)
    #expect(lock.labels[Label.version] == Label.currentVersion && lock.labels[Label.prefix + "token"] == nil)
  }

  @Test("The archive") func theArchive() throws {
    let records = try older.files(in: "records").map { file in
      let json = try #require(Archive.unseal(file.bytes), "\(file.name)")
      let record = try RunRecord(json: json)
      #expect(CanonicalJSON.compact(record.json) == CanonicalJSON.compact(json))
      return record
    }
    #expect(!records.isEmpty && records.allSatisfy { $0.run.key == OlderEngine.key })
    let journals = older.files(in: "journals")
    #expect(Set(journals.map(\.name)) == Set(records.map(\.run.id.description)))
    for file in journals {
      let json = try #require(Archive.unseal(file.bytes), "\(file.name)")
      let journal = try ArchivedJournal(json: json)
      #expect(!journal.entries.isEmpty && CanonicalJSON.compact(journal.json) == CanonicalJSON.compact(json))
    }
    let workloads = try older.files(in: "workloads").map { file in
      let json = try #require(Archive.unseal(file.bytes), "\(file.name)")
      return try WorkloadKey(json: json)
    }
    #expect(workloads == [OlderEngine.key])
  }

  @Test("The stamps of containers") func theStampsOfContainers() throws {
    let workload = try older.workload(level: "debug")
    #expect(older.containers.count == 6)
    for container in older.containers {
      let stamp = try #require(try ServiceStamp(labels: container.config.labels ?? [:], key: OlderEngine.key))
      // The spec that it was made from is what this berth makes of the same file, and so is the digest of it.
      let service = try #require(workload.service(stamp.stamp.service))
      #expect(stamp.spec == service, "\(container.name)")
      #expect(
        stamp.stamp.digest == SpecDigest(of: service, in: workload, on: DockerFields.all), "\(container.name)"
      )
    }
  }
}

/// An engine on which berth 0.1 worked is gone on with by this berth.
@Suite(TestEngine.isThere) struct OlderEngineTests {
  /// Puts back what 0.1 left, and takes everything away behind it.
  private func withOlderEngine(_ body: (OlderEngine, DockerWorld) async throws -> Void) async throws {
    let older = try OlderEngine()
    let world = DockerWorld(namespace: OlderEngine.key.namespace)
    // A run that was broken off here has left the same names.
    try await world.end()
    do {
      try await older.restore(in: world)
      try await body(older, world)
    } catch {
      try? await world.end()
      throw error
    }
    try await world.end()
  }

  @Test("This berth goes on where that one stopped") func thisBerthGoesOnWhereThatOneStopped() async throws {
    try await withOlderEngine { older, world in
      let key = OlderEngine.key
      let store = world.openStore()
      // The history.
      let releases = try await store.releases(of: key, before: nil, limit: 10)
      #expect(releases.map(\.number) == [5, 4, 3, 2, 1])
      #expect(releases.map(\.restoredFrom) == [nil, nil, 1, nil, nil])
      let runs = try await store.runs(of: key, limit: 10)
      #expect(
        runs.map(\.outcome) == [
          .succeeded, .succeeded, .succeeded, .succeeded, .failed, .succeeded, .succeeded,
        ])
      for run in runs { #expect(try await !store.journal(of: run.id).isEmpty, "\(run.id)") }
      #expect(try await store.digestKey(in: "default")?.count == 32)
      #expect(try await store.lock(of: key) == nil)

      // A plan of the same file changes nothing.
      let workload = try older.workload(level: "debug")
      let same = try await plan(.spec(workload, services: nil), world)
      #expect(same.isEmpty, "\(same.actions.map { "\($0.id): \($0.changes)" })")

      // Its releases are gone back to.
      #expect(try await apply(.release(1), world) == 6)
      let again = try await plan(.spec(try older.workload(level: "info"), services: nil), world)
      #expect(again.actions.map(\.id.description) == [], "\(again.actions.map { "\($0.id): \($0.changes)" })")
      let variables = try await world.observed("api").live.service.env
      #expect(variables["LOG_LEVEL"] == "info" && variables["GREETING"] == "naïve \"quoted\"")
      #expect(
        try await world.output(of: "cat /data/seed /etc/shop/config.yaml", in: "api")
          == "seeded\nlevel: info\n")

      // And what is applied now follows.
      #expect(try await apply(.spec(workload, services: nil), world) == 7)
      let now = try await world.openStore().releases(of: key, before: nil, limit: 10)
      #expect(now.map(\.number) == [7, 6, 5, 4, 3, 2, 1] && now[1].restoredFrom == 1)
    }
  }

  private func plan(_ goal: Goal, _ world: DockerWorld) async throws -> Plan {
    try await EngineReader(reader: world.provider, target: "docker", secrets: OlderEngine.secrets).plan(
      WorkloadRequest(key: OlderEngine.key, goal: goal))
  }

  /// - Returns: the number of the release that is recorded.
  private func apply(_ goal: Goal, _ world: DockerWorld) async throws -> Int? {
    let result = try await Engine(provider: world.provider, target: "docker", secrets: OlderEngine.secrets)
      .apply(WorkloadRequest(key: OlderEngine.key, goal: goal))
    #expect(result.outcome == .succeeded, "\(result.failures)")
    return result.release?.number
  }
}
