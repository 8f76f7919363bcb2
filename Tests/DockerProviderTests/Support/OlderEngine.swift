import Diagnostics
import DockerAPI
import Engine
import Foundation
import Planning
import ProviderKit
import Secrets
import WorkloadSpec

@testable import DockerAPI
@testable import DockerProvider

/// What berth 0.1 left on an engine: it applied a workload, changed it, failed to change it again, rolled back, and scaled.
///
/// The files of the folder `Records/engine-0.1` are that program's own, as the engine told them; what differs from engine to
/// engine (ids, addresses, times of containers) is left out.
struct OlderEngine {
  /// The workload.
  static let key = WorkloadKey(namespace: "berth-0-1", name: "shop")
  /// The value of its secret.
  static let secrets = SecretResolvers([Token()])
  /// What the names of its store start with.
  private static let prefix = "berth."

  private struct Token: SecretResolver {
    func value(of key: String, in namespace: String) async throws -> SecretValue? {
      key == "env:SHOP_TOKEN" ? SecretValue(bytes: Array("not-a-secret".utf8)) : nil
    }
  }

  /// A volume or a network.
  struct Thing: Decodable {
    let name: String
    let labels: [String: String]
  }

  /// The volumes: the ledger, the lock, journals, and those of the workload.
  let volumes: [Thing]
  /// The networks of the instances.
  let networks: [Thing]
  /// The containers.
  let containers: [Container]
  /// The files of the archive, by their paths.
  let files: [(path: String, bytes: [UInt8])]

  init() throws {
    func read<Things: Decodable>(_ name: String) throws -> Things {
      try EngineJSON.decode(Things.self, from: try Data(contentsOf: Self.folder.appendingPathComponent(name)))
    }
    volumes = try read("volumes.json")
    networks = try read("networks.json")
    containers = try read("containers.json")
    let store = Self.folder.appendingPathComponent("store")
    files = try FileManager.default.subpathsOfDirectory(atPath: store.path).sorted().compactMap { path in
      let url = store.appendingPathComponent(path)
      guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return nil }
      return (path, Array(try Data(contentsOf: url)))
    }
  }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Records/engine-0.1")

  /// The files of the archive below a folder, by their names.
  func files(in folder: String) -> [(name: String, bytes: [UInt8])] {
    files.filter { $0.path.hasPrefix(folder + "/") }.map {
      (String($0.path.dropFirst(folder.count + 1)), $0.bytes)
    }
  }

  /// The volumes of the store whose names start with a word, by the rest of their names.
  func volumes(_ word: String) -> [Thing] { volumes.filter { $0.name.hasPrefix(Self.prefix + word) } }

  /// The spec as that program was given it.
  ///
  /// - Parameter level: the variable that was changed.
  func workload(level: String) throws -> Workload {
    var options = LoadOptions()
    options.variables = ["level": level]
    let path = Self.folder.appendingPathComponent("shop.yaml").path
    let loaded = WorkloadLoader.load(paths: [path], options: options)
    guard let first = loaded.workloads.first else { throw DiagnosticError(loaded.diagnostics) }
    return first.workload
  }

  /// Puts all of it on the test engine, and has the containers run that ran.
  func restore(in world: DockerWorld) async throws {
    let client = try await world.connection.client()
    for volume in volumes {
      let isOfStore = volume.name.hasPrefix(Self.prefix)
      let name =
        isOfStore ? "\(world.storeNames.prefix).\(volume.name.dropFirst(Self.prefix.count))" : volume.name
      try await client.volumes.create(VolumeCreation(name: name, labels: volume.labels))
    }
    try await Archive(client: client, names: world.storeNames).make()
    try await client.containers.putArchive(
      TarWriter.archive(files.map { .file($0.path, $0.bytes, mode: 0o600) }), in: world.storeNames.archive,
      path: "/store")
    for network in networks {
      try await client.networks.create(NetworkCreation(name: network.name, labels: network.labels))
    }
    // An init first: the others wait for what it leaves.
    for container in containers.sorted(by: { !$0.state.running && $1.state.running }) {
      try await restore(container, on: client)
    }
  }

  private func restore(_ container: Container, on client: DockerClient) async throws {
    let networks = (container.network.networks ?? [:]).mapValues { joined in
      var endpoint = EndpointConfig()
      endpoint.aliases = joined.aliases
      return endpoint
    }
    try await client.containers.create(
      named: container.name,
      ContainerCreation(config: container.config, host: container.host, networks: networks))
    guard let stamp = try ServiceStamp(labels: container.config.labels ?? [:], key: Self.key) else { return }
    let files = stamp.spec.configFiles.map {
      TarEntry.file(String($0.path.dropFirst()), Array($0.content.utf8), mode: 0o644)
    }
    if !files.isEmpty {
      try await client.containers.putArchive(TarWriter.archive(files), in: container.name, path: "/")
    }
    try await client.containers.start(container.name)
    if !container.state.running { _ = try await client.containers.wait(container.name).exitCode() }
  }
}
