import DockerAPI
import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing

@testable import DockerProvider

/// All that a store is asked for, with every request to the engine gone wrong: cut off before the engine gets it or after
/// it was carried out, as for a program that is killed; failed; carried out without an answer; or late, after another
/// writer.
@Suite(.serialized, TestEngine.isThere) struct StoreScriptTests {
  struct Place: StoreCrashPlace {
    let world = DockerWorld()
    /// A caller that gets no answer is told so.
    let findsOutLostReplies = false
    let writesSuccessesLater = true
    let goesOnMeanwhile = true

    func open() async throws -> any ReleaseStore { store(on: TestEngine.connection()) }

    private func store(on connection: EngineConnection) -> DockerStore {
      DockerStore(
        connection: connection, names: world.storeNames, limits: StoreScript.limits, patience: .zero,
        sweepInterval: 1)
    }

    func attempt(
      _ fault: StoreFault, _ body: @Sendable (any ReleaseStore) async -> Void
    ) async throws -> Int {
      let requests = RequestSwitch(fault)
      let tap = try await EngineTap.start { requests.judge($0) }
      await body(store(on: EngineConnection { tap.endpoint }))
      requests.end()
      let count = requests.count
      try await tap.stop()
      return count
    }

    /// Versions that others took the place of, journals of runs that are archived, and content that no record has.
    func leftovers(of key: WorkloadKey) async throws -> [String] {
      let client = try await world.connection.client()
      let names = world.storeNames
      let volumes = try await client.volumes.list().map(\.name)
      let versions = [names.ledger(of: key), names.lock(of: key)].flatMap { prefix in
        volumes.filter { $0.hasPrefix(prefix) }.sorted { Self.number($0) < Self.number($1) }.dropLast()
      }
      let archive = Archive(client: client, names: names)
      let archived = try await archive.records(of: key)
      let state = try await world.ledger(of: key, on: client).read()
      let records = archived + state.unarchived + [try await archive.recordAhead(of: key)].compactMap(\.self)
      let contents = Set((records.flatMap(\.contents) + state.contents.keys).map(\.fileName))
      return versions
        + archived.flatMap { record in volumes.filter { $0.hasPrefix(names.journal(of: record.run.id)) } }
        + (try await archive.contentNames(of: key).filter { !contents.contains($0) }).map { "content \($0)" }
    }

    private static func number(_ name: String) -> Int {
      name.split(separator: "_").last.flatMap { Int($0) } ?? 0
    }

    func end() async throws { try await world.end() }
  }

  @Test("Whatever it is asked for happens whole or not at all")
  func whateverItIsAskedForHappensWholeOrNotAtAll() async throws {
    let stride = Thoroughness.part?.of ?? (Thoroughness.isFull ? 1 : 67)
    let report = try await StoreCrashes(stride: stride, first: Thoroughness.part?.number, atOnce: 4) {
      Place()
    }
    .run()
    print(report.summary("Docker, requests to the engine"))
    for failure in report.failures { Issue.record("\(failure)") }
    #expect(report.points >= 10)
  }
}
