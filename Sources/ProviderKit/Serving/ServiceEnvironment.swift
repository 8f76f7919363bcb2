import Planning
import Secrets
import WorkloadSpec

/// The variables of a service: what it inherits comes first, then the ports that it is told, then the spec; names of
/// berth's own come last and win.
public struct ServiceEnvironment: Sendable {
  /// Those without a secret, by name.
  public private(set) var plain = StringMap()
  /// Those with a secret in them, ordered by name. None of them is among the plain ones.
  public private(set) var secret: [(name: String, value: SecretValue)] = []

  /// The variables of a service that an action makes.
  ///
  /// - Parameters:
  ///   - inherited: what every service has, as `NAME=value`.
  ///   - ports: the ports of the spec, each with the number that the service is told.
  ///   - texts: how texts are filled in.
  ///   - root: what `BERTH_ROOT` says.
  /// - Throws: `ActionFailure` if a secret has no value, or holds a null character.
  public init(
    of service: Service, in instance: InstanceID, inherited: [String] = [],
    ports: [(container: Int, told: Int)], texts: ServiceTexts, root: String, _ context: ActionContext
  ) throws(ActionFailure) {
    for text in inherited {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { plain[String(parts[0])] = String(parts[1]) }
    }
    if let first = ports.first { plain["PORT"] = String(first.told) }
    for port in ports { plain["PORT_\(port.container)"] = String(port.told) }
    var secrets: [String: SecretValue] = [:]
    for entry in service.env.entries {
      if SecretText(entry.value).keys.isEmpty {
        plain[entry.key] = texts.fillText(entry.value)
      } else {
        secrets[entry.key] = try context.fillingSecrets(of: entry.value, fill: texts.fill)
      }
    }
    for use in service.secrets where use.type == .env { secrets[use.as] = try context.secret(use.key) }
    let own: StringMap = [
      "BERTH_ROOT": root, "BERTH_NAMESPACE": context.key.namespace, "BERTH_WORKLOAD": context.key.name,
      "BERTH_INSTANCE": instance.description, "BERTH_SERVICE": service.name,
    ]
    for entry in own.entries {
      plain[entry.key] = entry.value
      secrets[entry.key] = nil
    }
    for (name, value) in secrets.sorted(by: { $0.key < $1.key }) {
      guard !value.bytes.contains(0) else {
        throw ActionFailure("the secret in `\(name)` holds a null character, which no variable can hold")
      }
      plain[name] = nil
      secret.append((name, value))
    }
  }
}
