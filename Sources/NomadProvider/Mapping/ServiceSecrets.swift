import Planning
import ProviderKit
import Secrets
import Values
import WorkloadSpec

/// Where the tasks of a service find the values of its secrets.
struct ServiceSecrets: Sendable {
  private let items: SecretItems
  private let path: String?
  private let registry: NomadRegistry
  private let values: [String: SecretValue]?

  /// Those of a service of a job.
  ///
  /// - Parameter digests: the keyed digests of the values, by the identity of the use.
  init(of service: Service, job: String, _ writing: Writing, digests: [String: String]) {
    items = SecretItems(of: service, digests)
    path = writing.facts.has(.variables) ? JobNames.variable(of: service.name, in: job) : nil
    registry = writing.facts.registry
    values = writing.secrets
  }

  /// Where the text at a place finds them.
  func sources(at place: SecretUse.Place) -> TemplateSources {
    TemplateSources(registry: registry, path: path, items: items.at { $0 == place }, values: values)
  }

  /// The template of a file that holds a secret, or a part of it.
  func body(of use: SecretReference, isCertificate: Bool) -> String {
    let place = SecretUse.Place.listed(use.identity)
    guard use.type == .tls else {
      let sources = sources(at: place)
      return sources.secret(use.key).map { "{{ \($0) }}" } ?? sources.open(use.key)
    }
    let suffix = isCertificate ? SecretItems.certificates : SecretItems.privateKey
    if path != nil {
      let item = items.at { $0 == place }.mapValues { $0 + suffix }
      let sources = TemplateSources(registry: registry, path: path, items: item, values: values)
      return sources.secret(use.key).map { "{{ \($0) }}" } ?? ""
    }
    guard let value = values?[use.key], let pair = try? TLSCredentials(value) else {
      return TemplateSources.unknown
    }
    return SpecText.escapeTemplate(
      String(decoding: isCertificate ? pair.certificates : pair.key, as: UTF8.self))
  }

  /// The expressions, or the values, of what is shown to the registry of an image: the user, then the password.
  func credentials(of use: SecretReference) -> (user: TemplateValue, password: TemplateValue) {
    let place = SecretUse.Place.listed(use.identity)
    func item(_ suffix: String) -> TemplateValue? {
      TemplateSources(
        registry: registry, path: path, items: items.at { $0 == place }.mapValues { $0 + suffix },
        values: values
      ).secret(use.key).map(TemplateValue.expression)
    }
    if let user = item(SecretItems.user), let password = item(SecretItems.password) {
      return (user, password)
    }
    guard let value = values?[use.key], let pair = try? RegistryCredentials(value) else {
      return (.text(TemplateSources.unknown), .text(TemplateSources.unknown))
    }
    return (.text(pair.username), .text(pair.password))
  }
}

/// What stands for a part of a secret.
enum TemplateValue: Sendable {
  /// An expression that a client evaluates.
  case expression(String)
  /// The value itself.
  case text(String)
}
