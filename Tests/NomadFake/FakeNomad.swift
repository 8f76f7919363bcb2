import Synchronization
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A Nomad cluster in memory: servers, nodes, a scheduler, drivers that only say they start something.
///
///     let cluster = FakeNomad(version: .v1_10)
///     let agent = try await FakeAgent.listen(cluster)
///     defer { agent.stop() }
///     let client = try await NomadClient.connect(to: …)   // agent.address
///
/// It does what a provider can see a real cluster do. What takes time is quick by ``FakePace/quick``; what becomes of tasks is
/// told by ``script(job:task:version:_:)``.
public final class FakeNomad: Sendable {
  struct Inner: Sendable {
    var state: ClusterState
    var requests: [FakeRequest] = []
    var faults: [(fault: FakeFault, times: Int, wants: @Sendable (FakeRequest) -> Bool)] = []
    var exec: @Sendable (FakeExec) -> FakeExecScript? = { _ in .ends(0) }
    var breaches: [String] = []
    var skipped = Duration.zero
  }

  let inner: Mutex<Inner>
  private let start = ContinuousClock.now

  /// A cluster.
  ///
  /// - Parameters:
  ///   - acl: whether it asks for tokens; ``managementToken`` may do everything then.
  public init(
    version: FakeVersion = .v1_10, nodes: [FakeNode] = [FakeNode("node-1")], pace: FakePace = .quick,
    acl: Bool = false
  ) {
    var access = FakeAccess(isOn: acl)
    if acl {
      access.tokens[Self.managementToken] = FakeToken(
        accessor: FakeID.make(), secret: Self.managementToken, name: "Bootstrap Token", isManagement: true,
        policies: [])
    }
    let base = Int64(time(nil)) * 1_000_000_000
    inner = Mutex(
      Inner(state: ClusterState(version: version, nodes: nodes, pace: pace, access: access, base: base)))
  }

  /// The secret of the token that may do everything.
  public static let managementToken = "11111111-2222-3333-4444-555555555555"

  func use<Result>(_ body: (inout Inner) -> sending Result) -> sending Result {
    inner.withLock { inner in
      inner.state.advance(to: ContinuousClock.now - start + inner.skipped)
      return body(&inner)
    }
  }

  // MARK: What a test says

  /// Says what becomes of tasks, from their next start on. Of several that fit, the last counts.
  ///
  /// - Parameters:
  ///   - job: of this job only.
  ///   - task: of this task only.
  ///   - version: of this version of the job only.
  public func script(
    job: String? = nil, task: String? = nil, version: Int? = nil, _ behaviour: TaskBehaviour
  ) {
    use { $0.state.scripts.append(TaskScript(job: job, task: task, version: version, behaviour: behaviour)) }
  }

  /// Lets time pass at once.
  public func skip(_ time: Duration) { use { $0.skipped += time } }

  /// How quickly what takes time happens from now on.
  public func setPace(_ pace: FakePace) { use { $0.state.pace = pace } }

  /// Makes a namespace.
  public func addNamespace(_ name: String, description: String = "") {
    use {
      $0.state.namespaces[name] = description
      _ = $0.state.commit(.namespaces)
    }
  }

  /// Registers a volume that a plugin of the container storage interface keeps.
  public func addPluginVolume(_ id: String) { use { _ = $0.state.pluginVolumes.insert(id) } }

  /// Makes or changes a policy. Rules that make no sense trap.
  public func addPolicy(_ name: String, _ rules: String) {
    do {
      let policy = FakePolicy(name: name, rules: rules, blocks: try PolicyReader.read(rules))
      use { $0.state.access.policies[name] = policy }
    } catch {
      fatalError("the policy \(name) makes no sense: \(error)")
    }
  }

  /// Makes a token, and gives its secret.
  public func addToken(_ policies: [String], name: String = "") -> String {
    let secret = FakeID.make()
    use {
      $0.state.access.tokens[secret] = FakeToken(
        accessor: FakeID.make(), secret: secret, name: name, isManagement: false, policies: policies)
    }
    return secret
  }

  /// Changes nodes: adds one, takes one down, makes one smaller. What waits for room is tried again.
  public func changeNodes(_ change: (inout [FakeNode]) -> Void) {
    inner.withLock { inner in
      change(&inner.state.nodes)
      _ = inner.state.commit(.nodes)
      inner.state.unblock()
    }
  }

  /// Appends to what a task wrote.
  public func write(
    _ text: String, allocation: String, task: String, stream: String = "stdout"
  ) { write(Array(text.utf8), allocation: allocation, task: task, stream: stream) }

  /// Appends to what a task wrote.
  public func write(_ bytes: [UInt8], allocation: String, task: String, stream: String = "stdout") {
    use { inner in
      let key = "\(task).\(stream)"
      var log = inner.state.allocations[allocation]?.logs[key] ?? FakeLog()
      log.files[log.newest, default: []] += bytes
      inner.state.allocations[allocation]?.logs[key] = log
    }
  }

  /// Goes on with a new file of a task's log, and throws old ones away.
  ///
  /// - Parameter keep: how many files are kept.
  public func rotate(allocation: String, task: String, stream: String = "stdout", keep: Int = 10) {
    use { inner in
      let key = "\(task).\(stream)"
      guard var log = inner.state.allocations[allocation]?.logs[key] else { return }
      log.files[log.newest + 1] = []
      for old in log.files.keys.sorted().dropLast(keep) { log.files[old] = nil }
      inner.state.allocations[allocation]?.logs[key] = log
    }
  }

  /// Says what commands do.
  public func onExec(_ script: @escaping @Sendable (FakeExec) -> FakeExecScript?) { use { $0.exec = script } }

  /// Lets something go wrong with the next requests that are wanted.
  ///
  /// - Parameter times: with how many of them.
  public func fail(
    _ fault: FakeFault, times: Int = 1, when wants: @escaping @Sendable (FakeRequest) -> Bool
  ) { use { $0.faults.append((fault, times, wants)) } }

  /// Lets servers start anew from a backup: states count from a smaller number, and what happened is forgotten.
  public func restore(index: UInt64) {
    use { inner in
      inner.state.index = index
      for table in inner.state.tables.keys {
        inner.state.tables[table] = min(inner.state.tables[table] ?? 1, index)
      }
      inner.state.events.clear()
    }
  }

  /// Lets servers forget what happened, as they do when they start anew.
  public func forgetEvents() { use { $0.state.events.clear() } }

  // MARK: What a test asks

  /// The requests that came.
  public var requests: [FakeRequest] { use { $0.requests } }
  /// What of the answers was not as the API's description has it. A test that is done expects none.
  public var breaches: [String] { use { $0.breaches } }
  /// The state of all.
  public var index: UInt64 { use { $0.state.index } }
  /// A job as it is; `nil` if there is none.
  public func job(_ id: String, in namespace: String = "default") -> JSON? {
    use { $0.state.job(FakeKey(namespace: namespace, id: id)) }
  }
  /// The allocations of a job that run or are to run, by name.
  public func running(_ id: String, in namespace: String = "default") -> [JSON] {
    use { inner in
      inner.state.allocations.values
        .filter {
          $0.job == FakeKey(namespace: namespace, id: id) && $0.desired == "run" && !$0.isTerminal
        }
        .sorted { ($0.name, $0.createIndex) < ($1.name, $1.createIndex) }
        .map { $0.stub(inner.state.clock, resources: true) }
    }
  }
  /// What is kept in a variable; `nil` if there is none.
  public func variable(_ path: String, in namespace: String = "default") -> [String: String]? {
    use { $0.state.variables[FakeKey(namespace: namespace, id: path)]?.items }
  }
}
