import Diagnostics
import DockerAPI
import ProviderKit
import Secrets
import WorkloadSpec

/// The registries that a target lists: only to those, secrets of specs are sent.
///
/// A spec names both the secret and, by its image, the host that is shown it. Without a list, the author of a spec could
/// have any secret of a pipeline sent to a host of his own, and by a plan alone.
struct ListedRegistries: Sendable {
  private let names: Set<RegistryName>
  private let target: String
  /// Whether the user gave the configuration that lists them. A plan by one that was found sends nothing: it may be the
  /// work of the author of the spec.
  private let isGiven: Bool

  /// Registries.
  ///
  /// - Parameter hosts: their hosts, with the port if there is one, as images name them.
  init(_ hosts: [String], of target: String = "docker", isGiven: Bool = true) {
    names = Set(hosts.map(Self.name))
    self.target = target
    self.isGiven = isGiven
  }

  /// Every one is a host, with the port if there is one.
  static let areHosts = Rule<[String]>(
    "hosts as images name them: `ghcr.io`, `registry.example.com:5000`, `docker.io`", code: .badConfiguration
  ) { hosts in
    hosts.first { $0 != name($0).description }.map { host in
      RuleProblem(
        "`\(host)` is no registry",
        help: "write its host as images name it: `ghcr.io`, `registry.example.com:5000`, `docker.io`")
    }
  }

  private static func name(_ host: String) -> RegistryName { RegistryName(image: host + "/image") }

  // MARK: What a registry is shown

  /// The secret of a service that its image's registry asks for; `nil` if the spec has none for it.
  static func secret(of service: Service) -> (secret: SecretReference, registry: RegistryName)? {
    guard let image = service.image else { return nil }
    let registry = RegistryName(image: image)
    let secret = service.secrets.first {
      $0.type == .registry && ($0.as == registry.description || name($0.as) == registry)
    }
    return secret.map { ($0, registry) }
  }

  /// What the registry of a service's image is shown during a run; `nil` if the spec has nothing for it.
  ///
  /// - Parameter secrets: the values of secrets, by key.
  /// - Throws: `ActionFailure` if the registry is not listed, or if the secret has no usable value.
  func credentials(
    for service: Service, among secrets: [String: SecretValue]
  ) throws(ActionFailure) -> DockerAPI.RegistryCredentials? {
    guard let (secret, registry) = Self.secret(of: service) else { return nil }
    guard names.contains(registry) else { throw ActionFailure(refusal(of: secret, for: registry)) }
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

  /// What the registry of a service's image is shown while a plan is made; `nil` if the spec has nothing for it.
  ///
  /// - Throws: `ActionFailure` also if the configuration was found, and not given.
  func credentialsForPlan(
    of service: Service, among secrets: [String: SecretValue]
  ) throws(ActionFailure) -> DockerAPI.RegistryCredentials? {
    let credentials = try credentials(for: service, among: secrets)
    if credentials != nil, !isGiven {
      throw ActionFailure("its registry is not asked: \(Self.reserve)")
    }
    return credentials
  }

  // MARK: What is not listed

  /// Reports each secret that would have to be sent to a registry that is not listed, and what a plan can't say
  /// without sending one.
  func check(_ workload: Workload, _ diagnostics: inout Diagnostics) {
    var seen: Set<String> = []
    for service in workload.services {
      guard let (secret, registry) = Self.secret(of: service),
        seen.insert("\(secret.key) \(registry)").inserted
      else { continue }
      if !names.contains(registry) {
        diagnostics.report(
          .unlistedRegistry, refusal(of: secret, for: registry),
          help: "if it may be sent there, add `registries: [\(registry)]` to the target in berth.yaml")
      } else if !isGiven, service.pullPolicy == .always {
        diagnostics.report(
          .providerNote,
          "\(registry) is not asked whether the images of `\(service.name)` have moved: \(Self.reserve)",
          help: "give the configuration: `--config berth.yaml`, or `BERTH_CONFIG` in the environment")
      }
    }
  }

  private static let reserve = "a plan sends a secret only by a configuration that is given"

  private func refusal(of secret: SecretReference, for registry: RegistryName) -> String {
    "the secret `\(secret.key)` is for \(registry), a registry that the target `\(target)` does not list"
  }
}
