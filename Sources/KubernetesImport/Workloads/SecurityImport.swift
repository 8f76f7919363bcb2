import WorkloadSpec
import YAMLNodes

/// Who runs a container, and what it may do. What a container says wins over what its pod says.
extension WorkloadImport {
  mutating func readSecurity(_ draft: inout ContainerDraft) {
    let own = draft.node.stated("securityContext")
    let shared = pod.stated("securityContext")
    func stated(_ key: String) -> Node? { own?.stated(key) ?? shared?.stated(key) }
    readUser(stated("runAsUser"), stated("runAsGroup"), stated("runAsNonRoot"), &draft)
    readGroups(shared, &draft)
    var security = Security()
    security.readOnlyRoot = flag(own?["readOnlyRootFilesystem"], "`readOnlyRootFilesystem`")
    security.privileged = flag(own?["privileged"], "`privileged`")
    if let escalation = own?["allowPrivilegeEscalation"], escalation.scalar != nil {
      security.noNewPrivileges = !flag(escalation, "`allowPrivilegeEscalation`")
    }
    if let capabilities = own?.stated("capabilities") {
      security.capabilities.add = Self.capabilities(capabilities.texts("add"))
      security.capabilities.drop = Self.capabilities(capabilities.texts("drop"))
    }
    readProfiles(stated("seccompProfile"), stated("appArmorProfile"), &security, draft)
    let label = stated("seLinuxOptions")
    security.selinux = StringSet(
      ["user", "role", "type", "level"].compactMap { key in
        label?.stated(key)?.scalar.map { literal("\(key):\($0)") }
      })
    draft.service.security = security
  }

  private static func capabilities(_ names: [String]) -> StringSet {
    StringSet(
      names.map { name in
        let upper = name.uppercased()
        return upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
      })
  }

  private mutating func readUser(
    _ user: Node?, _ group: Node?, _ nonRoot: Node?, _ draft: inout ContainerDraft
  ) {
    let number = integer(user, "`runAsUser`")
    if let number {
      draft.service.user = integer(group, "`runAsGroup`").map { "\(number):\($0)" } ?? "\(number)"
    } else if let group, let id = group.scalar {
      lost(
        "`runAsGroup: \(id)` of \(draft.phrase)", at: group.location,
        help: "write `user` with the number of the user, too: `1000:\(id)`")
    }
    guard let nonRoot, flag(nonRoot, "`runAsNonRoot`"), (number ?? 0) == 0, !staysOnKubernetes else { return }
    differs(
      "that \(draft.phrase) never runs as root is not checked", at: nonRoot.location,
      help: "write `user` with the number that its image has")
  }

  private mutating func readGroups(_ shared: Node?, _ draft: inout ContainerDraft) {
    var groups = shared?.texts("supplementalGroups") ?? []
    if let group = shared?.stated("fsGroup"), let id = group.scalar, !staysOnKubernetes {
      groups.append(id)
      let hasVolumes = !draft.node.list("volumeMounts").isEmpty
      if hasVolumes, once.insert("fsGroup").inserted {
        differs(
          "volumes of `\(object.name)` are not given to the group \(id)", at: group.location,
          help: "services have it among their `groups`: let an init change who owns what is in a volume")
      }
    }
    draft.service.groups = StringSet(groups)
  }

  private mutating func readProfiles(
    _ seccomp: Node?, _ apparmor: Node?, _ security: inout Security, _ draft: ContainerDraft
  ) {
    if let seccomp {
      switch seccomp["type"]?.scalar {
      case "Unconfined": security.seccomp = "unconfined"
      case "Localhost":
        guard !staysOnKubernetes else { break }
        lost(
          "the filter of system calls `\(seccomp["localhostProfile"]?.scalar ?? "")` of \(draft.phrase)",
          at: seccomp.location, help: "write the filter as JSON into `security.seccomp`")
      default: break
      }
    }
    let name = draft.node["name"]?.scalar ?? ""
    let annotation = template["metadata"]?["annotations"]?
      .stated("container.apparmor.security.beta.kubernetes.io/\(name)")?.scalar
    switch (apparmor?["type"]?.scalar, apparmor?["localhostProfile"]?.scalar, annotation) {
    case ("Unconfined", _, _), (nil, _, "unconfined"): security.apparmor = "unconfined"
    case ("Localhost", let profile?, _): security.apparmor = literal(profile)
    case (nil, _, let text?) where text.hasPrefix("localhost/"):
      security.apparmor = literal(String(text.dropFirst(10)))
    default: break
    }
  }
}
