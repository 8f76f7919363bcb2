import DockerAPI
import Planning
import Synchronization

/// A container that carries the stamp of a service.
struct StampedContainer: Sendable {
  /// What the engine lists of it.
  let summary: ContainerSummary
  /// Whose it is, as its stamp says, and what it is to its service.
  let place: ContainerPlace
  /// Whether its name says the same as its stamp.
  let hasItsName: Bool

  /// The name that it has now.
  var name: String { summary.names.first ?? summary.id }
  /// The run that made it or took it over.
  var run: RunID? { summary.labels?[Label.run].map(RunID.init) }
  /// Whether berth took it over, so that its stamp stands beside it.
  var isAdopted: Bool { summary.isAdopted }

  /// The container in full, with its stamp; `nil` if it has gone meanwhile.
  func inspect(on client: DockerClient) async throws -> Container? {
    stamped(try await ifFound { try await client.containers.inspect(summary.id) })
  }

  /// What an engine tells of the container in full, with its stamp.
  func stamped(_ container: Container?) -> Container? {
    summary.isAdopted ? container?.asMade(with: Label.own(of: summary.labels)) : container
  }
}

/// The containers of one service: those that carry its stamp.
struct ServiceContainers: Sendable {
  /// The service's container, until another one has taken its place.
  var current: StampedContainer
  /// What was made to take the place of the current one, and has not yet.
  var successor: StampedContainer?
  /// Those that are too many: a service has one container.
  var surplus: [StampedContainer] = []

  /// All of them.
  var all: [StampedContainer] { [current, successor].compactMap(\.self) + surplus }

  /// Sorts containers out by their services.
  static func groups(of containers: [StampedContainer]) -> [ServiceContainers] {
    Dictionary(grouping: containers) { container in
      ContainerPlace(
        instance: container.place.instance, service: container.place.service, standing: .current)
    }.values.compactMap { ServiceContainers($0) }
  }

  /// Sorts out what the containers of one service are to it; `nil` if there are none.
  ///
  /// Of several, those count that are called what they should be. Where none is, the one that runs is the service's, and
  /// of several, the youngest.
  init?(_ containers: [StampedContainer]) {
    func named(_ standing: ContainerStanding) -> StampedContainer? {
      containers.first { $0.hasItsName && $0.place.standing == standing }
    }
    let replaced = named(.replaced)
    let latest = named(.current) ?? named(.stopped)
    let others = containers.filter { !$0.hasItsName }.sorted { left, right in
      let runs = [left, right].map { $0.summary.state == "running" || $0.summary.state == "paused" }
      if runs[0] != runs[1] { return runs[0] }
      return (left.summary.created ?? 0, left.summary.id) > (right.summary.created ?? 0, right.summary.id)
    }
    guard let current = replaced ?? latest ?? others.first else { return nil }
    self.current = current
    successor = replaced == nil ? nil : latest
    let used = [current.summary.id, successor?.summary.id]
    surplus = containers.filter { !used.contains($0.summary.id) }
  }
}

/// Finds the containers of a workload by their stamps, whatever they are called: a container that was renamed is still
/// the service's.
///
/// The stamp of a container may be a copy: `docker commit` writes a container's labels into the image that it makes, and
/// what runs from that image inherits them. Such a container is not ours.
struct StampedContainers: Sendable {
  let client: DockerClient
  let key: WorkloadKey
  /// Looks an image up by its id.
  private let image: @Sendable (String) async throws -> Image?
  /// Our labels on images, by their ids: an id is a digest of what it names, labels and all.
  private static let imageLabels = Mutex<[String: [String: String]]>([:])

  /// The containers of a workload.
  ///
  /// - Parameter image: looks an image up by its id; by default, the engine is asked.
  init(
    client: DockerClient, key: WorkloadKey, image: (@Sendable (String) async throws -> Image?)? = nil
  ) {
    self.client = client
    self.key = key
    self.image = image ?? { id in try await ifFound { try await client.images.inspect(id) } }
  }

  /// The containers with a stamp of the workload.
  ///
  /// - Parameters:
  ///   - id: an instance; `nil` means all.
  ///   - service: a service; `nil` means all.
  ///   - all: whether those that do not run are among them.
  func list(
    of id: InstanceID? = nil, service: String? = nil, all: Bool = true
  ) async throws -> [StampedContainer] {
    async let listed = client.containers.list(all: all, filters: filters(of: id, service: service))
    // Many actions at once look at all of them, which is one call.
    let stamps = try await AdoptionStamps.list(filters(), on: client) { labels in
      (id.map { labels[Label.instance] == $0.description } ?? true)
        && (service.map { labels[Label.service] == $0 } ?? true)
    }
    var found = try await listed
    if !stamps.isEmpty {
      found += stamps.carried(
        by: try await client.containers.list(all: all, filters: ["id": stamps.ids]))
    }
    return try await stamped(among: found)
  }

  /// By what the engine lists the containers with a stamp of the workload; copies are among them.
  func filters(of id: InstanceID? = nil, service: String? = nil) -> [String: [String]] {
    var labels = ["\(Label.namespace)=\(key.namespace)", "\(Label.workload)=\(key.name)"]
    if let id { labels.append("\(Label.instance)=\(id)") }
    if let service { labels.append("\(Label.service)=\(service)") }
    return ["label": labels]
  }

  /// Those among some containers that carry a stamp of the workload which is no copy.
  func stamped(among summaries: [ContainerSummary]) async throws -> [StampedContainer] {
    try await withoutCopies(summaries.compactMap(read))
  }

  private func read(_ summary: ContainerSummary) -> StampedContainer? {
    guard Label.mark(summary.labels, as: key), let labels = summary.labels,
      let id = labels[Label.instance].flatMap({ InstanceID(text: $0) }), let service = labels[Label.service],
      labels[Label.run] != nil, labels[Label.digest] != nil
    else { return nil }
    let names = EngineNames(key: key)
    let named = summary.names.lazy.compactMap { names.container(named: $0) }.first {
      $0.instance == id && $0.service == service
    }
    return StampedContainer(
      summary: summary,
      place: named ?? ContainerPlace(instance: id, service: service, standing: .current),
      hasItsName: named != nil)
  }

  private func withoutCopies(_ containers: [StampedContainer]) async throws -> [StampedContainer] {
    let images = Set(containers.map(\.summary.imageID))
    let copied = try await withThrowingTaskGroup(of: (String, [String: String]).self) { group in
      for id in images {
        group.addTask { (id, try await labels(ofImage: id)) }
      }
      return try await group.reduce(into: [String: [String: String]]()) { $0[$1.0] = $1.1 }
    }
    // Each run stamps with its own number, so no container that berth made has the labels of its image.
    return containers.filter { copied[$0.summary.imageID] != Label.own(of: $0.summary.labels) }
  }

  private func labels(ofImage id: String) async throws -> [String: String] {
    if let known = Self.imageLabels.withLock({ $0[id] }) { return known }
    guard let found = try await image(id) else { return [:] }
    let labels = Label.own(of: found.config?.labels)
    Self.imageLabels.withLock { $0[id] = labels }
    return labels
  }
}
