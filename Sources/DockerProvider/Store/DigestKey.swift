import DockerAPI
import Values

/// The key of the digests of secrets, in a file of the archive.
struct DigestKey: Sendable {
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

  /// The key: 32 random bytes, made if there is none. The archive is there, too, when this returns.
  func make() async throws -> [UInt8] {
    if let key = try await read() { return key }
    let own = Hex.lower((0..<32).map { _ in UInt8.random(in: .min ... .max) })
    let made = try await client.volumes.create(VolumeCreation(name: names.key, labels: [Self.label: own]))
    let text = made.labels?[Self.label] ?? own
    let archive = Archive(client: client, names: names)
    try await archive.make()
    // The process that made one before has deleted the volume only after the file was there; and an archive that was out of
    // reach may have had one all the time.
    if let key = try await read() {
      try await forget()
      return key
    }
    try await archive.write([(Self.path, ["key": .string(text)])])
    try await forget()
    return Hex.bytes(text) ?? []
  }

  /// Makes the archive, and the key with it, if either is missing. Where both are there, it takes an engine next to
  /// nothing to tell.
  func makeSure() async throws {
    let archive = Archive(client: client, names: names)
    async let isReachable = archive.isReachable()
    // It is made before the archive is, and stays until the key is in there.
    async let isUnfinished = ifFound { try await client.volumes.inspect(names.key) } != nil
    let (isThere, isHalfMade) = (try await isReachable, try await isUnfinished)
    if isThere, !isHalfMade { return }
    _ = try await make()
    if isHalfMade { try await forget() }
  }

  private func forget() async throws {
    _ = try await ifFound { try await client.volumes.remove(names.key) }
  }
}
