import ProviderKit

extension EngineFacts {
  /// The facts of a cluster: what its servers can do, and what the target has chosen.
  ///
  /// What was chosen stands among the obstacles: it decides in the same way what becomes of fields, and a plan that was made by
  /// another choice is another one.
  ///
  /// - Parameter version: of the servers, such as `1.10.2`; empty if nothing tells.
  init(nomad version: String, _ target: NomadTarget = NomadTarget()) {
    self.init(version: version)
    if target.driver != .docker { obstacles[Self.chosenDriver] = target.driver.rawValue }
    let registry = target.services ?? (has(.nativeServices) ? .nomad : NomadRegistry.none)
    if registry != .nomad { obstacles[Self.chosenRegistry] = registry.rawValue }
    for feature in NomadFeature.allCases where !has(feature) {
      for field in feature.fields { obstacles[field] = feature.obstacle(version) }
    }
  }

  private static let chosenDriver = "driver"
  private static let chosenRegistry = "services"

  /// What services are run with.
  var driver: NomadDriver { obstacles[Self.chosenDriver].flatMap(NomadDriver.init) ?? .docker }

  /// What keeps the names of services.
  var registry: NomadRegistry { obstacles[Self.chosenRegistry].flatMap(NomadRegistry.init) ?? .nomad }

  /// Whether anything makes checks of services.
  var makesChecks: Bool {
    switch registry {
    case .nomad: has(.nativeChecks)
    case .consul: true
    case .none: false
    }
  }
}

extension NomadFeature {
  /// The fields of a service that can't be had without it, by path.
  var fields: [String] {
    switch self {
    case .fileOwners: ["configFiles.owner", "secrets.owner"]
    case .hostnames: ["hostname"]
    case .groups: ["groups"]
    case .oomScore: ["resources.oomScore"]
    case .nativeServices, .nativeChecks, .variables, .anyDatacenter, .nodePools, .workingDir: []
    }
  }
}
