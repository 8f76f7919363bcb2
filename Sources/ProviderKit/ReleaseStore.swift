import Crypto
import Diagnostics
import Planning
import Values
import WorkloadSpec

/// What a target keeps of its workloads, for reading. Where nothing was ever applied, everything is empty.
///
/// - Note: every method throws, or answers with, ``StoreError`` if what is kept can't be read.
public protocol ReleaseReader: Sendable {
  /// The workloads of a namespace that have releases or runs, or of all, in order; destroyed ones too.
  func workloads(in namespace: String?) async throws -> [WorkloadKey]

  /// The workloads of a namespace of which a release may be in force, in order; by default, all that have a history. A store to
  /// which it is cheaper leaves destroyed ones out.
  func residents(in namespace: String) async throws -> [WorkloadKey]

  /// What is true of the history of each of some workloads now. However many they are, a store that can list what it
  /// keeps lists it once.
  func heads(of keys: [WorkloadKey]) async -> Answers<HistoryHead>

  /// A release by its number; `nil` if there was none, or if it is kept no longer.
  func release(_ number: Int, of key: WorkloadKey) async throws -> Release?

  /// The releases of a workload, the newest first.
  ///
  /// - Parameter before: only those with a smaller number, for reading in pages.
  func releases(of key: WorkloadKey, before: Int?, limit: Int) async throws -> [Release]

  /// The runs of a workload, the newest first.
  func runs(of key: WorkloadKey, limit: Int) async throws -> [Run]

  /// The journal of a run, in order.
  func journal(of run: RunID) async throws -> [JournalEntry]

  /// Who holds the lock of a workload.
  func lock(of key: WorkloadKey) async throws -> LockRecord?

  /// The key of the digests of secrets of a namespace, if there is one yet. A target may have one for all namespaces.
  func digestKey(in namespace: String) async throws -> [UInt8]?

  /// The key that plans for workloads of a namespace are signed with, if there is one yet; by default, it follows from
  /// ``digestKey(in:)``. A store that can keep the two apart lets those plan who may not sign.
  func planKey(in namespace: String) async throws -> [UInt8]?
}

extension ReleaseReader {
  /// All that have a history.
  public func residents(in namespace: String) async throws -> [WorkloadKey] {
    try await workloads(in: namespace)
  }

  /// What is true of a workload's history now.
  public func head(of key: WorkloadKey) async throws -> HistoryHead {
    try await heads(of: [key]).answer(for: key)
  }

  /// A key that follows from the key of digests, so that no code of a plan passes for the digest of a secret, or the other
  /// way round.
  public func planKey(in namespace: String) async throws -> [UInt8]? {
    try await digestKey(in: namespace).map { key in
      Array(
        HMAC<SHA256>.authenticationCode(for: Array("saved plans".utf8), using: SymmetricKey(data: key)))
    }
  }

  /// The last release of a workload; it may be a tombstone.
  public func lastRelease(of key: WorkloadKey) async throws -> Release? { try await head(of: key).release }
}

/// What a target keeps of its workloads, for writing. Each method is one transaction: it happened whole, or
/// not at all.
public protocol ReleaseStore: ReleaseReader {
  /// Writes down that a run starts. Earlier runs of the workload that are still unfinished become abandoned.
  ///
  /// - Parameter recording: what the run is going to record if it succeeds. A store to which writing takes long may begin
  ///   with it while the run is under way; what is true is what
  ///   ``finish(_:of:outcome:failure:at:release:operatorState:)`` says.
  func begin(_ run: Run, recording: RunRecording?) async throws

  /// Adds to the journal.
  func append(_ entries: [JournalEntry]) async throws

  /// Writes down how a run ended and, if it succeeded, the release that it made and what operators asked,
  /// together.
  ///
  /// - Parameters:
  ///   - release: what to record; its number is assigned here, one more than the last one's.
  ///   - operatorState: what operators asked; `nil` leaves that as it is.
  /// - Returns: the release as recorded.
  func finish(
    _ run: RunID, of key: WorkloadKey, outcome: RunOutcome, failure: String?, at: Timestamp,
    release: ReleaseDraft?, operatorState: OperatorState?
  ) async throws -> Release?

  /// Takes the lock of a workload, if it is free.
  func tryLock(_ key: WorkloadKey, as holder: LockHolder) async throws -> LockAttempt

  /// Says that the holder is alive.
  ///
  /// - Returns: whether the lock is still this holder's.
  func beat(_ key: WorkloadKey, token: String) async throws -> Bool

  /// Takes the lock away from a holder that did not beat since a waiter saw this record.
  ///
  /// - Returns: whether it was taken away; not if the holder beat meanwhile.
  func breakLock(_ key: WorkloadKey, seen: LockRecord) async throws -> Bool

  /// Gives the lock back; nothing happens if it is not this holder's.
  func unlock(_ key: WorkloadKey, token: String) async throws

  /// The key of the digests of secrets of a namespace. It is made at the first call, and with it the one that plans are
  /// signed with.
  func makeDigestKey(in namespace: String) async throws -> [UInt8]
}

extension ReleaseStore {
  /// Writes down that a run starts of which it is not known what it is going to record.
  public func begin(_ run: Run) async throws { try await begin(run, recording: nil) }

  /// Writes down how a run ended that changes nothing of what operators asked.
  public func finish(
    _ run: RunID, of key: WorkloadKey, outcome: RunOutcome, failure: String?, at: Timestamp,
    release: ReleaseDraft?
  ) async throws -> Release? {
    try await finish(
      run, of: key, outcome: outcome, failure: failure, at: at, release: release, operatorState: nil)
  }
}

/// What a run is going to record if it succeeds. To find that out may take a while, in which the run goes on; it is known
/// before the run is finished.
public struct RunRecording: Sendable {
  /// What a successful run leaves in the store besides itself.
  public struct Content: Sendable {
    /// The release, if there is one.
    public var release: ReleaseDraft?
    /// What operators asked; `nil` leaves that as it is.
    public var operatorState: OperatorState?

    public init(release: ReleaseDraft? = nil, operatorState: OperatorState? = nil) {
      self.release = release
      self.operatorState = operatorState
    }
  }

  private let finding: Task<Content, Never>

  /// What is going to be recorded; to find it out begins at once.
  public init(_ find: @escaping @Sendable () async -> Content) { finding = Task { await find() } }

  /// What is going to be recorded, as soon as that is known.
  public var content: Content { get async { await finding.value } }
}

/// A release that has no number yet.
public struct ReleaseDraft: Sendable {
  /// What was applied; `nil` leaves a tombstone.
  public var snapshot: Workload?
  /// Who applied it.
  public var by: String
  /// Where each service's spec comes from.
  public var provenance: [String: Provenance]
  /// The release that a rollback restored.
  public var restoredFrom: Int?
  /// The named set that the workload is applied under.
  public var setName: String?
  /// The policies that the user of its run overrides, and why: as the run has it.
  public var policyOverride: PolicyOverride?

  public init(
    snapshot: Workload?, by: String, provenance: [String: Provenance] = [:], restoredFrom: Int? = nil,
    setName: String? = nil, policyOverride: PolicyOverride? = nil
  ) {
    self.snapshot = snapshot
    self.by = by
    self.provenance = provenance
    self.restoredFrom = restoredFrom
    self.setName = setName
    self.policyOverride = policyOverride
  }
}

/// Who wants a lock.
public struct LockHolder: Sendable, Equatable {
  /// A random text that no other holder has.
  public var token: String
  /// Who it is, in words: `ada@build-7, process 4711`.
  public var description: String
  /// When the lock was asked for.
  public var since: Timestamp

  public init(token: String, description: String, since: Timestamp) {
    self.token = token
    self.description = description
    self.since = since
  }
}

/// A lock that is held.
public struct LockRecord: Sendable, Equatable {
  /// The run that holds it, and since when it wants it.
  public var holder: LockHolder
  /// How often the holder said that it is alive.
  public var beat: Int
  /// Whether the store knows for certain that the holder is gone, so that other runs need not wait.
  public var holderIsGone: Bool

  public init(holder: LockHolder, beat: Int, holderIsGone: Bool = false) {
    self.holder = holder
    self.beat = beat
    self.holderIsGone = holderIsGone
  }
}

/// What became of an attempt to take a lock.
public enum LockAttempt: Sendable, Equatable {
  /// The caller has it.
  case acquired
  /// Another holder has it.
  case held(LockRecord)
}

/// A store that can't be used.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// Why, in one line.
  public let message: String
  /// What to do about it.
  public let help: String?
  /// The code of the diagnostic that a person sees.
  public let code: DiagnosticCode

  public init(_ message: String, help: String? = nil, code: DiagnosticCode = .storeUnusable) {
    self.message = message
    self.help = help
    self.code = code
  }

  /// The message, as it is shown to users.
  public var description: String { message }
}
