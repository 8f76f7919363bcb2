import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: What it may do

  static let security: [TaskRow] = [
    .flag(
      "security.readOnlyRoot", "`readonly_rootfs`", \.security.readOnlyRoot, docker: "readonly_rootfs",
      podman: "readonly_rootfs"),
    .flag(
      "security.privileged", "`privileged`, where the clients allow it", \.security.privileged,
      docker: "privileged", podman: "privileged"),
    .enforced(
      "security.noNewPrivileges", "`security_opt`: `no-new-privileges`",
      write: { writing, draft in
        if writing.service.security.noNewPrivileges { draft.add([.string(noNew)], toOption: "security_opt") }
      },
      read: { reading, service in
        if reading.securityOptions.contains(where: { $0 == noNew || $0 == "\(noNew):true" }) {
          service.security.noNewPrivileges = true
        }
      }),
    .option(
      "security.capabilities.add", "`cap_add`, where the clients allow it", \.security.capabilities.add,
      docker: "cap_add", podman: "cap_add",
      write: { names, _ in names.isUnset ? nil : .texts(names.elements) },
      read: { live, _, _ in StringSet((live.list ?? []).map(\.capability)) }),
    .option(
      "security.capabilities.drop", "`cap_drop`", \.security.capabilities.drop, docker: "cap_drop",
      podman: "cap_drop", write: { names, _ in names.isUnset ? nil : .texts(names.elements) },
      read: { live, _, _ in StringSet((live.list ?? []).map(\.capability)) }),
    .enforced(
      "security.seccomp", "`security_opt`: `seccomp=unconfined`; a filter has to be on the nodes",
      write: { writing, draft in
        guard let filter = writing.service.security.seccomp else { return }
        guard filter == "unconfined" else {
          draft.refuse(
            "service `\(writing.service.name)` has a filter of system calls in its spec, and Nomad's drivers take those that are on the nodes",
            help: "write `on: {nomad: {config: {security_opt: [\"seccomp=/path/on/the/nodes.json\"]}}}`")
          return
        }
        draft.add(["seccomp=unconfined"], toOption: "security_opt")
      },
      read: { reading, service in
        guard reading.stated.security.seccomp != nil else { return }
        service.security.seccomp = reading.securityOption("seccomp")
      }),
    .enforced(
      "security.apparmor", "`security_opt`: `apparmor=…`",
      write: { writing, draft in
        guard let profile = writing.service.security.apparmor else { return }
        draft.add([.string(SpecText.escapeOption("apparmor=\(profile)"))], toOption: "security_opt")
      },
      read: { reading, service in
        guard reading.stated.security.apparmor != nil else { return }
        service.security.apparmor = reading.securityOption("apparmor")
      }),
    .enforced(
      "security.selinux", "`security_opt`: `label=…`",
      write: { writing, draft in
        draft.add(
          writing.service.security.selinux.elements.map { .string(SpecText.escapeOption("label=\($0)")) },
          toOption: "security_opt")
      },
      read: { reading, service in
        let parts = reading.securityOptions.filter { $0.hasPrefix("label=") }.map { String($0.dropFirst(6)) }
        if !parts.isEmpty { service.security.selinux = StringSet(parts) }
      }),
    .enforced(
      "security.devices.source", "`devices`: `host_path`",
      write: { writing, draft in
        draft.add(
          writing.service.security.devices.map { device in
            var entry: JSON = ["host_path": .string(SpecText.escapeOption(device.source))]
            if let path = device.path { entry["container_path"] = .string(SpecText.escapeOption(path)) }
            entry["cgroup_permissions"] = .string(device.permissions.rawValue)
            return entry
          }, toOption: "devices")
      },
      read: { reading, service in
        service.security.devices = (reading.option("devices")?.array ?? []).compactMap { entry in
          guard let source = entry["host_path"]?.string else { return nil }
          var device = Device()
          device.source = SpecText.unescapeOption(source)
          device.path = entry["container_path"]?.string.map(SpecText.unescapeOption)
          device.permissions =
            entry["cgroup_permissions"]?.string.flatMap(DevicePermissions.init) ?? .readWriteMake
          return device
        }
      }),
    .within("security.devices.path", "`container_path`"),
    .within("security.devices.permissions", "`cgroup_permissions`"),
  ]

  private static let noNew = "no-new-privileges"
}

extension TaskReading {
  /// What the driver is told of security profiles.
  fileprivate var securityOptions: [String] {
    (option("security_opt")?.list ?? []).map(SpecText.unescapeOption)
  }

  /// What it is told of one of them.
  fileprivate func securityOption(_ name: String) -> String? {
    securityOptions.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
  }
}

extension String {
  /// A capability as a spec has it.
  fileprivate var capability: String {
    let upper = uppercased()
    return upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
  }
}
