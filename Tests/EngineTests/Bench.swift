import Diagnostics
import Engine
import Planning
import Policies
import ProviderContract
import ProviderKit
import Secrets
import Synchronization
import Testing
import WorkloadSpec

/// An engine on a simulated provider, with everything that a test wants to look at.
struct Bench: Sendable {
  let store: MemoryStore
  let provider: SimulatedProvider
  let time: TestTime
  let secrets: ChangeableSecrets
  var options = EngineOptions()
  /// What plans are held to.
  var policies = PolicySet()
  let key = WorkloadKey(name: "shop")

  init(
    capabilities: Set<Capability> = Set(Capability.allCases), time: TestTime = TestTime(),
    store: MemoryStore = MemoryStore(newDigestKey: Array(0..<32)), unit: UnitOfChange = .service,
    edit: (inout EngineOptions) -> Void = { _ in }
  ) {
    self.store = store
    provider = SimulatedProvider(store: store, capabilities: capabilities, unit: unit)
    self.time = time
    secrets = ChangeableSecrets()
    edit(&options)
  }

  /// A bench of its own, on which everything is as it is here now.
  func copy(edit: (inout EngineOptions) -> Void = { _ in }) -> Bench { Bench(copying: self, edit) }

  private init(copying other: Bench, _ edit: (inout EngineOptions) -> Void) {
    store = MemoryStore(copying: other.store)
    provider = SimulatedProvider(
      world: other.provider.world, store: store, capabilities: other.provider.capabilities(on: EngineFacts()),
      unit: other.provider.traits.unit(of: .services))
    time = TestTime(copying: other.time)
    secrets = ChangeableSecrets(copying: other.secrets)
    options = other.options
    edit(&options)
  }

  func engine(gate: (any CallGate)? = nil, stop: StopRequest = StopRequest()) -> Engine {
    let provider: any Provider = gate.map { GatedProvider(self.provider, gate: $0) } ?? self.provider
    return Engine(
      provider: provider, target: "local", options: options, environment: time.environment,
      secrets: SecretResolvers([secrets]), policies: policies, stop: stop)
  }

  var preview: EngineReader {
    EngineReader(
      reader: provider, target: "local", secrets: SecretResolvers([secrets]), policies: policies)
  }

  /// What asks for a goal, with or without a pause on the way, and with or without what is there being taken over.
  func request(
    _ goal: Goal, pauses: Bool = false, adopts: Bool = false, provenance: [String: Provenance] = [:]
  ) -> WorkloadRequest {
    WorkloadRequest(
      key: key, goal: goal, pause: pauses ? Examples.pause : nil,
      adoption: adopts ? AdoptionRequest(from: "project") : nil, provenance: { provenance })
  }

  @discardableResult
  func apply(
    _ goal: Goal, pauses: Bool = false, adopts: Bool = false, provenance: [String: Provenance] = [:],
    approve: @escaping @Sendable (Plan) async throws -> Bool = { _ in true }, log: EventLog = EventLog()
  ) async throws -> RunResult {
    try await engine().apply(
      request(goal, pauses: pauses, adopts: adopts, provenance: provenance), approve: approve,
      events: { log.add($0) })
  }

  @discardableResult
  func apply(
    _ workload: Workload, pauses: Bool = false, log: EventLog = EventLog()
  ) async throws -> RunResult {
    try await apply(.spec(workload, services: nil), pauses: pauses, log: log)
  }

  /// The codes of the diagnostics that a request is refused with.
  func refusal(
    of goal: Goal, pauses: Bool = false, adopts: Bool = false
  ) async throws -> [DiagnosticCode] {
    let error = try await #require(throws: DiagnosticError.self) {
      try await apply(goal, pauses: pauses, adopts: adopts)
    }
    return error.diagnostics.filter { $0.severity == .error }.map(\.code)
  }

  func plan(_ goal: Goal, pauses: Bool = false, adopts: Bool = false) async throws -> Plan {
    try await preview.plan(request(goal, pauses: pauses, adopts: adopts))
  }

  /// The live state, as two runs of one story must agree on it.
  var outline: Observation { provider.world.outline(of: key) }

  /// The instances that live.
  var instances: [ObservedInstance] { provider.world.observation(of: key).instances }

  var releases: [Release] {
    get async throws { try await store.releases(of: key, before: nil, limit: .max).reversed() }
  }

  func processID(_ service: String, in ordinal: Int = 0) -> Int? {
    provider.world.observation(of: key).instance(InstanceID(ordinal))?.service(service)?.processID
  }
}

/// Secrets that a test can change: those under `test:`, and those of the examples.
final class ChangeableSecrets: SecretResolver {
  private struct State {
    var values = ["test:token": "token-1", "shop/api-token": "two", "shop/db-password": "three"]
    var reads = 0
    var onSecondRead: @Sendable () async throws -> Void = {}
  }

  private let state = Mutex(State())

  init() {}

  /// The same values, to be changed on their own.
  init(copying other: ChangeableSecrets) {
    let values = other.state.withLock { $0.values }
    state.withLock { $0.values = values }
  }

  func set(_ key: String, to value: String?) { state.withLock { $0.values[key] = value } }

  func onSecondRead(_ action: @escaping @Sendable () async throws -> Void) {
    state.withLock { $0.onSecondRead = action }
  }

  func value(of key: String, in namespace: String) async throws -> SecretValue? {
    let (value, reads, action) = state.withLock { state in
      state.reads += 1
      return (state.values[key], state.reads, state.onSecondRead)
    }
    if reads == 2 { try await action() }
    guard let value else {
      if key.hasPrefix("test:") { throw SecretError(key: key, "it is not set") }
      return nil
    }
    return SecretValue(bytes: Array(value.utf8))
  }
}

/// What happened, in order.
final class EventLog: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func add(_ event: RunEvent) {
    let line =
      switch event {
      case .waitingForLock(let record): "waiting for \(record.holder.description)"
      case .waitingForWorkloads(let keys): "waiting for \(keys.map(\.name).joined(separator: ", "))"
      case .planned(let plan): "planned \(plan.actions.count)"
      case .started(let action): "started \(action.id)"
      case .progress(let action, let text): "\(action.id): \(text)"
      case .succeeded(let action, _): "succeeded \(action.id)"
      case .failed(let action, let message, _): "failed \(action.id): \(message)"
      case .recorded(let release): "recorded \(release.number)"
      case .goingBack(let release): "going back to \(release.map { "\($0)" } ?? "nothing")"
      }
    lines.withLock { $0.append(line) }
  }
}
