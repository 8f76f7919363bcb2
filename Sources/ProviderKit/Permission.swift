import WorkloadSpec

/// Something that a workload can do to the engine's machine, or to what berth did not make, and that a target must allow:
/// `allow: [bind]` in berth.yaml.
public enum Permission: String, SpecChoice {
  /// To see paths of the machine.
  case bind
  /// To do all that the machine's administrator may.
  case privileged
  /// To see devices of the machine.
  case devices
  /// To be in the machine's own network.
  case hostNetwork = "host-network"
  /// To see processes or memory of the machine or of other containers.
  case hostNamespaces = "host-namespaces"
  /// To have more rights than an engine gives by itself.
  case capabilities
  /// To run under other security profiles than the engine's own.
  case securityProfiles = "security-profiles"
  /// To mount volumes that berth did not make.
  case externalVolumes = "external-volumes"
  /// To join networks that berth did not make.
  case externalNetworks = "external-networks"
  /// To have volumes made by other drivers, or with their options.
  case driverOptions = "driver-options"
  /// To be run with something else than the engine's own runtime.
  case runtime

  /// What is allowed, in words that follow "may".
  public var words: String {
    switch self {
    case .bind: "mount paths of the machine"
    case .privileged: "do all that the machine's administrator may"
    case .devices: "use devices of the machine"
    case .hostNetwork: "use the machine's own network"
    case .hostNamespaces: "share processes or memory with the machine"
    case .capabilities: "have added capabilities"
    case .securityProfiles: "choose security profiles"
    case .externalVolumes: "mount volumes that berth did not make"
    case .externalNetworks: "join networks that berth did not make"
    case .driverOptions: "choose drivers of volumes and their options"
    case .runtime: "choose a runtime"
    }
  }
}

extension Service {
  /// The permissions that it needs by the language's own fields, each with the path of the field that needs it.
  public var permissions: [(permission: Permission, field: String)] {
    let fields = fields
    var needed: [(Permission, String)] = []
    func need(_ permission: Permission, _ field: String, if isNeeded: Bool) {
      if isNeeded { needed.append((permission, field)) }
    }
    for volume in volumes {
      let path = "volumes[\(volume.name)]"
      need(.bind, path, if: volume.type == .bind)
      need(.externalVolumes, path, if: volume.type == .external)
      need(.driverOptions, "\(path).driver", if: !volume.$driver.isUnset)
    }
    if !fields.$security.isUnset {
      let security = fields.security
      need(.privileged, "security.privileged", if: security.privileged)
      need(.devices, "security.devices", if: !security.devices.isEmpty)
      need(.capabilities, "security.capabilities.add", if: !security.capabilities.add.elements.isEmpty)
      need(.securityProfiles, "security.seccomp", if: security.seccomp != nil)
      need(.securityProfiles, "security.apparmor", if: security.apparmor != nil)
      need(.securityProfiles, "security.selinux", if: !security.selinux.elements.isEmpty)
    }
    if !fields.$network.isUnset {
      let network = fields.network
      need(.hostNetwork, "network.mode", if: network.mode == .host)
      need(.externalNetworks, "network.join", if: !network.join.isEmpty)
    }
    need(.runtime, "runtime", if: fields.runtime != nil)
    return needed
  }
}
