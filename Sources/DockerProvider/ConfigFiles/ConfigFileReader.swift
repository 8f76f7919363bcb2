import DockerAPI
import ProviderKit
import WorkloadSpec

/// Finds out what became of the config files in a container.
struct ConfigFileReader: Sendable {
  let client: DockerClient
  /// The id of the container.
  let container: String
  /// The texts of its service, as it was made.
  let texts: ServiceTexts
  /// The keyed digests that were kept when the container was made, those of files with secrets among them.
  let seals: [String: String]
  /// Finds the target's key for digests of what is secret.
  let digestKey: @Sendable () async throws -> [UInt8]?
  /// Whether every file is read, whatever it tells of itself.
  let isDeep: Bool

  /// The largest file that is read to be compared, in bytes.
  private static let limit = 16 << 20

  /// The files as they are; those that are gone are left out.
  ///
  /// What was not written to since it was put there is what was put there, unless a program that wrote to it put its
  /// time back. Without a deep look only of others the content is read, which takes an engine a hundred times as long.
  func live(_ stated: [ConfigFile]) async throws -> [ConfigFile] {
    try await withThrowingTaskGroup(of: ConfigFile?.self) { group in
      for file in stated { group.addTask { try await live(file) } }
      return try await group.reduce(into: []) { files, file in if let file { files.append(file) } }
        .sorted { $0.precedes($1) }
    }
  }

  private func live(_ file: ConfigFile) async throws -> ConfigFile? {
    let path = ContainerFields.fill(file.path)
    guard let stat = try await ifFound({ try await client.containers.stat(container, path: path) }) else {
      return nil
    }
    if stat.modified.seconds == GivenFile.modified, !isDeep { return file }
    guard !stat.isFolder,
      let bytes = try await ContainerFiles(client: client).read(path, of: container, upTo: Self.limit)
    else { return nil }
    guard file.holdsSecrets else {
      return texts.live(file, holding: bytes, isSealed: true)
    }
    // Where no digest was kept, its time is all that tells.
    let isSealed = file.isSealed(bytes, by: seals[file.sealName], try await digestKey())
    return texts.live(
      file, holding: bytes, isSealed: isSealed ?? (stat.modified.seconds == GivenFile.modified))
  }
}
