import Planning
import ProviderKit
import Values

/// A store that keeps nothing: these tests are about processes.
struct EmptyStore: ReleaseStore {
  func workloads(in namespace: String?) -> [WorkloadKey] { [] }
  func heads(of keys: [WorkloadKey]) async -> Answers<HistoryHead> {
    await Answers(of: keys, each: { _ in HistoryHead() })
  }
  func release(_ number: Int, of key: WorkloadKey) -> Release? { nil }
  func releases(of key: WorkloadKey, before: Int?, limit: Int) -> [Release] { [] }
  func runs(of key: WorkloadKey, limit: Int) -> [Run] { [] }
  func journal(of run: RunID) -> [JournalEntry] { [] }
  func lock(of key: WorkloadKey) -> LockRecord? { nil }
  func digestKey(in namespace: String) -> [UInt8]? { makeDigestKey(in: namespace) }
  func begin(_ run: Run, recording: RunRecording?) {}
  func append(_ entries: [JournalEntry]) {}
  func finish(
    _ run: RunID, of key: WorkloadKey, outcome: RunOutcome, failure: String?, at: Timestamp,
    release: ReleaseDraft?, operatorState: OperatorState?
  ) -> Release? { nil }
  func tryLock(_ key: WorkloadKey, as holder: LockHolder) -> LockAttempt { .acquired }
  func beat(_ key: WorkloadKey, token: String) -> Bool { true }
  func breakLock(_ key: WorkloadKey, seen: LockRecord) -> Bool { true }
  func unlock(_ key: WorkloadKey, token: String) {}
  func makeDigestKey(in namespace: String) -> [UInt8] { [7, 7, 7] }
}
