import DockerAPI
import ProviderKit
import WorkloadSpec

/// The secret of a service that its image's registry is shown.
enum RegistrySecret {
  /// What the registry is shown; `nil` if the spec has nothing for it.
  ///
  /// - Parameter secrets: the values of secrets, by key.
  /// - Throws: `ActionFailure` if the secret has no usable value.
  static func credentials(
    for service: Service, among secrets: [String: SecretValue]
  ) throws(ActionFailure) -> DockerAPI.RegistryCredentials? {
    guard let image = service.image else { return nil }
    let registry = RegistryName(image: image)
    let secret = service.secrets.first {
      $0.type == .registry
        && ($0.as == registry.description || RegistryName(image: "\($0.as)/image") == registry)
    }
    guard let secret else { return nil }
    guard let value = secrets[secret.key] else {
      throw ActionFailure("the secret `\(secret.key)` has no value")
    }
    do {
      let credentials = try ProviderKit.RegistryCredentials(value)
      return DockerAPI.RegistryCredentials(
        user: credentials.username, password: credentials.password, registry: registry.description)
    } catch {
      throw ActionFailure("the secret `\(secret.key)` can't be handed over: \(error.message)")
    }
  }
}
