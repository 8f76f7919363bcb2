import KubernetesAPI
import ProviderKit

/// What servers have from a version on, and berth makes use of where it is.
enum ServerFeature: Int, CaseIterable {
  /// `policy/v1`.
  case policyV1 = 21
  /// Services with addresses of both families.
  case dualStack = 23
  /// Checks by gRPC.
  case grpcChecks = 24
  /// Sidecars that start before the services that need them.
  case nativeSidecars = 29
  /// A field for the profile of AppArmor, in the place of an annotation.
  case appArmorField = 30

  /// The field of a service that can't be had without it, by its path; `nil` if all can.
  var field: String? {
    switch self {
    case .grpcChecks: "healthCheck.grpc"
    case .nativeSidecars: "dependsOn"
    case .policyV1, .dualStack, .appArmorField: nil
    }
  }

  /// Why a server of another version lacks it.
  func obstacle(_ version: String) -> String {
    let words =
      switch self {
      case .policyV1: "has no policy/v1"
      case .dualStack: "gives a Service addresses of one family"
      case .grpcChecks: "makes no checks by gRPC"
      case .nativeSidecars: "starts the containers of a pod at the same time"
      case .appArmorField: "has no field for profiles of AppArmor"
      }
    return "Kubernetes \(version) \(words); 1.\(rawValue) does"
  }
}

extension EngineFacts {
  /// The facts of a cluster whose server has a version.
  init(kubernetes version: ServerVersion) {
    let text = "\(version.major).\(version.minor)"
    var obstacles: [String: String] = [:]
    for feature in ServerFeature.allCases where version < ServerVersion(major: 1, minor: feature.rawValue) {
      if let field = feature.field { obstacles[field] = feature.obstacle(text) }
    }
    self.init(version: text, obstacles: obstacles)
  }

  /// Why the server lacks something; `nil` if it has it.
  func obstacle(to feature: ServerFeature) -> String? { has(feature) ? nil : feature.obstacle(version) }

  /// Whether the server has something. One of unknown version has everything.
  func has(_ feature: ServerFeature) -> Bool {
    let parts = version.split(separator: ".").map { Int($0.prefix { $0.isNumber }) }
    guard parts.count >= 2, let major = parts[0], let minor = parts[1] else { return true }
    return ServerVersion(major: major, minor: minor) >= ServerVersion(major: 1, minor: feature.rawValue)
  }
}
