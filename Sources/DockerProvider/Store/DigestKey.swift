import DockerAPI
import WorkloadSpec

/// The key of the digests of secrets, in a file of the archive.
struct DigestKey: Sendable {
  /// The engine.
  let client: DockerClient
  /// What the archive is called, and the volume whose label decides, of several keys that are made at once, which
  /// one it is.
  let names: StoreNames

  private static let path = "key"
  private static let label = Label.prefix + "key"

  /// The key, if there is one yet.
  func read() async throws -> [UInt8]? {
    try await Archive(client: client, names: names).read(Self.path)?["key"]?.string.flatMap { Hex.bytes($0) }
  }

  /// The key: 32 random bytes, made if there is none.
  func make() async throws -> [UInt8] {
    if let key = try await read() { return key }
    let own = Hex.lower((0..<32).map { _ in UInt8.random(in: .min ... .max) })
    let made = try await client.volumes.create(VolumeCreation(name: names.key, labels: [Self.label: own]))
    let text = made.labels?[Self.label] ?? own
    // Whoever made one before has deleted the volume only after the file was there.
    if let key = try await read() {
      _ = try await ifFound { try await client.volumes.remove(names.key) }
      return key
    }
    let archive = Archive(client: client, names: names)
    try await archive.make()
    try await archive.write([(Self.path, ["key": .string(text)])])
    _ = try await ifFound { try await client.volumes.remove(names.key) }
    return Hex.bytes(text) ?? []
  }
}
