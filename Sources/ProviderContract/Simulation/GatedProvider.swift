import Diagnostics
import Planning
import ProviderKit
import Secrets
import Values
import WorkloadSpec

/// A provider that is reached through a ``CallGate``.
public struct GatedProvider: Provider {
  private let base: any Provider
  private let gate: any CallGate

  /// Puts a gate before a provider and its store.
  public init(_ base: any Provider, gate: any CallGate) {
    self.base = base
    self.gate = gate
  }

  /// Those of the provider behind the gate.
  public var traits: ProviderTraits { base.traits }
  /// The provider's store, behind the gate.
  public var store: any ReleaseStore { GatedStore(base: base.store, gate: gate) }
  /// The provider's history, behind the gate.
  public var history: any ReleaseReader { store }

  /// Asks the provider.
  public func connect() async throws { try await gate.read { try await base.connect() } }
  /// Asks the provider.
  public func info() async throws -> ProviderInfo { try await gate.read { try await base.info() } }
  /// Asks the provider.
  public func health() async -> ProviderHealth { await base.health() }
  /// Asks the provider.
  public func observe(_ keys: [WorkloadKey], deeply: Bool) async -> Answers<Observation> {
    await Answers(of: keys, together: { try await gate.read { await base.observe(keys, deeply: deeply) } })
  }
  /// Asks the provider.
  public func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics {
    try await gate.read { try await base.assess(workload, as: key, given: observation) }
  }
  /// Asks the provider.
  public func adoptable(
    for workload: Workload, as key: WorkloadKey, _ request: AdoptionRequest, given observation: Observation
  ) async throws -> Adoptable {
    try await gate.read { try await base.adoptable(for: workload, as: key, request, given: observation) }
  }
  /// Asks the provider.
  public func objections(to plan: Plan) async throws -> Diagnostics {
    try await gate.read { try await base.objections(to: plan) }
  }
  /// Asks the provider.
  public func obstacles(to plan: Plan, given observation: Observation) async throws -> Diagnostics {
    try await gate.read { try await base.obstacles(to: plan, given: observation) }
  }
  /// Asks the provider.
  public func resolveImages(
    of services: [Service], secrets: [String: SecretValue]
  ) async throws -> [String: ImageResolution] {
    try await gate.read { try await base.resolveImages(of: services, secrets: secrets) }
  }
  /// Asks the provider.
  public func fields(on facts: EngineFacts) -> FieldTable { base.fields(on: facts) }
  /// Asks the provider.
  public func impact(of change: ServiceChange, on facts: EngineFacts) -> ImpactStatement {
    base.impact(of: change, on: facts)
  }

  /// What the provider can do.
  public func capabilities(on facts: EngineFacts) -> Set<Capability> { base.capabilities(on: facts) }
  /// Asks the provider.
  public func logs(
    of key: WorkloadKey, matching query: LogQuery
  ) -> AsyncThrowingStream<LogLine, any Error> { base.logs(of: key, matching: query) }
  /// Asks the provider.
  public func usage(of key: WorkloadKey) async throws -> [ServiceUsage] {
    try await gate.read { try await base.usage(of: key) }
  }
  /// Has the provider perform it: an effect.
  public func perform(_ action: Action, in context: ActionContext) async throws {
    try await gate.perform(action, of: context.key) { try await base.perform(action, in: context) }
  }
  /// Has the provider run it: an effect.
  public func exec(
    _ request: ExecRequest, input: any AsyncSequence<ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    try await gate.effect { try await base.exec(request, input: input, output: output) }
  }
}

/// A store that is reached through a ``CallGate``.
private struct GatedStore: ReleaseStore {
  let base: any ReleaseStore
  let gate: any CallGate

  func workloads(in namespace: String?) async throws -> [WorkloadKey] {
    try await gate.read { try await base.workloads(in: namespace) }
  }
  func residents(in namespace: String) async throws -> [WorkloadKey] {
    try await gate.read { try await base.residents(in: namespace) }
  }
  func heads(of keys: [WorkloadKey]) async -> Answers<HistoryHead> {
    await Answers(of: keys, together: { try await gate.read { await base.heads(of: keys) } })
  }
  func release(_ number: Int, of key: WorkloadKey) async throws -> Release? {
    try await gate.read { try await base.release(number, of: key) }
  }
  func releases(of key: WorkloadKey, before: Int?, limit: Int) async throws -> [Release] {
    try await gate.read { try await base.releases(of: key, before: before, limit: limit) }
  }
  func runs(of key: WorkloadKey, limit: Int) async throws -> [Run] {
    try await gate.read { try await base.runs(of: key, limit: limit) }
  }
  func journal(of run: RunID) async throws -> [JournalEntry] {
    try await gate.read { try await base.journal(of: run) }
  }
  func lock(of key: WorkloadKey) async throws -> LockRecord? {
    try await gate.read { try await base.lock(of: key) }
  }
  func digestKey(in namespace: String) async throws -> [UInt8]? {
    try await gate.read { try await base.digestKey(in: namespace) }
  }
  func planKey(in namespace: String) async throws -> [UInt8]? {
    try await gate.read { try await base.planKey(in: namespace) }
  }

  func begin(_ run: Run, recording: RunRecording?) async throws {
    try await gate.effect { try await base.begin(run, recording: recording) }
  }
  func append(_ entries: [JournalEntry]) async throws {
    try await gate.effect { try await base.append(entries) }
  }
  func finish(
    _ run: RunID, of key: WorkloadKey, outcome: RunOutcome, failure: String?, at: Timestamp,
    release: ReleaseDraft?, operatorState: OperatorState?
  ) async throws -> Release? {
    try await gate.effect {
      try await base.finish(
        run, of: key, outcome: outcome, failure: failure, at: at, release: release,
        operatorState: operatorState)
    }
  }
  func tryLock(_ key: WorkloadKey, as holder: LockHolder) async throws -> LockAttempt {
    try await gate.effect { try await base.tryLock(key, as: holder) }
  }
  func beat(_ key: WorkloadKey, token: String) async throws -> Bool {
    try await gate.effect { try await base.beat(key, token: token) }
  }
  func breakLock(_ key: WorkloadKey, seen: LockRecord) async throws -> Bool {
    try await gate.effect { try await base.breakLock(key, seen: seen) }
  }
  func unlock(_ key: WorkloadKey, token: String) async throws {
    try await gate.effect { try await base.unlock(key, token: token) }
  }
  func makeDigestKey(in namespace: String) async throws -> [UInt8] {
    try await gate.effect { try await base.makeDigestKey(in: namespace) }
  }
}
