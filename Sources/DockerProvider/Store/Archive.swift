import DockerAPI
import Planning
import ProviderKit
import Values

/// What is kept for good: files in a volume of the engine, each checked by a checksum.
///
/// The volume is reached by the archive calls of a container that is made from an empty image and never started:
/// nothing is pulled, and nothing runs.
///
///     records/<namespace>_<workload>/<sequence>_<run>   a run that is over, with the release that it made
///     ahead/<namespace>_<workload>/<0 or 1>             what the last runs were going to leave behind
///     contents/<namespace>_<workload>/<digest>_<run>    large content of records, once
///     journals/<run>                                    what happened to its actions
///     workloads/<namespace>_<workload>                  that there is such a workload
///     key                                               the key of the digests of secrets
struct Archive: Sendable {
  let client: DockerClient
  /// What the volume is called, and the container that reaches it.
  let names: StoreNames

  /// The image without anything in it.
  static let image = "berth/empty:1"
  private static let folder = "/store"
  private static let marker = Label.prefix + "store"
  /// The most that is read at once, in bytes.
  private static let limit = 256 << 20
  /// How often another process's container is looked for, in steps of 50 ms.
  private static let patience = 200

  // MARK: Making

  /// Makes what is missing of the image, the volume and the container.
  func make() async throws {
    if try await isReachable() { return }
    try await makeImage()
    try await client.volumes.create(VolumeCreation(name: names.archive, labels: [Self.marker: "1"]))
    var config = ContainerConfig()
    config.image = Self.image
    config.command = ["never-started"]
    config.labels = [Self.marker: "1"]
    var host = HostConfig()
    host.networkMode = "none"
    host.mounts = [MountSpec(source: names.archive, target: Self.folder)]
    do {
      try await client.containers.create(named: names.archive, ContainerCreation(config: config, host: host))
    } catch let error as DockerError where error.isConflict {
      // Another process was quicker. Until its container is made, the engine gives away the name but knows no container.
    }
    for _ in 0..<Self.patience {
      if try await isReachable() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw StoreError("the container `\(names.archive)`, which reaches the release store, is gone again")
  }

  /// Makes the empty image, if it is missing.
  func makeImage() async throws {
    if try await ifFound({ try await client.images.inspect(Self.image) }) != nil { return }
    _ = try await client.images.importArchive(TarWriter.archive([]), as: Self.image)
  }

  /// Whether there is a container that reaches the volume.
  func isReachable() async throws -> Bool {
    guard let container = try await ifFound({ try await client.containers.inspect(names.archive) }) else {
      return false
    }
    guard container.config.labels?[Self.marker] != nil else {
      throw StoreError(
        "the container `\(names.archive)` is in the way of the release store: berth did not create it",
        help: "rename or remove it")
    }
    return true
  }

  /// Whether there is a volume that nothing reaches: its container was removed by hand.
  func isCutOff() async throws -> Bool {
    if try await isReachable() { return false }
    return try await ifFound { try await client.volumes.inspect(names.archive) } != nil
  }

  // MARK: Files

  /// Writes files; each is there whole, or is ignored when it is read.
  func write(_ files: [(path: String, json: Value)]) async throws {
    let archive = TarWriter.archive(files.map { .file($0.path, Self.seal($0.json), mode: 0o600) })
    do {
      try await client.containers.putArchive(archive, in: names.archive, path: Self.folder)
    } catch let error as DockerError where error.isNotFound {
      try await make()
      try await client.containers.putArchive(archive, in: names.archive, path: Self.folder)
    }
  }

  /// How long a file is, in bytes; `nil` if there is none.
  func size(of path: String) async throws -> Int? {
    let stat = try await ifFound {
      try await client.containers.stat(names.archive, path: "\(Self.folder)/\(path)")
    }
    return stat.map { Int($0.size) }
  }

  /// What a file holds; `nil` if there is none, or only a part of one.
  func read(_ path: String) async throws -> Value? { try await files(in: path).first?.json }

  /// What the files hold that are at a path or below, by their names.
  func files(in path: String) async throws -> [(name: String, json: Value)] {
    try await entries(in: path).compactMap { entry in
      guard let contents = entry.contents, let json = Self.unseal(contents) else { return nil }
      try RecordFormat.check(json, "`\(entry.path)` in the volume `\(names.archive)`")
      return (Self.name(of: entry), json)
    }
  }

  /// The names of the files that are at a path or below and hold something, whole or not.
  func names(in path: String) async throws -> [String] {
    try await entries(in: path).compactMap { $0.contents?.isEmpty ?? true ? nil : Self.name(of: $0) }
  }

  private static func name(of entry: TarEntry) -> String {
    entry.path.split(separator: "/").last.map(String.init) ?? entry.path
  }

  private func entries(in path: String) async throws -> [TarEntry] {
    let bytes = try await ifFound {
      try await client.containers.archive(names.archive, path: "\(Self.folder)/\(path)").collect(
        upTo: Self.limit)
    }
    return try bytes.map { try TarReader.entries(of: $0) } ?? []
  }

  /// Empties files, which are then as if they were not there: an engine deletes none.
  func empty(_ paths: [String]) async throws {
    let archive = TarWriter.archive(paths.map { .file($0, [], mode: 0o600) })
    try await client.containers.putArchive(archive, in: names.archive, path: Self.folder)
  }

  /// A file's bytes: its checksum on a line, and JSON on the next, with the version of its format and of this berth.
  static func seal(_ json: Value) -> [UInt8] {
    var bytes: [UInt8] = []
    let stamp = json["moved"] == nil ? RecordFormat.stamp : RecordFormat.stampOfOutlines
    CanonicalJSON.write(.map((json.members ?? []) + stamp), into: &bytes)
    return SealedText.seal(bytes)
  }

  /// What ``seal(_:)`` wrote; `nil` if it is not whole.
  static func unseal(_ bytes: [UInt8]) -> Value? {
    SealedText.unseal(bytes).flatMap { try? Value(json: String(decoding: $0, as: UTF8.self)) }
  }
}
