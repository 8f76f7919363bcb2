import KubernetesAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// The variables of a service, as its container lists them.
struct ServiceVariables {
  private let service: Service
  private let writing: Writing
  private let secrets: String?

  /// Those of a service, of which the secret ones stand in an object.
  init(of service: Service, _ writing: Writing, secretsIn object: String?) {
    self.service = service
    self.writing = writing
    secrets = object
  }

  /// What says which pod it is: only the cluster knows.
  private static let instance = "BERTH_INSTANCE"

  /// The list, ordered by name.
  var list: [JSON] {
    var values: [String: JSON] = [:]
    for entry in plain.entries { values[entry.key] = ["value": .string(Expansion.escape(entry.value))] }
    for name in service.secretVariables where values[name] == nil {
      values[name] = [
        "valueFrom": [
          "secretKeyRef": ["name": .string(secrets ?? ""), "key": .string(ConfigKey.variable(name))]
        ]
      ]
    }
    values[Self.instance] = ["valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]]
    return values.sorted { $0.key < $1.key }.map { name, value in
      var variable: JSON = ["name": .string(name)]
      for member in value.members ?? [] { variable[member.key] = member.value }
      return variable
    }
  }

  /// Those without a secret in them.
  private var plain: StringMap {
    ServiceEnvironment.open(
      of: service, ports: service.ports.map { ($0.container, $0.container) }, texts: service.texts, root: "/",
      writing.context)
  }
}
