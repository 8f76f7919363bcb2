import DockerAPI
import Planning

/// The stamps that stand beside containers which berth did not make; see ``ContainerAdoption``.
struct AdoptionStamps: Sendable {
  /// The labels of each, by the id of the container.
  private(set) var labels: [String: [String: String]] = [:]

  /// Those among some volumes.
  ///
  /// - Parameter isWanted: which of them count, by their labels.
  init(among volumes: [DockerAPI.Volume], where isWanted: ([String: String]) -> Bool = { _ in true }) {
    for volume in volumes where volume.name.hasPrefix(ContainerAdoption.prefix) {
      guard let labels = volume.labels, let id = labels[Label.container],
        volume.name == ContainerAdoption.volume(of: id), isWanted(labels)
      else { continue }
      self.labels[id] = Label.own(of: labels)
    }
  }

  /// Those of all workloads of an engine.
  static func all(on client: DockerClient) async throws -> AdoptionStamps {
    AdoptionStamps(
      among: try await client.volumes.list(filters: ["name": ["^\(ContainerAdoption.prefix)"]]))
  }

  /// Those with some labels.
  ///
  /// - Parameter isWanted: which of them count, by their labels.
  static func list(
    _ filters: [String: [String]], on client: DockerClient,
    where isWanted: ([String: String]) -> Bool = { _ in true }
  ) async throws -> AdoptionStamps {
    var filters = filters
    filters["label", default: []].append(Label.container)
    return AdoptionStamps(among: try await client.volumes.list(filters: filters), where: isWanted)
  }

  /// Those of one workload.
  func of(_ key: WorkloadKey) -> AdoptionStamps {
    var own = self
    own.labels = labels.filter { Label.mark($0.value, as: key) }
    return own
  }

  /// The ids of the containers.
  var ids: [String] { labels.keys.sorted() }

  /// Whether there is none.
  var isEmpty: Bool { labels.isEmpty }

  /// Some containers as they would be listed if they carried their stamps themselves.
  func carried(by summaries: [ContainerSummary]) -> [ContainerSummary] {
    guard !isEmpty else { return summaries }
    return summaries.map { summary in
      guard let own = labels[summary.id] else { return summary }
      var carrier = summary
      carrier.labels = (summary.labels ?? [:]).merging(own) { $1 }
      return carrier
    }
  }
}

extension ContainerSummary {
  /// Whether its stamp stands beside it.
  var isAdopted: Bool { labels?[Label.container] == id }
}
