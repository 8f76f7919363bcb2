import ClusterNodes
import DockerAPI

/// What is kept of the addresses of clusters' nodes, on the engine itself: a container that does not run has forgotten
/// those that it had.
///
/// A note is the labels of an empty volume. They never change, so that a change is a new volume with a higher number.
struct AddressNotes: Sendable {
  let client: DockerClient

  private static let namePrefix = "berth.cluster_"
  private static let schemeLabel = Label.prefix + "cluster.scheme"
  private static let nameLabel = Label.prefix + "cluster.name"
  private static let numberLabel = Label.prefix + "cluster.number"
  private static let addressPrefix = Label.prefix + "cluster.address."

  private struct Note {
    let volume: String
    let cluster: ClusterID
    let number: Int
    /// By the ids of containers.
    let addresses: [String: [String]]

    init?(_ volume: Volume) {
      guard let labels = volume.labels, let scheme = labels[schemeLabel], let name = labels[nameLabel],
        let number = labels[numberLabel].flatMap({ Int($0) })
      else { return nil }
      self.volume = volume.name
      cluster = ClusterID(scheme: scheme, name: name)
      self.number = number
      addresses = labels.reduce(into: [:]) { addresses, label in
        guard label.key.hasPrefix(addressPrefix) else { return }
        addresses[String(label.key.dropFirst(addressPrefix.count))] = label.value.split(separator: ",")
          .map(String.init)
      }
    }
  }

  /// The addresses that were noted last of a cluster.
  func last(of cluster: ClusterID) async throws -> [String: [String]] {
    try await notes().last { $0.cluster == cluster }?.addresses ?? [:]
  }

  /// Notes addresses, and takes away what was noted before, also of clusters that are gone.
  func write(_ addresses: [String: [String]], of cluster: ClusterID) async throws {
    let old = try await notes()
    if !addresses.isEmpty {
      let number = (old.last?.number ?? 0) + 1
      var labels = [
        Self.schemeLabel: cluster.scheme, Self.nameLabel: cluster.name, Self.numberLabel: "\(number)",
      ]
      for (id, addresses) in addresses {
        labels[Self.addressPrefix + id] = addresses.joined(separator: ",")
      }
      let token = String(UInt64.random(in: .min ... .max), radix: 36)
      try await client.volumes.create(VolumeCreation(name: Self.namePrefix + token, labels: labels))
    }
    let containers = Set(try await client.containers.list().map(\.id))
    for note in old
    where note.cluster == cluster || containers.isDisjoint(with: note.addresses.keys) {
      _ = try await ifFound { try await client.volumes.remove(note.volume) }
    }
  }

  /// All that is noted, what was noted last at the end.
  private func notes() async throws -> [Note] {
    try await client.volumes.list(filters: ["label": [Self.numberLabel]]).compactMap(Note.init)
      .sorted { $0.number < $1.number }
  }
}
