import GRDB
import LocalProvider
import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing

/// All that a store is asked for, with every call to the disk gone wrong: the disk breaks once, or for good as for a
/// program that is killed; or another writer, over a connection of its own, begins at the call. It stands in the suite of the disk, for there is one faulty disk at a time.
extension LocalStoreDiskTests {
  struct ScriptPlace: StoreCrashPlace {
    let folder = StoreFolder()
    /// A call that fails undoes its transaction; its caller is told.
    let findsOutLostReplies = false
    /// A call waits for a moment only: who holds a lock goes on, so that the other gets it.
    let goesOnMeanwhile = true

    private func store() -> LocalStore { LocalStore(path: folder.path, limits: StoreScript.limits) }

    func open() async throws -> any ReleaseStore { store() }

    func attempt(
      _ fault: StoreFault, _ body: @Sendable (any ReleaseStore) async -> Void
    ) async throws -> Int {
      if fault.kind == .comeLate, fault.step > 0 {
        await FaultyDisk.during(
          pauseAt: fault.step, in: folder, meanwhile: { try? await fault.meanwhile() },
          { await body(store()) })
        return fault.step
      }
      let how: FaultyDisk.Fault = fault.kind == .fail ? .brokenOnce : .broken
      return await FaultyDisk.during(fault.step == 0 ? nil : (how, at: fault.step), in: folder) {
        await body(store())
        // Who is killed holds nothing any more. A connection that is given up closes a moment later, on a thread of its
        // own: one that lasted longer than the broken disk would share with the next what SQLite had in memory.
        await folder.untilClosed()
      }
    }

    func leftovers(of key: WorkloadKey) async throws -> [String] {
      var configuration = Configuration()
      configuration.busyMode = .timeout(60)
      return try await DatabaseQueue(path: folder.path, configuration: configuration).read { database in
        try String.fetchAll(
          database,
          sql: """
            SELECT 'journal of ' || run FROM journal WHERE run NOT IN (SELECT id FROM runs)
            UNION SELECT 'run ' || id FROM runs WHERE namespace = ?1 AND workload = ?2
              AND sequence NOT IN (SELECT sequence FROM runs WHERE namespace = ?1 AND workload = ?2
                ORDER BY sequence DESC LIMIT ?3)
              AND id NOT IN (SELECT run FROM releases)
            """, arguments: [key.namespace, key.name, StoreScript.limits.runs])
          + String.fetchAll(
            database,
            sql: """
              SELECT 'content ' || digest FROM contents WHERE digest NOT IN (
                SELECT digest FROM contentReferences JOIN releases USING (namespace, workload, number))
              """)
      }
    }
  }

  @Test("Whatever it is asked for happens whole or not at all")
  func whateverItIsAskedForHappensWholeOrNotAtAll() async throws {
    let report = try await StoreCrashes([.cutBefore, .fail, .comeLate], stride: Thoroughness.isFull ? 1 : 13)
    {
      ScriptPlace()
    }.run()
    print(report.summary("SQLite, calls to the disk"))
    for failure in report.failures { Issue.record("\(failure)") }
    #expect(report.points > 30)
  }
}
