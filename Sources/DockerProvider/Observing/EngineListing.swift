import DockerAPI
import Planning

/// What an engine lists of some workloads: one list of each kind of thing, however many workloads there are.
struct EngineListing: Sendable {
  private let containers: [WorkloadKey: [ContainerSummary]]
  private let networks: [WorkloadKey: [Network]]
  private let volumes: [WorkloadKey: [DockerAPI.Volume]]
  private let stamps: AdoptionStamps

  /// Asks an engine.
  init(of keys: [WorkloadKey], on client: DockerClient) async throws {
    let patterns = Self.patterns(for: keys) {
      EngineNames(key: $0).prefix
    } in: {
      "\($0)_"
    }
    async let listedNetworks = client.networks.list(filters: ["name": patterns.map { "^\($0)" }])
    async let listedVolumes = client.volumes.list(
      filters: ["name": patterns.map { "^\($0)" } + ["^\(ContainerAdoption.prefix)"]])
    async let named = client.containers.list(filters: ["name": patterns.map { "^/?\($0)" }])
    async let labelled = client.containers.list(filters: ["label": Self.labels(of: keys)])
    // What came in between the two answers is in one of them.
    var found = Dictionary((try await named + labelled).map { ($0.id, $0) }) { $1 }
    let volumes = try await listedVolumes
    let wanted = Set(keys)
    let stamps = AdoptionStamps(among: volumes) { Self.key(labels: $0).map(wanted.contains) ?? false }
    let others = stamps.ids.filter { found[$0] == nil }
    if !others.isEmpty {
      for summary in try await client.containers.list(filters: ["id": others]) { found[summary.id] = summary }
    }
    var containers: [WorkloadKey: [ContainerSummary]] = [:]
    for summary in stamps.carried(by: Array(found.values)) {
      let places = summary.names.compactMap(Self.key) + [Self.key(labels: summary.labels)].compactMap(\.self)
      for key in Set(places) { containers[key, default: []].append(summary) }
    }
    self.containers = containers
    self.stamps = stamps
    networks = Self.byWorkload(try await listedNetworks, \.name)
    self.volumes = Self.byWorkload(volumes, \.name)
  }

  /// The containers on a workload's names, or with its labels; copies are among them.
  func containers(of key: WorkloadKey) -> [ContainerSummary] { containers[key] ?? [] }

  /// The networks on a workload's names.
  func networks(of key: WorkloadKey) -> [Network] { networks[key] ?? [] }

  /// The volumes on a workload's names.
  func volumes(of key: WorkloadKey) -> [DockerAPI.Volume] { volumes[key] ?? [] }

  /// A workload's stamps that stand beside containers, those of containers that have gone among them.
  func stamps(of key: WorkloadKey) -> AdoptionStamps { stamps.of(key) }

  // MARK: What is asked

  /// Of how many workloads an engine is asked by their names. It tries each name on each thing that it has; of more, it
  /// is asked by their namespaces, and tells of others, too.
  private static let fewWorkloads = 16

  /// What the names of workloads' things begin with.
  ///
  /// - Parameters:
  ///   - prefix: what the names of a workload's things begin with.
  ///   - namespacePrefix: what those of all workloads of a namespace begin with.
  static func patterns(
    for keys: [WorkloadKey], _ prefix: (WorkloadKey) -> String, in namespacePrefix: (String) -> String
  ) -> [String] {
    guard keys.count > fewWorkloads else { return keys.map(prefix) }
    return Set(keys.map(\.namespace)).sorted().map(namespacePrefix)
  }

  /// By which labels containers of workloads are found: an engine wants all of them on each.
  private static func labels(of keys: [WorkloadKey]) -> [String] {
    let namespaces = Set(keys.map(\.namespace))
    guard namespaces.count == 1, let namespace = namespaces.first else { return [Label.namespace] }
    let label = "\(Label.namespace)=\(namespace)"
    return keys.count == 1 ? [label, "\(Label.workload)=\(keys[0].name)"] : [label]
  }

  // MARK: Whose it is

  private static func byWorkload<Thing>(
    _ things: [Thing], _ name: (Thing) -> String
  ) -> [WorkloadKey: [Thing]] {
    var sorted: [WorkloadKey: [Thing]] = [:]
    for thing in things { if let key = key(name: name(thing)) { sorted[key, default: []].append(thing) } }
    return sorted
  }

  /// The workload on whose names something sits.
  private static func key(name: String) -> WorkloadKey? {
    let parts = name.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 ? WorkloadKey(namespace: String(parts[0]), name: String(parts[1])) : nil
  }

  private static func key(labels: [String: String]?) -> WorkloadKey? {
    guard let namespace = labels?[Label.namespace], let name = labels?[Label.workload] else { return nil }
    return WorkloadKey(namespace: namespace, name: name)
  }
}
