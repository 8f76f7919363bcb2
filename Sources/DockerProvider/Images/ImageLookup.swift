import DockerAPI
import Planning
import WorkloadSpec

/// Finds out whether the images of containers are still those that their names lead to. What several containers run
/// is asked for once.
actor ImageLookup {
  private let client: DockerClient
  private let credentials: @Sendable (RegistryName) async throws -> RegistryCredentials?
  private var local: [String: Task<Image?, any Error>] = [:]
  private var remote: [String: Task<String?, Never>] = [:]

  /// A lookup on an engine.
  ///
  /// - Parameter credentials: what a registry is shown.
  init(
    client: DockerClient, credentials: @escaping @Sendable (RegistryName) async throws -> RegistryCredentials?
  ) {
    self.client = client
    self.credentials = credentials
  }

  /// Begins to ask for what will be needed of a container that is about to be inspected.
  func expect(_ summary: ContainerSummary, as service: Service) {
    _ = look(summary.imageID)
    if summary.image == service.image, service.pullPolicy != .always,
      ImageReference.split(summary.image).digest == nil
    {
      _ = look(summary.image)
    }
  }

  /// What a container's image gave way to; `nil` if its name still leads to it, or leads nowhere.
  func move(of container: Container, as service: Service) async throws -> ImageMove? {
    // A digest never leads anywhere else.
    guard let name = container.config.image, name == service.image, ImageReference.split(name).digest == nil
    else { return nil }
    if service.pullPolicy == .always, let digest = await digest(of: name) {
      let known = try await image(container.imageID)?.digests ?? []
      let digests = known.compactMap { ImageReference.split($0).digest }
      return digests.contains(digest)
        ? nil : ImageMove(from: digests.first ?? container.imageID, to: digest)
    }
    guard let now = try await image(name)?.id, now != container.imageID else { return nil }
    return ImageMove(from: container.imageID, to: now)
  }

  /// The digests by which registries know what a container runs.
  func digests(of container: Container) async throws -> Set<String> {
    let known = try await image(container.imageID)?.digests ?? []
    return Set(known.compactMap { ImageReference.split($0).digest })
  }

  /// An image by its name or id; `nil` if the engine does not have it.
  func image(_ name: String) async throws -> Image? { try await look(name).value }

  private func look(_ name: String) -> Task<Image?, any Error> {
    if let known = local[name] { return known }
    let task = Task { [client] in try await ifFound { try await client.images.inspect(name) } }
    local[name] = task
    return task
  }

  /// What a name leads to in its registry. Of one that does not answer, nothing is known, and nothing has moved.
  private func digest(of name: String) async -> String? {
    if let known = remote[name] { return await known.value }
    let task = Task<String?, Never> { [client, credentials] in
      let shown = try? await credentials(RegistryName(image: name))
      return try? await client.images.distribution(name, credentials: shown).descriptor.digest
    }
    remote[name] = task
    return await task.value
  }
}
