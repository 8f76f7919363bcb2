import KubernetesAPI
import ProviderKit
import WorkloadSpec

extension KubernetesTable {
  // MARK: What it may do

  static func security(_ facts: EngineFacts) -> [TemplateRow] {
    rights + [apparmor(facts)] + labelsAndDevices
  }

  private static func path(_ keys: String...) -> [String] { ["securityContext"] + keys }

  private static let rights: [TemplateRow] = [
    .flag(
      "security.readOnlyRoot", "`readOnlyRootFilesystem`", \.security.readOnlyRoot,
      at: path("readOnlyRootFilesystem")),
    .flag("security.privileged", "`privileged`", \.security.privileged, at: path("privileged")),
    .enforced(
      "security.noNewPrivileges", "`allowPrivilegeEscalation: false`",
      write: { writing, draft in
        let security = writing.service.security
        guard security.noNewPrivileges else { return }
        if security.privileged || security.capabilities.add.elements.contains("SYS_ADMIN") {
          draft.refuse(
            "service `\(writing.service.name)` has `noNewPrivileges`, and rights with which Kubernetes refuses it",
            help: "leave out `noNewPrivileges`, or `privileged` and the capability `SYS_ADMIN`")
        }
        draft.container[path("allowPrivilegeEscalation")] = false
      },
      read: {
        if $0.container[path("allowPrivilegeEscalation")]?.bool == false {
          $1.security.noNewPrivileges = true
        }
      }),
    .capabilities("add", \.add),
    .capabilities("drop", \.drop),
    .enforced(
      "security.seccomp", "`seccompProfile` of type `Unconfined`; a filter has to be on the nodes",
      write: { writing, draft in
        guard let filter = writing.service.security.seccomp else { return }
        guard filter == "unconfined" else {
          draft.refuse(
            "service `\(writing.service.name)` has a filter of system calls in its spec, and Kubernetes takes those that are on its nodes",
            help: "write `on: {kubernetes: {seccompProfile: localhost/PATH}}`, or `RuntimeDefault`")
          return
        }
        draft.container[path("seccompProfile")] = ["type": "Unconfined"]
      },
      read: { reading, service in
        guard reading.stated.security.seccomp != nil else { return }
        let type = reading.container[path("seccompProfile", "type")]?.string
        service.security.seccomp = type == "Unconfined" ? "unconfined" : type
      }),
  ]

  private static func apparmor(_ facts: EngineFacts) -> TemplateRow {
    guard facts.has(.appArmorField) else {
      let prefix = "container.apparmor.security.beta.kubernetes.io/"
      return .enforced(
        "security.apparmor", "the annotation `\(prefix)…` of the pod",
        write: { writing, draft in
          guard let profile = writing.service.security.apparmor else { return }
          draft.annotations[prefix + writing.service.name] =
            profile == "unconfined" ? profile : "localhost/\(profile)"
        },
        read: { reading, service in
          guard reading.stated.security.apparmor != nil,
            let live = reading.pod.metadata["annotations"]?[prefix + reading.stated.name]?.string
          else { return }
          service.security.apparmor = live.hasPrefix("localhost/") ? String(live.dropFirst(10)) : live
        })
    }
    return .enforced(
      "security.apparmor", "`appArmorProfile`",
      write: { writing, draft in
        guard let profile = writing.service.security.apparmor else { return }
        draft.container[path("appArmorProfile")] =
          profile == "unconfined"
          ? ["type": "Unconfined"] : ["type": "Localhost", "localhostProfile": .string(profile)]
      },
      read: { reading, service in
        guard reading.stated.security.apparmor != nil else { return }
        let live = reading.container[path("appArmorProfile")]
        service.security.apparmor =
          live?["localhostProfile"]?.string
          ?? (live?["type"]?.string == "Unconfined" ? "unconfined" : live?["type"]?.string)
      })
  }

  /// A part of a label for SELinux, as Kubernetes has it: what is kept from nothing has a type of its own.
  private static func part(_ text: String) -> String { text == "disable" ? "type:spc_t" : text }

  private static let labelsAndDevices: [TemplateRow] = [
    .enforced(
      "security.selinux", "`seLinuxOptions`",
      write: { writing, draft in
        for part in writing.service.security.selinux.elements.map(Self.part) {
          let halves = part.split(separator: ":", maxSplits: 1).map(String.init)
          guard halves.count == 2, ["user", "role", "type", "level"].contains(halves[0]) else {
            draft.refuse(
              "`\(part)` of service `\(writing.service.name)` is no part of a label for SELinux that Kubernetes takes",
              help: "write `user:…`, `role:…`, `type:…` or `level:…`")
            continue
          }
          draft.container[path("seLinuxOptions", halves[0])] = .string(halves[1])
        }
      },
      read: { reading, service in
        guard !reading.stated.security.selinux.isUnset else { return }
        let live = StringSet(
          (reading.container[path("seLinuxOptions")]?.members ?? []).compactMap { member in
            member.value.string.map { "\(member.key):\($0)" }
          })
        let stated = reading.stated.security.selinux
        service.security.selinux = StringSet(stated.elements.map(Self.part)) == live ? stated : live
      }),
    .refused(
      "security.devices.source",
      because: "a pod gets devices by resources of nodes: see `resources.gpu` and `on.kubernetes.resources`"),
    .refused("security.devices.path", because: "a pod gets devices by resources of nodes"),
    .refused("security.devices.permissions", because: "a pod gets devices by resources of nodes"),
  ]
}

extension TemplateRow {
  fileprivate static func capabilities(
    _ name: String, _ member: WritableKeyPath<Capabilities, StringSet> & Sendable
  ) -> TemplateRow {
    let place = ["securityContext", "capabilities", name]
    return .enforced(
      "security.capabilities.\(name)", "`capabilities`: `\(name)`",
      write: { writing, draft in
        let names = writing.service.security.capabilities[keyPath: member]
        if !names.isUnset { draft.container[place] = .texts(names.elements) }
      },
      read: { reading, service in
        let names = StringSet(reading.container[place]?.list ?? [])
        if !names.isUnset { service.security.capabilities[keyPath: member] = names }
      })
  }
}
