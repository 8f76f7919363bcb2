import ProviderKit
import Values
import WorkloadSpec

/// The variables of a service: those that its task lists, and those that a template has, since a secret or an address stands in
/// them, or what a client would fill in although the spec does not mean it.
struct TaskVariables: Sendable {
  /// Those that the task lists, by name.
  private(set) var listed: [String: String] = [:]
  /// The lines of the template.
  private(set) var lines = ""
  /// The names of those that it has.
  private(set) var rendered: [String] = []

  /// Where the template is rendered, from the task's own folder.
  static let destination = "secrets/berth.env"
  /// By which a driver finds what it shows to the registry of its image.
  static let registryUser = "BERTH_REGISTRY_USER"
  /// The password that goes with it.
  static let registryPassword = "BERTH_REGISTRY_PASSWORD"

  /// Those of a service.
  init(of service: Service, _ writing: Writing, _ secrets: ServiceSecrets) {
    let network = writing.network
    let plain = ServiceEnvironment.open(
      of: service, ports: [], texts: ServiceTexts(root: "") { _ in nil }, root: network.driver.rootVariable,
      writing.context)
    var rendered: [(name: String, line: String)] = []
    for entry in plain.entries {
      // What the spec states is taken as it stands there: nothing of it is filled in so far.
      guard let stated = service.env[entry.key], !Self.own.contains(entry.key) else {
        listed[entry.key] = entry.value
        continue
      }
      let text = SpecText(stated, of: service, in: network, mayHoldSecrets: true)
      if let value = text.variable {
        listed[entry.key] = value
      } else {
        rendered.append((entry.key, text.line(entry.key, secrets.sources(at: .variable(entry.key)))))
      }
    }
    listed["BERTH_INSTANCE"] = "${NOMAD_ALLOC_INDEX}"
    if !network.isShared { listed[SpecText.nodeVariable] = "${\(SpecText.nodeAddress)}" }
    for (index, port) in service.ports.enumerated() {
      let told = Self.told(port, of: service, in: network)
      if index == 0, service.env["PORT"] == nil { listed["PORT"] = told }
      if service.env["PORT_\(port.container)"] == nil { listed["PORT_\(port.container)"] = told }
    }
    for entry in service.env.entries where entry.holdsSecrets {
      let text = SpecText(entry.value, of: service, in: network, mayHoldSecrets: true)
      rendered.append((entry.key, text.line(entry.key, secrets.sources(at: .variable(entry.key)))))
    }
    for use in service.secrets where use.type == .env {
      listed[use.as] = nil
      rendered.removeAll { $0.name == use.as }
      let text = SpecText(SecretText.reference(to: use.key), of: service, in: network, mayHoldSecrets: true)
      rendered.append((use.as, text.line(use.as, secrets.sources(at: .listed(use.identity)))))
    }
    rendered.sort { $0.name < $1.name }
    lines = rendered.map(\.line).joined()
    self.rendered = rendered.map(\.name)
  }

  /// The names of berth's own variables, which no spec sets.
  private static let own: Set<String> = [
    "BERTH_ROOT", "BERTH_NAMESPACE", "BERTH_WORKLOAD", "BERTH_INSTANCE", "BERTH_SERVICE",
  ]

  /// The number that a service is told of one of its ports.
  private static func told(_ port: Port, of service: Service, in network: InstanceNetwork) -> String {
    if network.listensOnNode(service) {
      return "${NOMAD_PORT_\(JobNames.port(port.container, of: service.name))}"
    }
    return String(InstanceNetwork.isOfHost(service) ? port.host ?? port.container : port.container)
  }

  /// The template; `nil` if there is none.
  func template(_ own: NomadService) -> JSON? {
    guard !lines.isEmpty else { return nil }
    var template: JSON = [
      "EmbeddedTmpl": .string(lines), "DestPath": .string(Self.destination), "Envvars": true, "Perms": "0400",
    ]
    own.write(into: &template)
    return template
  }
}
