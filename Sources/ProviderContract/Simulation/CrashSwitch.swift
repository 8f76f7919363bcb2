import Planning
import ProviderKit
import Synchronization
import WorkloadSpec

/// Ends a program's dealings with the world at an exact point, as a kill does.
///
/// Hand an engine a ``CrashingProvider`` made with a switch. Every write and every performed action is an
/// effect and is counted. Armed for the k-th effect, the switch trips before or after it: the call throws
/// ``Crash``, and so does every later call, reading or writing, so that nothing can be tidied up.
public final class CrashSwitch: Sendable {
  /// A point between two effects, as seen from the one that it concerns.
  public struct Point: Sendable, Hashable, CustomStringConvertible {
    /// Which effect, from 1.
    public let effect: Int
    /// Whether the effect has taken place.
    public let isAfter: Bool

    /// Names a point.
    public init(before effect: Int) { (self.effect, isAfter) = (effect, false) }
    /// Names a point.
    public init(after effect: Int) { (self.effect, isAfter) = (effect, true) }

    /// `before effect 3`.
    public var description: String { "\(isAfter ? "after" : "before") effect \(effect)" }
  }

  private struct State {
    var count = 0
    var hasTripped = false
  }

  private let point: Point?
  private let state = Mutex(State())

  /// A switch that trips at a point, or one that only counts.
  public init(_ point: Point? = nil) { self.point = point }

  /// How many effects there were.
  public var count: Int { state.withLock { $0.count } }

  /// Whether the program is over.
  public var hasTripped: Bool { state.withLock { $0.hasTripped } }

  func read<Result>(_ body: () async throws -> Result) async throws -> Result {
    if hasTripped { throw Crash() }
    return try await body()
  }

  func effect<Result>(_ body: () async throws -> Result) async throws -> Result {
    let number = try state.withLock { state in
      if state.hasTripped { throw Crash() }
      state.count += 1
      state.hasTripped = point.map { $0.effect == state.count && !$0.isAfter } ?? false
      if state.hasTripped { throw Crash() }
      return state.count
    }
    // What was asked for happens; a program that is over never hears how it went.
    let result: Result
    do { result = try await body() } catch {
      try checkAfter(number)
      throw error
    }
    try checkAfter(number)
    return result
  }

  private func checkAfter(_ number: Int) throws {
    try state.withLock { state in
      if let point, point.isAfter, point.effect == number { state.hasTripped = true }
      if state.hasTripped { throw Crash() }
    }
  }
}

/// What every call of a program that is over throws.
public struct Crash: Error {}

/// A provider that is reached through a ``CrashSwitch``.
public struct CrashingProvider: Provider {
  private let base: any Provider
  private let crash: CrashSwitch

  /// Puts a switch before a provider and its store.
  public init(_ base: any Provider, crash: CrashSwitch) {
    self.base = base
    self.crash = crash
  }

  /// The provider's traits.
  public var traits: ProviderTraits { base.traits }
  /// The provider's store, behind the switch.
  public var store: any ReleaseStore { CrashingStore(base: base.store, crash: crash) }
  /// The provider's history, behind the switch.
  public var history: any ReleaseReader { store }

  /// Asks the provider.
  public func info() async throws -> ProviderInfo { try await crash.read { try await base.info() } }
  /// Asks the provider.
  public func health() async -> ProviderHealth { await base.health() }
  /// Asks the provider.
  public func observe(_ key: WorkloadKey, deeply: Bool) async throws -> Observation {
    try await crash.read { try await base.observe(key, deeply: deeply) }
  }
  /// Asks the provider.
  public func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics {
    try await crash.read { try await base.assess(workload, as: key, given: observation) }
  }
  /// Asks the provider.
  public func resolveImages(
    of services: [Service], secrets: [String: SecretValue]
  ) async throws -> [String: ImageResolution] {
    try await crash.read { try await base.resolveImages(of: services, secrets: secrets) }
  }
  /// Asks the provider.
  public func impact(of change: ServiceChange) -> ImpactStatement { base.impact(of: change) }
  /// Asks the provider.
  public func logs(
    of key: WorkloadKey, matching query: LogQuery
  ) -> AsyncThrowingStream<LogLine, any Error> { base.logs(of: key, matching: query) }
  /// Asks the provider.
  public func usage(of key: WorkloadKey) async throws -> [ServiceUsage] {
    try await crash.read { try await base.usage(of: key) }
  }
  /// Has the provider perform it: an effect.
  public func perform(_ action: Action, in context: ActionContext) async throws {
    try await crash.effect { try await base.perform(action, in: context) }
  }
  /// Has the provider run it: an effect.
  public func exec(
    _ request: ExecRequest, input: any AsyncSequence<ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    try await crash.effect { try await base.exec(request, input: input, output: output) }
  }
}

/// A store that is reached through a ``CrashSwitch``.
private struct CrashingStore: ReleaseStore {
  let base: any ReleaseStore
  let crash: CrashSwitch

  func workloads(in namespace: String?) async throws -> [WorkloadKey] {
    try await crash.read { try await base.workloads(in: namespace) }
  }
  func head(of key: WorkloadKey) async throws -> HistoryHead {
    try await crash.read { try await base.head(of: key) }
  }
  func release(_ number: Int, of key: WorkloadKey) async throws -> Release? {
    try await crash.read { try await base.release(number, of: key) }
  }
  func releases(of key: WorkloadKey, before: Int?, limit: Int) async throws -> [Release] {
    try await crash.read { try await base.releases(of: key, before: before, limit: limit) }
  }
  func runs(of key: WorkloadKey, limit: Int) async throws -> [Run] {
    try await crash.read { try await base.runs(of: key, limit: limit) }
  }
  func journal(of run: RunID) async throws -> [JournalEntry] {
    try await crash.read { try await base.journal(of: run) }
  }
  func lock(of key: WorkloadKey) async throws -> LockRecord? {
    try await crash.read { try await base.lock(of: key) }
  }
  func digestKey() async throws -> [UInt8]? { try await crash.read { try await base.digestKey() } }

  func begin(_ run: Run) async throws { try await crash.effect { try await base.begin(run) } }
  func append(_ entries: [JournalEntry]) async throws {
    try await crash.effect { try await base.append(entries) }
  }
  func finish(
    _ run: RunID, of key: WorkloadKey, outcome: RunOutcome, failure: String?, at: Timestamp,
    release: ReleaseDraft?, operatorState: OperatorState?
  ) async throws -> Release? {
    try await crash.effect {
      try await base.finish(
        run, of: key, outcome: outcome, failure: failure, at: at, release: release,
        operatorState: operatorState)
    }
  }
  func tryLock(_ key: WorkloadKey, as holder: LockHolder) async throws -> LockAttempt {
    try await crash.effect { try await base.tryLock(key, as: holder) }
  }
  func beat(_ key: WorkloadKey, token: String) async throws -> Bool {
    try await crash.effect { try await base.beat(key, token: token) }
  }
  func breakLock(_ key: WorkloadKey, seen: LockRecord) async throws -> Bool {
    try await crash.effect { try await base.breakLock(key, seen: seen) }
  }
  func unlock(_ key: WorkloadKey, token: String) async throws {
    try await crash.effect { try await base.unlock(key, token: token) }
  }
  func makeDigestKey() async throws -> [UInt8] {
    try await crash.effect { try await base.makeDigestKey() }
  }
}
