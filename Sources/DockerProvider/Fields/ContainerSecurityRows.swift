import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

extension ContainerTable {
  // MARK: What it may do

  static let security: [ContainerRow] = [
    .enforced(
      "security.readOnlyRoot", "`ReadonlyRootfs`",
      write: { if $0.service.security.readOnlyRoot { $1.host.readOnlyRoot = true } },
      read: { if $0.container.host.readOnlyRoot == true { $1.security.readOnlyRoot = true } }),
    .enforced(
      "security.privileged", "`Privileged`",
      write: { if $0.service.security.privileged { $1.host.privileged = true } },
      read: { if $0.container.host.privileged == true { $1.security.privileged = true } }),
    .enforced(
      "security.noNewPrivileges", "`SecurityOpt`: `no-new-privileges`",
      write: { writing, creation throws(ActionFailure) in
        let options = SecurityOptions(writing.service.security).texts
        if !options.isEmpty { creation.host.securityOptions = options }
      },
      read: {
        if SecurityOptions($0.container.host.securityOptions).hasNoNewPrivileges {
          $1.security.noNewPrivileges = true
        }
      }),
    .enforced(
      "security.capabilities.add", "`CapAdd`",
      write: { writing, creation throws(ActionFailure) in
        let names = writing.service.security.capabilities.add.elements
        if !names.isEmpty { creation.host.addedCapabilities = names }
      },
      read: { reading, service in
        let names = ContainerFields.capabilities(reading.container.host.addedCapabilities)
        if !names.isUnset { service.security.capabilities.add = names }
      }),
    .enforced(
      "security.capabilities.drop", "`CapDrop`",
      write: { writing, creation throws(ActionFailure) in
        let names = writing.service.security.capabilities.drop.elements
        if !names.isEmpty { creation.host.droppedCapabilities = names }
      },
      read: { reading, service in
        let names = ContainerFields.capabilities(reading.container.host.droppedCapabilities)
        if !names.isUnset { service.security.capabilities.drop = names }
      }),
    .ifStated(
      "security.seccomp", "`SecurityOpt`: `seccomp=…`", \.security.seccomp,
      live: { SecurityOptions($0.host.securityOptions)["seccomp"] }),
    .ifStated(
      "security.apparmor", "`SecurityOpt`: `apparmor=…`", \.security.apparmor,
      live: { SecurityOptions($0.host.securityOptions)["apparmor"] }),
    .enforced(
      "security.selinux", "`SecurityOpt`: `label=…`",
      read: { reading, service in
        guard !reading.stamp.spec.security.selinux.isUnset else { return }
        service.security.selinux = SecurityOptions(reading.container.host.securityOptions).labels
      }),
    .enforced(
      "security.devices.source", "`Devices`: `PathOnHost`",
      write: { writing, creation throws(ActionFailure) in
        let devices = writing.service.security.devices
        guard !devices.isEmpty else { return }
        creation.host.devices = devices.map {
          DeviceMapping(
            source: $0.source, target: $0.path ?? $0.source, permissions: $0.permissions.rawValue)
        }
      },
      read: { reading, service in
        let stated = reading.stamp.spec.security.devices
        let devices = (reading.container.host.devices ?? []).map { mapping in
          var device = Device()
          device.source = mapping.source
          let isStated = stated.first { $0.source == mapping.source }?.path != nil
          device.path = mapping.target == mapping.source && !isStated ? nil : mapping.target
          device.permissions = DevicePermissions(rawValue: mapping.permissions) ?? .readWriteMake
          return device
        }
        if !devices.isEmpty { service.security.devices = devices.sorted { $0.precedes($1) } }
      }),
    .enforced("security.devices.path", "`Devices`: `PathInContainer`", read: { _, _ in }),
    .enforced("security.devices.permissions", "`Devices`: `CgroupPermissions`", read: { _, _ in }),
  ]
}

/// The options of the security modules, as the engine has them: `no-new-privileges`, `seccomp=unconfined`, `label=disable`.
struct SecurityOptions {
  /// As the engine takes them.
  let texts: [String]

  /// Those of a container.
  init(_ texts: [String]?) { self.texts = texts ?? [] }

  /// Those of a service.
  init(_ security: Security) {
    var texts: [String] = []
    if security.noNewPrivileges { texts.append("no-new-privileges") }
    if let filter = security.seccomp { texts.append("seccomp=\(filter)") }
    if let profile = security.apparmor { texts.append("apparmor=\(profile)") }
    texts += security.selinux.elements.map { "label=\($0)" }
    self.texts = texts
  }

  /// Whether processes can't get more rights than they start with.
  var hasNoNewPrivileges: Bool {
    texts.contains { ["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"].contains($0) }
  }

  /// The parts of the label.
  var labels: StringSet { StringSet(values(of: "label")) }

  /// The value of the first option with a name, whether written `name=value` or `name:value`.
  subscript(name: String) -> String? { values(of: name).first }

  private func values(of name: String) -> [String] {
    texts.compactMap { text in
      guard text.hasPrefix(name), let sign = text.dropFirst(name.count).first, "=:".contains(sign) else {
        return nil
      }
      return String(text.dropFirst(name.count + 1))
    }
  }
}
