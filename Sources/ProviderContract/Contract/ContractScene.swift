import Planning
import ProviderKit
import Secrets
import Values
import WorkloadSpec

/// A workload on the engine under test, driven by plans as the engine would drive it, without a store.
struct ContractScene: Sendable {
  let harness: any ProviderHarness
  let key: WorkloadKey
  /// The values of secrets, by key.
  private var secrets: [String: SecretValue] = [:]
  private var digestKey: [UInt8]?
  var provider: any Provider { harness.provider }

  init(_ harness: any ProviderHarness, _ label: String) {
    self.harness = harness
    key = harness.key(label)
  }

  func workload(
    _ services: [Service], replicas: Int = 1, _ edit: (inout Workload) -> Void = { _ in }
  ) -> Workload {
    var workload = Workload()
    workload.name = key.name
    workload.replicas = replicas
    // Changes are made in place unless a case is about instances that give way to others.
    workload.strategy.maxUnavailable = 1
    workload.services = services
    edit(&workload)
    return workload
  }

  func service(_ name: String, _ role: Role = .main, version: Int = 1) -> Service {
    harness.service(name, role: role, version: version)
  }

  /// The same scene with secrets.
  func withSecrets(_ values: [String: String]) async throws -> ContractScene {
    var scene = self
    scene.secrets = values.mapValues { SecretValue(bytes: Array($0.utf8)) }
    scene.digestKey = try await provider.store.makeDigestKey(in: key.namespace)
    return scene
  }

  private var secretDigests: [String: String] {
    guard let digestKey else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: secrets.map { key, value in
        (key, SecretDigest.text(of: value.bytes, named: key, digestKey: digestKey))
      })
  }

  func context(_ desired: Workload?, run: String) -> ActionContext {
    ActionContext(
      key: key, desired: desired, run: RunID(run), timeout: harness.timeout, secrets: secrets,
      secretDigests: secretDigests, digestKey: digestKey, engine: provider.traits.engineFields)
  }

  func observe() async throws -> Observation { try await provider.observe(key) }

  func plan(
    _ desired: Workload?, last: Workload?, operation: Planning.Operation? = nil, pause: Pause? = nil,
    operatorState: OperatorState = OperatorState(), deletesVolumes: Bool = false
  ) async throws -> Plan {
    let provider = provider
    let facts = try await provider.info().facts
    let release = last.map { snapshot in
      Release(
        number: 1, key: key, snapshot: snapshot, recordedAt: Timestamp(milliseconds: 0), by: "contract",
        run: RunID("run-1"))
    }
    let observation = try await observe()
    return try Planner.plan(
      PlanInput(
        key: key, target: "contract", intent: operation?.intent ?? (desired == nil ? .destroy : .apply),
        desired: desired, operation: operation, pause: pause, operatorState: operatorState,
        observation: observation, lastRelease: release, secretDigests: secretDigests,
        addresses: desired.map { AddressBook(of: $0, by: provider.traits.addressing, given: observation) },
        unit: provider.traits.unit(of: desired?.body ?? observation.body),
        engine: provider.traits.engineFields,
        deletesVolumes: deletesVolumes, impact: { provider.impact(of: $0, on: facts) }))
  }

  /// Plans and performs, and returns what was done.
  @discardableResult
  func apply(
    _ desired: Workload?, last: Workload? = nil, run: String = "run-1",
    operatorState: OperatorState = OperatorState(), deletesVolumes: Bool = false
  ) async throws -> [Action] {
    try await perform(
      try await plan(desired, last: last, operatorState: operatorState, deletesVolumes: deletesVolumes),
      run: run)
  }

  /// Plans and performs what an operator asks of what was applied, and returns what was done.
  @discardableResult
  func operate(
    _ operation: Planning.Operation, on workload: Workload, after state: OperatorState = OperatorState(),
    run: String
  ) async throws -> [Action] {
    try await perform(
      try await plan(workload, last: workload, operation: operation, operatorState: state), run: run)
  }

  private func perform(_ plan: Plan, run: String) async throws -> [Action] {
    let actions = plan.actions.filter(\.kind.isPerformed)
    for action in actions { try await provider.perform(action, in: context(plan.desired, run: run)) }
    return actions
  }

  /// The instance in a place, or the one with that rank where the engine gives instances names.
  func instance(_ place: Int = 0) async throws -> InstanceID {
    let observation = try await observe()
    return observation.instance(at: place)?.id ?? InstanceID(place)
  }

  func observed(_ name: String, in place: Int = 0) async throws -> ObservedService? {
    try await observe().instance(at: place)?.service(name)
  }

  func require(_ name: String, in place: Int = 0, line: Int = #line) async throws -> ObservedService {
    guard let service = try await observed(name, in: place) else {
      throw ContractViolation("expected a service `\(name)` in instance \(place)", line: line)
    }
    return service
  }

  /// What tells one process of a service from the next one.
  func life(of name: String, in place: Int = 0) async throws -> Life {
    let service = try await require(name, in: place)
    return Life(processID: service.processID, since: service.since, restarts: service.restarts)
  }

  struct Life: Equatable {
    let processID: Int?
    let since: Timestamp?
    let restarts: Int
  }

  /// Repeats a look until something is so, for as long as a service may take to become ready, and at least a
  /// hundred times: a busy machine may come to one look a second.
  func wait(
    until what: String, line: Int = #line, _ isSo: (Observation) -> Bool
  ) async throws {
    let clock = ContinuousClock()
    let end = clock.now + harness.timeout
    var looks = 0
    while !isSo(try await observe()) {
      looks += 1
      guard looks < 100 || clock.now < end else {
        throw ContractViolation("expected \(what) after a while", line: line)
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Takes everything away that the case made.
  func tidyUp() async throws { try await apply(nil, run: "run-9", deletesVolumes: true) }
}

extension Observation {
  /// The instance in a place, or the one with that rank where the engine gives instances names. One that ends is not meant
  /// while there are others: an engine may take its time over it when another one has its work.
  func instance(at place: Int) -> ObservedInstance? {
    if let instance = instances.first(where: { $0.id.ordinal == place }) { return instance }
    let named = { (instances: [ObservedInstance]) in
      instances.filter { $0.id.ordinal == nil }.sorted { $0.id < $1.id }
    }
    return (named(staying).isEmpty ? named(instances) : named(staying)).dropFirst(place).first
  }

  /// The instances but for those that have names and end.
  var staying: [ObservedInstance] {
    instances.filter { instance in
      instance.id.ordinal != nil
        || !instance.services.allSatisfy { [.destroying, .destroyed, .stopped].contains($0.state) }
    }
  }
}
