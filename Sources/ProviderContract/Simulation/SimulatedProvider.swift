import Diagnostics
import Planning
import ProviderKit
import Secrets
import Synchronization
import WorkloadSpec

/// A provider whose engine is a ``SimulatedWorld`` in memory, and which can be told to go wrong.
public final class SimulatedProvider: Provider, StoreKeeper {
  /// What can be said of it without asking its engine.
  public let traits: ProviderTraits
  /// The release history, the runs and the lock.
  public let store: any ReleaseStore
  private let capabilities: Set<Capability>
  private let impact: @Sendable (ServiceChange) -> ImpactStatement
  private let state: Mutex<State>

  private struct State {
    var world: SimulatedWorld
    var faults: FaultPlan
    var observations = 0
    var performed: [ActionID] = []
    var problems = Diagnostics()
    var obstacles: [ActionID: Diagnostic] = [:]
    var rivals: [String] = []
    /// The histories of other engines.
    var kept: [EngineIdentity: MemoryStore] = [:]

    /// Notes what came of an action that must never come of any: that two instances write where one may. What was
    /// so before is none of its doing.
    mutating func watch(_ action: ActionID, of key: WorkloadKey, before: [String]) {
      rivals += world.rivals(of: key).filter { !before.contains($0) }.map {
        "\(action) makes rivals of \($0)"
      }
    }
  }

  /// A provider around a world.
  ///
  /// - Parameters:
  ///   - capabilities: what it says that it can do.
  ///   - unit: what it can change by itself.
  ///   - impact: what it says that changes cost; the language's minimum, if nothing is said.
  public init(
    world: SimulatedWorld = SimulatedWorld(), store: any ReleaseStore = MemoryStore(),
    faults: FaultPlan = FaultPlan(), capabilities: Set<Capability> = Set(Capability.allCases),
    unit: UnitOfChange = .service,
    impact: @escaping @Sendable (ServiceChange) -> ImpactStatement = { ImpactStatement($0.minimum) }
  ) {
    traits = ProviderTraits(
      name: "simulated", summary: "an engine that lives in memory", unit: unit,
      engineFields: SimulatedFields.all)
    self.capabilities = capabilities
    self.store = store
    self.impact = impact
    state = Mutex(State(world: world, faults: faults))
  }

  // MARK: The world behind it

  /// Everything that lives on the engine.
  public var world: SimulatedWorld { state.withLock { $0.world } }

  /// The actions that were asked for, in order, whether they succeeded or not.
  public var performed: [ActionID] { state.withLock { $0.performed } }

  /// The actions after which two instances wrote to a volume to which only one may write.
  public var rivals: [String] { state.withLock { $0.rivals } }

  /// How often the world was observed.
  public var observations: Int { state.withLock { $0.observations } }

  /// Changes the world behind berth's back.
  public func meddle(_ change: (inout SimulatedWorld) -> Void) { state.withLock { change(&$0.world) } }

  /// Says what goes wrong from now on; calls are counted anew.
  public func plan(_ faults: FaultPlan) {
    state.withLock { state in
      state.faults = faults
      state.observations = 0
      state.performed = []
    }
  }

  /// Says what ``assess(_:as:given:)`` answers from now on.
  public func object(_ problems: Diagnostics) { state.withLock { $0.problems = problems } }

  /// Says what stands in the way of an action from now on; see ``obstacles(to:given:)``.
  public func obstruct(_ action: ActionID, by obstacle: Diagnostic) {
    state.withLock { $0.obstacles[action] = obstacle }
  }

  /// The history of another engine, in memory like its own.
  public func store(of engine: EngineIdentity, limits: HistoryLimits) async throws -> any ReleaseStore {
    try await answer()
    if engine == world.engine { return store }
    return state.withLock { state in
      if let known = state.kept[engine] { return known }
      let store = MemoryStore()
      state.kept[engine] = store
      return store
    }
  }

  // MARK: ProviderReader

  /// All that the language has: what is compared is enforced, and told by the engine but for what it was told to hide.
  public func fields(on facts: EngineFacts) -> FieldTable {
    let unobservable = world.unobservable
    return FieldTable(
      FieldTable.fields(of: bodies(on: facts), on: traits.engineFields).map { path, isCompared in
        let field = path.split(separator: ".").dropFirst().first.map(String.init) ?? path
        let source: FieldSource = unobservable.contains(field) ? .stamp : .engine
        return FieldRow(
          path, isCompared ? .enforced(source) : .byBerth, cost: .inPlace, "kept as it is")
      })
  }

  /// The release history, the runs and the lock, for reading.
  public var history: any ReleaseReader { store }

  /// Which engine this is.
  public func info() async throws -> ProviderInfo {
    try await answer()
    return ProviderInfo(identity: world.engine, version: "1", location: "memory")
  }

  /// It can do its work, unless it was told to go wrong.
  public func health() async -> ProviderHealth {
    do { try await answer() } catch {
      return ProviderHealth(isHealthy: false, latency: .zero, message: "\(error)")
    }
    return ProviderHealth(isHealthy: true, latency: .zero, message: "it is imaginary")
  }

  private func answer() async throws {
    guard let fault = state.withLock({ $0.faults.next { $0 == .info } }) else { return }
    if fault == .hang { try await Self.hang() }
    throw ProviderError("the engine does not answer")
  }

  /// What is true of workloads in the world.
  public func observe(_ keys: [WorkloadKey], deeply: Bool) async -> Answers<Observation> {
    await Answers(of: keys, each: { try await self.look(at: $0, deeply: deeply) })
  }

  private func look(at key: WorkloadKey, deeply: Bool) async throws -> Observation {
    let (observation, fault) = state.withLock { state in
      state.observations += 1
      let call = state.observations
      // A controller goes on by itself: each look finds it a step further.
      state.world.step(key)
      return (state.world.observation(of: key, deeply: deeply), state.faults.next { $0 == .observe(call) })
    }
    guard let fault else { return observation }
    if fault == .hang { try await Self.hang() }
    throw ProviderError("the engine does not answer")
  }

  /// What the world has of strangers.
  public func adoptable(
    for workload: Workload, as key: WorkloadKey, _ request: AdoptionRequest, given observation: Observation
  ) async throws -> Adoptable {
    traits.unit(of: .services) == .workload
      ? world.adoptableController(for: workload, as: key, request)
      : world.adoptable(for: workload, as: key, request)
  }

  /// What ``object(_:)`` said.
  public func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics {
    state.withLock { $0.problems }
  }

  /// What ``obstruct(_:by:)`` said of the plan's actions.
  public func obstacles(to plan: Plan, given observation: Observation) async throws -> Diagnostics {
    let obstacles = state.withLock { $0.obstacles }
    return Diagnostics(plan.actions.compactMap { obstacles[$0.id] })
  }

  /// What the world's registry says.
  public func resolveImages(
    of services: [Service], secrets: [String: SecretValue]
  ) async throws -> [String: ImageResolution] {
    let registry = world.registry
    var answers: [String: ImageResolution] = [:]
    for service in services {
      answers[service.name] =
        service.image.flatMap { registry[$0] }.map { .digests([$0]) } ?? .unknown("no registry has it")
    }
    return answers
  }

  /// What the provider was made to say.
  public func impact(of change: ServiceChange, on facts: EngineFacts) -> ImpactStatement { impact(change) }

  /// What the provider was made to be able to do.
  ///
  /// An engine that changes instances takes over neither single services nor what a controller keeps.
  public func capabilities(on facts: EngineFacts) -> Set<Capability> {
    traits.unit(of: .services) == .instance ? capabilities.subtracting([.adopt]) : capabilities
  }

  /// A line for each time that a process started or gave up.
  public func logs(
    of key: WorkloadKey, matching query: LogQuery
  ) -> AsyncThrowingStream<LogLine, any Error> {
    var lines = (world.logs[key] ?? []).filter { line in
      query.wants(line.service, of: line.instance) && query.since.map { line.at >= $0 } ?? true
    }
    if let tail = query.tail {
      var left: [String: Int] = [:]
      lines = lines.reversed().filter { line in
        left["\(line.instance).\(line.service)", default: tail] -= 1
        return left["\(line.instance).\(line.service)", default: tail] >= 0
      }.reversed()
    }
    return AsyncThrowingStream { continuation in
      for line in lines { continuation.yield(line) }
      continuation.finish()
    }
  }

  /// What the world says, at the moment of its beginning.
  public func usage(of key: WorkloadKey) async throws -> [ServiceUsage] { world.usage(of: key) }

  // MARK: Provider

  /// Changes the world, or goes wrong as it was told to.
  public func perform(_ action: Action, in context: ActionContext) async throws {
    try Task.checkCancellation()
    let (fault, failure) = try state.withLock { state -> (Fault.Effect?, ActionFailure?) in
      state.performed.append(action.id)
      let call = state.performed.count
      let fault = state.faults.next { $0 == .perform(call) || $0 == .action(action.id) }
      let rivals = state.world.rivals(of: context.key)
      defer { state.watch(action.id, of: context.key, before: rivals) }
      do {
        switch fault {
        case nil, .loseReply: try state.world.perform(action, in: context)
        case .halfSucceed: state.world.performHalf(of: action, in: context)
        case .timeOut: state.world.performWithoutWaiting(action, in: context)
        case .fail, .hang: break
        }
      } catch let failure as ActionFailure {
        return (fault, failure)
      }
      return (fault, nil)
    }
    if let failure {
      if isStarting(action.subject, of: context.key) { try await Task.sleep(for: context.timeout) }
      throw failure
    }
    if action.subject == .workload, fault == nil || fault == .loseReply {
      try await settle(action, in: context)
    }
    switch fault {
    case nil: return
    case .fail: throw ProviderError("the engine refuses")
    case .loseReply: throw ProviderError("the connection to the engine was lost")
    case .halfSucceed: throw ActionFailure("the engine broke off")
    case .timeOut: throw ActionFailure("was not ready within \(context.timeout)", hasTimedOut: true)
    case .hang: try await Self.hang()
    }
  }

  /// Watches a controller until it has come to its end, or does not get on.
  private func settle(_ action: Action, in context: ActionContext) async throws {
    guard action.kind.handsSpecOver || action.kind == .stop else { return }
    let key = context.key
    while true {
      let (hasStepped, controller) = state.withLock { state in
        let rivals = state.world.rivals(of: key)
        let hasStepped = state.world.step(key)
        state.watch(action.id, of: key, before: rivals)
        return (hasStepped, state.world.observedController(of: key))
      }
      guard let controller else { throw ActionFailure("another client deleted the workload meanwhile") }
      if action.kind != .stop, controller.template.contains(where: { $0.stamp.run != context.run }) {
        throw ActionFailure("another client changed the workload meanwhile")
      }
      switch controller.progress {
      case .settled, .paused: return
      case .held: throw ActionFailure("another client holds the workload")
      case .stuck(let message): if !hasStepped { throw ActionFailure(message, logTail: tail(of: key)) }
      case .rolling, .orphaned:
        if !hasStepped {
          try await Task.sleep(for: context.timeout)
          throw ActionFailure(
            "was not ready within \(context.timeout)", logTail: tail(of: key), hasTimedOut: true)
        }
      }
      context.report("the engine makes \(controller.replicas) instances")
      await Task.yield()
    }
  }

  private func tail(of key: WorkloadKey) -> [LogLine] { Array((world.logs[key] ?? []).suffix(10)) }

  /// Runs one of the programs of a ``SimulatedCommand``.
  public func exec(
    _ request: ExecRequest, input: any AsyncSequence<ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    let observed = world.observation(of: request.key).instance(request.instance)?.service(request.service)
    guard let observed else {
      throw ActionFailure("there is no service `\(request.service)` in instance \(request.instance)")
    }
    guard observed.processID != nil else { throw ActionFailure("service `\(request.service)` does not run") }
    return try await SimulatedCommand(request, environment: observed.live.service.env)
      .run(input: input, output: output)
  }

  private func isStarting(_ subject: ActionSubject, of key: WorkloadKey) -> Bool {
    guard let id = subject.instance else { return false }
    let services = (world.observation(of: key).instance(id)?.services ?? []).filter { service in
      subject.service == nil || subject.service == service.name
    }
    // What has failed is waited for no longer.
    return services.contains { $0.state == .starting } && !services.contains { $0.state == .failed }
  }

  /// Waits until the task is cancelled.
  private static func hang() async throws {
    while true { try await Task.sleep(for: .seconds(3600)) }
  }
}
