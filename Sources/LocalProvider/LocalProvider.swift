import Crypto
import Diagnostics
import Planning
import ProviderKit
import Supervisor
import Values
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs workloads as processes of this machine, each instance under a supervisor of its own that outlives the
/// command which started it.
public struct LocalProvider: Provider, StoreKeeper {
  /// What `provider:` of a target in berth.yaml calls it.
  public static let name = "local"
  /// What it is, in one sentence.
  public static let summary = "processes on this machine, each instance under a supervisor of its own"
  /// The variables of a command's environment that services inherit; all others they do not see.
  public static let inheritedVariables = ["PATH", "HOME", "LANG", "TZ"]

  /// The release history, the runs and the lock.
  public let store: any ReleaseStore

  private let layout: Layout
  private let program: ProgramCopy
  private let limits = MachineLimits()
  private let environment: [String: String]
  private let region: String?
  private let zone: String?

  /// A provider that keeps everything under one folder.
  ///
  /// - Parameters:
  ///   - home: the folder; it is made by the first action that needs it.
  ///   - store: where releases, runs and locks are kept.
  ///   - executable: the program that supervisors run, whose `main` hands over to ``Supervisor``; by default the
  ///     running one.
  ///   - environment: what ``inheritedVariables`` are; by default this process's own.
  ///   - region: where the machine is, if that is worth a word.
  ///   - zone: where in the region it is; the machine's name by default.
  public init(
    home: String, store: any ReleaseStore, executable: String? = nil, environment: [String: String]? = nil,
    region: String? = nil, zone: String? = nil
  ) {
    self.store = store
    layout = Layout(home: Files.absolute(home))
    program = ProgramCopy(of: executable ?? ProgramCopy.running, to: layout)
    self.environment = environment ?? Self.ownEnvironment()
    self.region = region
    self.zone = zone
  }

  private static func ownEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    for name in inheritedVariables + ["TERM"] {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    return variables
  }

  private var searchPath: String { environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin" }

  private var inherited: [String] {
    var variables = environment.filter { Self.inheritedVariables.contains($0.key) }
    variables["PATH"] = searchPath
    return variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  // MARK: Reading

  /// Begins to look for what can be limited on this machine, which nearly everything needs to know. There is nothing that
  /// would have to answer.
  public func connect() async throws {
    Task { [limits] in try? await offload { _ in _ = limits.value } }
  }

  /// What can be said without looking at the machine.
  public var traits: ProviderTraits {
    ProviderTraits(
      name: Self.name, summary: Self.summary, unit: .service,
      addressing: .loopback(assigned: PortAssignment.assignable))
  }

  /// What local processes can do, whatever can be limited on the machine.
  public func capabilities(on facts: EngineFacts) -> Set<Capability> {
    [
      .provision, .deploy, .scale, .logs, .exec, .volumes, .rolling, .recreate, .blueGreen, .canary, .tls,
      .before,
    ]
  }

  /// The release history, the runs and the lock, for reading.
  public var history: any ReleaseReader { store }

  /// This machine. What tells it apart is the machine's own identity and the folder in use.
  public func info() async throws -> ProviderInfo {
    ProviderInfo(
      identity: identity, version: MachineFacts.system, region: region,
      location: zone ?? MachineFacts.hostName, facts: facts)
  }

  /// What can be limited on this machine.
  private var facts: EngineFacts { limits.value }

  /// The history of another engine's workloads, in a file of its own below the folder in use.
  public func store(of engine: EngineIdentity, limits: HistoryLimits) async throws -> any ReleaseStore {
    engine == identity
      ? store : LocalStore(path: "\(layout.home)/stores/\(engine.storePath)/berth.db", limits: limits)
  }

  private var identity: EngineIdentity {
    let digest = SHA256.hash(data: Array("\(MachineFacts.identity)\n\(layout.home)".utf8))
    return EngineIdentity(provider: Self.name, id: Hex.lower(digest.prefix(8)))
  }

  /// Whether the folder in use can be written to, or be made.
  public func health() async -> ProviderHealth {
    let start = ContinuousClock.now
    let folder = Files.nearestFolder(layout.home)
    let isWritable = access(folder, W_OK | X_OK) == 0
    let message = isWritable ? "\(layout.home) can be written to" : "\(folder) can't be written to"
    return ProviderHealth(isHealthy: isWritable, latency: ContinuousClock.now - start, message: message)
  }

  /// What supervisors answer, and what is known of instances that have none any more. Config files are always read:
  /// there is no deeper look.
  public func observe(_ keys: [WorkloadKey], deeply: Bool) async -> Answers<Observation> {
    let facts = facts
    return await Answers(of: keys) { try await look(at: $0, facts) }
  }

  private func look(at key: WorkloadKey, _ facts: EngineFacts) async throws -> Observation {
    var observation = Observation(engine: identity)
    observation.facts = facts.compared
    let fields = LocalFields.on(facts)
    let layout = layout
    let names: [String]
    do {
      names = try Files.names(in: layout.instances, startingWith: layout.prefix(of: key))
      observation.volumes = try VolumeObserver(layout: layout).volumes(of: key)
      observation.heldPorts = HeldPorts(layout: layout, key: key).read()
    } catch {
      throw ProviderError("\(error)")
    }
    let ids = names.compactMap { layout.instanceID($0, of: key) }
    let digestKey = ids.isEmpty ? nil : try await store.digestKey(in: key.namespace)
    let findings = try await withThrowingTaskGroup(of: InstanceObserver.Finding.self) { group in
      for id in ids {
        let observer = InstanceObserver(
          key: key, id: id, layout: layout, digestKey: digestKey, fields: fields)
        group.addTask { try await offload { _ in observer.look() } }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for finding in findings {
      switch finding {
      case .instance(let instance): observation.instances.append(instance)
      case .foreign(let object): observation.foreign.append(object)
      case .gap(let text): observation.gaps.append(text)
      case .nothing: break
      }
    }
    observation.instances.sort { $0.id < $1.id }
    observation.foreign.sort { $0.name < $1.name }
    observation.gaps.sort()
    observation.setBeforeApart()
    return observation
  }

  /// Services need a command whose program is there, and fixed host ports must be free. What local processes
  /// do not do is a warning: to run images, and to limit resources where the system does not let them.
  public func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics {
    // Without instances there is nothing that could have been digested.
    let digestKey = observation.instances.isEmpty ? nil : try await store.digestKey(in: key.namespace)
    var assessment = Assessment(layout: layout, path: searchPath, observation: observation)
    var diagnostics = assessment.assess(workload, as: key, digestKey: digestKey)
    diagnostics.append(contentsOf: LocalFields.on(facts).findings(on: workload))
    return diagnostics
  }

  /// The rows of local processes.
  public func fields(on facts: EngineFacts) -> FieldTable { LocalFields.on(facts).table }

  /// Only one change costs more here than the language says: less memory than before needs a restart, since what
  /// a process holds can't be taken from it.
  public func impact(of change: ServiceChange, on facts: EngineFacts) -> ImpactStatement {
    LocalFields.on(facts).table.impact(of: change) { _ in nil }
  }

  /// Lines that services wrote, also those of instances that have no supervisor any more.
  public func logs(of key: WorkloadKey, matching query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
    LogReader(layout: layout, key: key, query: query).stream()
  }

  /// What the kernel counts for the processes of services. No supervisor is asked.
  public func usage(of key: WorkloadKey) async throws -> [ServiceUsage] {
    let layout = layout
    return try await translatingErrors {
      try await offload { _ in try UsageReader(layout: layout, key: key).read() }
    }
  }

  // MARK: Writing

  /// Performs one action through the supervisor of its instance, which is started if need be.
  public func perform(_ action: Action, in context: ActionContext) async throws {
    let launcher = SupervisorLauncher(layout: layout, program: program, environment: inherited)
    let layout = layout
    let fields = LocalFields.on(facts)
    try await translatingErrors {
      try await offload { cancellation in
        try ActionPerformer(
          layout: layout, fields: fields, launcher: launcher, context: context, cancellation: cancellation
        )
        .perform(action)
      }
    }
  }

  /// Runs a command in the environment and the folder of a service. Its supervisor starts it, and ends it, first
  /// by a hang-up and then by force, when this process goes away.
  public func exec(
    _ request: ExecRequest, input: any AsyncSequence<ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    let folder = layout.instance(request.instance, of: request.key)
    let terminal = request.terminal == nil ? nil : environment["TERM"] ?? "xterm"
    return try await translatingErrors {
      var (command, typing) = try await offload { _ in
        guard let client = try SupervisorClient.connect(to: folder) else {
          throw ActionFailure("instance \(request.instance) of `\(request.key.name)` does not run")
        }
        let streams = try CommandStreams(terminal: request.terminal)
        let socket = try client.start(
          ServiceCommand(service: request.service, words: request.command, terminal: terminal),
          streams.farEnds)
        return (
          RunningCommand(supervisor: socket, streams: streams),
          CommandInput(to: streams.input, isTerminal: request.terminal != nil)
        )
      }
      // It is not waited for: a client without input may never end its stream.
      let feeding = Task { await typing.feed(from: input) }
      defer { feeding.cancel() }
      while true {
        let step: RunningCommand.Step
        (command, step) = try await offload { [command] cancellation in
          var command = command
          let step = try command.next(cancellation)
          return (command, step)
        }
        switch step {
        case .wrote(let piece): try await output(piece)
        case .ended(let exitCode): return exitCode
        }
      }
    }
  }

  /// Throws what went wrong on this machine as what providers throw.
  private func translatingErrors<Success>(_ work: () async throws -> Success) async throws -> Success {
    do {
      return try await work()
    } catch let error as SystemError {
      throw ProviderError(error.description)
    } catch let error as MalformedMessage {
      throw ProviderError(error.description)
    } catch let error as SupervisorHungUp {
      throw ProviderError("the supervisor in \(error.folder) ended while it was asked")
    }
  }
}
