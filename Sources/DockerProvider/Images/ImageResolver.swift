import DockerAPI
import Planning
import ProviderKit
import Secrets
import WorkloadSpec

/// Finds out where the name of a service's image leads: to what it would run if it were made now.
struct ImageResolver: Sendable {
  let client: DockerClient
  /// The values of secrets, as far as they are known.
  let secrets: [String: SecretValue]
  /// The registries that the secrets may be sent to.
  let registries: ListedRegistries
  /// The variables by which the docker client's credentials are found.
  let environment: [String: String]

  /// How long a registry may take to answer. An engine waits for one that keeps silent longer than a user wants to
  /// wait for a plan.
  private static let patience = Duration.seconds(15)

  /// Where it leads, as the service's pull policy says: with `always` by the word of its registry, else by what the
  /// engine has, and where it has nothing, again by its registry.
  func resolve(_ service: Service) async throws -> ImageResolution {
    guard let name = service.image else { return .unknown("there is none") }
    switch service.pullPolicy {
    case .always: return try await remote(name, of: service)
    case .missing:
      if let found = try await local(name) { return found }
      return try await remote(name, of: service)
    case .never:
      return try await local(name)
        ?? .unknown("it is not on the engine, and `pullPolicy: never` forbids to look elsewhere")
    }
  }

  /// What the engine has under the name; `nil` if it has nothing.
  private func local(_ name: String) async throws -> ImageResolution? {
    guard let image = try await ifFound({ try await client.images.inspect(name) }) else { return nil }
    let digests = RepositoryDigests.digests(of: name, among: image.digests ?? [])
    guard !digests.isEmpty else {
      return .unknown("the engine has it from no registry")
    }
    return .digests(digests)
  }

  /// What its registry has under the name.
  private func remote(_ name: String, of service: Service) async throws -> ImageResolution {
    let credentials: DockerAPI.RegistryCredentials?
    do {
      if let given = try registries.credentialsForPlan(of: service, among: secrets) {
        credentials = given
      } else {
        credentials = try await ImageSupply.storedCredentials(for: RegistryName(image: name), environment)
      }
    } catch let failure as ActionFailure {
      return .unknown(failure.message)
    }
    do {
      let found = try await inTime(Self.patience) {
        try await client.images.distribution(name, credentials: credentials)
      }
      guard let found else { return .unknown("its registry did not answer within \(Self.patience)") }
      return .digests([found.descriptor.digest])
    } catch let error as DockerError where error.status != nil {
      return .unknown("its registry was asked in vain: \(error.message)")
    }
  }
}

/// The digests that an engine has for the repositories that an image came from.
enum RepositoryDigests {
  /// The digests that belong to the repository of an image's name, in order.
  ///
  /// - Parameter known: as the engine has them: `repository@sha256:…`.
  static func digests(of name: String, among known: [String]) -> [String] {
    let repository = familiar(name)
    return known.compactMap { reference in
      let parts = ImageReference.split(reference)
      return familiar(parts.name) == repository ? parts.digest : nil
    }.sorted()
  }

  /// A repository as engines write it, without what the default registry is called and without a tag.
  private static func familiar(_ name: String) -> String {
    guard let reference = ImageReference(name) else { return name }
    let hubs: [String?] = [nil, "docker.io", "index.docker.io"]
    guard hubs.contains(reference.registry) else {
      return "\(reference.registry ?? "")/\(reference.repository)"
    }
    let library = "library/"
    return reference.repository.hasPrefix(library)
      ? String(reference.repository.dropFirst(library.count)) : reference.repository
  }
}
