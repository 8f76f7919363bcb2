import ProviderKit
import WorkloadSpec

/// What only Nomad knows.
public enum NomadFields {
  /// The engine, as it stands under `on`.
  public static let engine = "nomad"

  /// Its fields, by the places at which they may stand under `on`.
  public static let all = EngineFields(
    engine, NomadWorkload.self, NomadService.self, NomadVolume.self, NomadPort.self)

  /// The permissions that a service needs by them, each with the path of the field that needs it.
  public static func permissions(of service: Service) -> [(permission: Permission, field: String)] {
    var needed: [(Permission, String)] = []
    // What stands there can do all that the driver lets a job do.
    if !service.on[NomadService.self].config.isUnset {
      needed.append((.privileged, "on.nomad.config"))
    }
    for volume in service.volumes where volume.on[NomadVolume.self].propagation == .bidirectional {
      needed.append((.privileged, "volumes[\(volume.name)].on.nomad.propagation"))
    }
    return needed
  }
}
