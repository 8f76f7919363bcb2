import ClusterNodes
import ProviderKit

/// Starts, stops and deletes clusters, node by node.
///
/// What it does once it does not do again, so that an operation which was broken off is taken up by asking for it
/// anew: what is there then decides what is left to do.
public struct ClusterKeeper: Sendable {
  /// How it goes about it.
  public struct Options: Sendable {
    /// How long one node may take.
    public var limit = Duration.seconds(120)
    /// How many nodes are changed at the same time.
    public var parallelism = 20
    /// How long a node must run until it is taken to run.
    public var settling = Duration.milliseconds(300)
    /// How long it is waited between two looks at a node.
    public var interval = Duration.milliseconds(100)

    /// As it is done where nothing else is asked for.
    public init() {}
  }

  let provider: any NodeProvider
  let options: Options
  let stop: StopRequest

  /// Keeps the clusters of a provider.
  ///
  /// - Parameter stop: once it is made, nothing more is begun.
  public init(provider: any NodeProvider, options: Options = Options(), stop: StopRequest = StopRequest()) {
    self.provider = provider
    self.options = options
    self.stop = stop
  }

  /// Starts what does not run, control planes first. A node that fails does not keep the others from being tried.
  public func start(
    _ cluster: Cluster, events: @escaping @Sendable (ClusterEvent) -> Void = { _ in }
  ) async -> ClusterChange {
    var change = ClusterChange(.start, of: cluster)
    change.ends = await walk(NodeOrder.starting(cluster.nodes), isOver: \.state.isReady, events) { node in
      try await becomes(.running, node, after: try await provider.start(node))
    }
    await look(at: cluster.id, &change)
    if let now = change.now { await compareAddresses(of: now, &change) }
    return change
  }

  /// Stops what runs, control planes last. A node that fails does not keep the others from being tried.
  public func stop(
    _ cluster: Cluster, events: @escaping @Sendable (ClusterEvent) -> Void = { _ in }
  ) async -> ClusterChange {
    var change = ClusterChange(.stop, of: cluster)
    // What stops loses its addresses.
    await noteAddresses(of: cluster, &change)
    change.ends = await walk(NodeOrder.stopping(cluster.nodes), isOver: \.state.isDown, events) { node in
      try await becomes(.stopped, node, after: try await provider.stop(node))
    }
    await look(at: cluster.id, &change)
    return change
  }

  /// Deletes the nodes, control planes last, and then the networks and volumes that carry the cluster's labels. What can't
  /// be deleted keeps what comes after it from being tried.
  public func delete(
    _ cluster: Cluster, events: @escaping @Sendable (ClusterEvent) -> Void = { _ in }
  ) async -> ClusterChange {
    var change = ClusterChange(.delete, of: cluster)
    for step in NodeOrder.stopping(cluster.nodes) {
      change.ends += await each(of: step, ClusterItem.init, isTried: !change.hasFailed, events) { node in
        try await provider.delete(node)
        while try await provider.node(node) != nil { try await Task.sleep(for: options.interval) }
      }
    }
    for kind in Belonging.Kind.allCases.sorted() {
      let some = cluster.belongings.filter { $0.kind == kind }
      change.ends += await each(of: some, ClusterItem.init, isTried: !change.hasFailed, events) {
        try await provider.delete($0)
      }
    }
    await look(at: cluster.id, &change)
    if change.now == nil, !change.hasFailed {
      await remarking("the note of its nodes' addresses stays", &change) {
        try await provider.noteAddresses([:], of: cluster.id)
      }
    }
    return change
  }

  // MARK: Looking

  private func look(at id: ClusterID, _ change: inout ClusterChange) async {
    let lister = ClusterLister(reader: provider)
    await remarking("how it is now can't be said", &change) { change in
      change.now = try await lister.cluster(id)
    }
  }

  // MARK: Addresses

  /// Notes the addresses of the nodes that run, beside those that were noted of the others.
  private func noteAddresses(of cluster: Cluster, _ change: inout ClusterChange) async {
    guard NodeScheme.named(cluster.id.scheme)?.dependsOnAddresses == true else { return }
    await remarking("whether its addresses change can't be told at the next start", &change) {
      try await note(cluster, beside: try await provider.notedAddresses(of: cluster.id))
    }
  }

  /// Says which nodes have other addresses than were noted, and notes those that they have.
  private func compareAddresses(of cluster: Cluster, _ change: inout ClusterChange) async {
    guard NodeScheme.named(cluster.id.scheme)?.dependsOnAddresses == true else { return }
    await remarking("whether its addresses changed can't be told", &change) { change in
      let noted = try await provider.notedAddresses(of: cluster.id)
      change.moved = MovedNode.among(cluster.nodes, noted: noted)
      try await note(cluster, beside: noted)
    }
  }

  private func note(_ cluster: Cluster, beside noted: [String: [String]]) async throws {
    let ids = Set(cluster.nodes.map(\.id))
    var addresses = noted.filter { ids.contains($0.key) }
    for node in cluster.nodes where !node.addresses.isEmpty { addresses[node.id] = node.addresses }
    if addresses != noted { try await provider.noteAddresses(addresses, of: cluster.id) }
  }

  private func remarking(
    _ consequence: String, _ change: inout ClusterChange, _ body: (inout ClusterChange) async throws -> Void
  ) async {
    do { try await body(&change) } catch {
      change.remarks.append("\(consequence): \(Self.words(for: error))")
    }
  }

  private func remarking(
    _ consequence: String, _ change: inout ClusterChange, _ body: () async throws -> Void
  ) async {
    await remarking(consequence, &change) { _ in try await body() }
  }

  // MARK: Node by node

  private func walk(
    _ steps: [[ClusterNode]], isOver: @escaping @Sendable (ClusterNode) -> Bool,
    _ events: @escaping @Sendable (ClusterEvent) -> Void,
    _ body: @escaping @Sendable (ClusterNode) async throws -> Void
  ) async -> [ItemEnd] {
    var ends: [ItemEnd] = []
    for step in steps {
      for node in step where isOver(node) {
        let end = ItemEnd(ClusterItem(node), .unchanged)
        events(.ended(end))
        ends.append(end)
      }
      ends += await each(of: step.filter { !isOver($0) }, ClusterItem.init, isTried: true, events, body)
    }
    return ends
  }

  /// Does something with each, several at a time, each within its own time.
  private func each<Element: Sendable>(
    of elements: [Element], _ item: @escaping @Sendable (Element) -> ClusterItem, isTried: Bool,
    _ events: @escaping @Sendable (ClusterEvent) -> Void,
    _ body: @escaping @Sendable (Element) async throws -> Void
  ) async -> [ItemEnd] {
    await elements.concurrentMap(atOnce: options.parallelism) { [options, stop] element in
      let item = item(element)
      guard isTried, !stop.isMade else {
        let end = ItemEnd(item, .notTried)
        events(.ended(end))
        return end
      }
      events(.begun(item))
      let start = ContinuousClock.now
      var message: String?
      do {
        let done: Void? = try await inTime(options.limit) { try await body(element) }
        if done == nil { message = "it took longer than \(options.limit)" }
      } catch {
        message = Self.words(for: error)
      }
      let end = ItemEnd(
        item, message == nil ? .succeeded : .failed, message: message,
        duration: ContinuousClock.now - start)
      events(.ended(end))
      return end
    }
  }

  private static func words(for error: any Error) -> String {
    switch error {
    case let error as ActionFailure: error.message
    case let error as ProviderError: error.message
    case is CancellationError: "it was interrupted"
    default: "\(error)"
    }
  }

  // MARK: Waiting

  private enum Goal {
    case running
    case stopped
  }

  /// Waits until a node is as it was asked to be.
  private func becomes(_ goal: Goal, _ node: ClusterNode, after answer: NodeAnswer) async throws {
    var readySince: ContinuousClock.Instant?
    while true {
      guard let now = try await provider.node(node) else { throw ActionFailure("it is gone") }
      switch goal {
      case .stopped:
        if now.state.isDown { return }
      case .running:
        if now.state.isReady {
          let since = readySince ?? ContinuousClock.now
          readySince = since
          if ContinuousClock.now - since >= options.settling { return }
        } else {
          // One that was only accepted may not have begun to start yet.
          if now.state.isDown, answer == .done || readySince != nil || now.state == .failed {
            throw ActionFailure("it ended right after it was started: \(now.note ?? now.rawState)")
          }
          readySince = nil
        }
      }
      try await Task.sleep(for: options.interval)
    }
  }
}
