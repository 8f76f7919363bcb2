import ProviderKit
import WorkloadSpec

/// What only Kubernetes knows.
public enum KubernetesFields {
  /// The engine, as it stands under `on`.
  public static let engine = "kubernetes"

  /// Its fields, by the places at which they may stand under `on`.
  public static let all = EngineFields(
    engine, KubernetesWorkload.self, KubernetesService.self, KubernetesVolume.self, KubernetesPort.self)

  /// The permissions that a service needs by them, each with the path of the field that needs it.
  public static func permissions(of service: Service) -> [(permission: Permission, field: String)] {
    var needed: [(Permission, String)] = []
    if service.on[KubernetesService.self].seccompProfile?.hasPrefix(KubernetesService.localProfile) == true {
      needed.append((.securityProfiles, "on.kubernetes.seccompProfile"))
    }
    for volume in service.volumes where volume.on[KubernetesVolume.self].propagation == .bidirectional {
      needed.append((.privileged, "volumes[\(volume.name)].on.kubernetes.propagation"))
    }
    return needed
  }
}
