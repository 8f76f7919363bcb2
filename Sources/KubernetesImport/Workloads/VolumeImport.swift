import Diagnostics
import WorkloadSpec
import YAMLNodes

/// Where and how a container sees a volume.
struct VolumeMount {
  /// The path, without a `/` at its end.
  let path: String
  /// The folder or the file of the volume that is seen; empty for all of it.
  let subPath: String
  let isReadOnly: Bool
  let location: SourceLocation
  let node: Node
}

/// The storage that containers see.
extension WorkloadImport {
  mutating func readVolumes() {
    var volumes: [String: Node] = [:]
    for volume in pod.list("volumes") {
      if let name = volume["name"]?.scalar { volumes[name] = volume }
    }
    var templates: [String: Node] = [:]
    for template in object.spec?.list("volumeClaimTemplates") ?? [] {
      if let name = template["metadata"]?["name"]?.scalar { templates[name] = template }
    }
    volumeNames.take(templates.keys)
    let parts = subPaths()
    for index in drafts.indices {
      var paths: Set<String> = []
      for node in drafts[index].node.list("volumeMounts") {
        guard let name = node["name"]?.scalar, let mount = mount(node, of: index) else { continue }
        guard paths.insert(mount.path).inserted else {
          invalid(
            "\(drafts[index].phrase) mounts two volumes at `\(mount.path)`", at: mount.location,
            help: "give one of the two another `mountPath`")
          continue
        }
        if let template = templates[name] {
          addClaim(template, of: nil, name, mount, parts, to: index)
        } else if let volume = volumes[name] {
          add(volume, name, mount, parts, to: index)
        } else if !name.hasPrefix("kube-api-access-") {
          invalid(
            "\(drafts[index].phrase) mounts `\(name)`, which is no volume of `\(object.name)`",
            at: (node["name"] ?? node).location,
            help: Suggestion.help(for: name, among: volumes.keys.sorted() + templates.keys.sorted())
              ?? "list it under `volumes`")
        }
      }
      dropSecretsInVolumes(of: index)
      openFolders(of: index)
    }
    limitWriters()
  }

  private mutating func mount(_ node: Node, of index: Int) -> VolumeMount? {
    guard var path = node["mountPath"]?.scalar, !path.isEmpty else {
      invalid(
        "a mount of \(drafts[index].phrase) needs a `mountPath`", at: node.location, help: "write a path")
      return nil
    }
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    var subPath = node.stated("subPath")?.scalar ?? ""
    if let expression = node.stated("subPathExpr"), let text = expression.scalar, !text.isEmpty {
      let filled = VariableExpansion(text, drafts[index].variables, takesSecrets: false)
      guard filled.open.isEmpty else {
        lost(
          "`subPathExpr: \(text)` of \(drafts[index].phrase)", at: expression.location,
          help: "an instance of a stateful set has a volume of its own")
        return nil
      }
      subPath = filled.text
    }
    while subPath.hasSuffix("/") { subPath.removeLast() }
    while subPath.hasPrefix("./") { subPath.removeFirst(2) }
    return VolumeMount(
      path: path, subPath: subPath, isReadOnly: flag(node["readOnly"], "`readOnly`"),
      location: (node["mountPath"] ?? node).location, node: node)
  }

  /// The folders in each volume that containers see; `nil` for all of it is among them as an empty text.
  private func subPaths() -> [String: Set<String>] {
    var parts: [String: Set<String>] = [:]
    for draft in drafts {
      for node in draft.node.list("volumeMounts") {
        guard let name = node["name"]?.scalar else { continue }
        let part = node.stated("subPath")?.scalar ?? node.stated("subPathExpr")?.scalar ?? ""
        parts[name, default: []].insert(part)
      }
    }
    return parts
  }

  private mutating func add(
    _ volume: Node, _ name: String, _ mount: VolumeMount, _ parts: [String: Set<String>], to index: Int
  ) {
    if volume.stated("configMap") != nil || volume.stated("secret") != nil
      || volume.stated("projected") != nil
    {
      // The server gives every pod such a volume.
      guard !name.hasPrefix("kube-api-access-") && !name.hasPrefix("default-token-") else { return }
      return mountFiles(of: volume, name, mount, into: index)
    }
    if let claim = volume.stated("persistentVolumeClaim") {
      let claimName = claim["claimName"]?.scalar ?? ""
      let isReadOnly = flag(claim["readOnly"], "`readOnly`")
      let object = set.find("PersistentVolumeClaim", claimName, from: self.object)
      if staysOnKubernetes {
        return addStanding(claimName, object, name, mount, isReadOnly: isReadOnly, to: index)
      }
      if object == nil, once.insert("claim/\(claimName)").inserted {
        differs(
          "the claim `\(claimName)` of `\(self.object.name)` is not among the files: its size is left open",
          at: claim.location,
          help: "give the file that has it, too, or write the `size` of the volume")
      }
      addClaim(object?.node, of: claimName, name, mount, parts, isReadOnly: isReadOnly, to: index)
    } else if let ephemeral = volume.stated("ephemeral") {
      var made = made(.ephemeral, name, mount, parts, of: index)
      made.size = size(
        ephemeral["volumeClaimTemplate"]?["spec"]?["resources"]?["requests"]?["storage"],
        of: "the volume `\(name)`")
      append(made, to: index, at: mount.location)
    } else if let empty = volume.stated("emptyDir") ?? (Self.hasNoSource(volume) ? volume : nil) {
      addEmpty(empty, name, mount, parts, to: index)
    } else if let path = volume.stated("hostPath") {
      addBind(path, name, mount, parts, to: index)
    } else if let (key, _) = volume.members.first(where: { $0.key.text != "name" && !$0.value.isNull }) {
      lost(
        "`\(key.text)` of the volume `\(name)` of `\(object.name)`", at: key.location,
        help: key.text == "downwardAPI"
          ? "give the program what it needs by `configFiles`"
          : "write `type: external` for a volume of the engine, or a `driver` with its options")
    }
  }

  /// Whether a volume says nothing of what it is, which makes it an empty folder.
  private static func hasNoSource(_ volume: Node) -> Bool {
    volume.members.allSatisfy { $0.key.text == "name" || $0.value.isNull }
  }

  // MARK: Kinds

  /// A volume that berth makes. What is seen of it by folders only is a volume for each of them.
  private mutating func made(
    _ type: VolumeType, _ name: String, _ mount: VolumeMount, _ parts: [String: Set<String>], of index: Int
  ) -> Volume {
    var volume = Volume()
    volume.type = type
    volume.name = DNSLabel.nearest(to: name) ?? "volume"
    volume.mountPath = literal(mount.path)
    volume.readOnly = mount.isReadOnly
    let all = parts[name] ?? []
    guard !mount.subPath.isEmpty else { return volume }
    if all.contains("") {
      volume.subPath = literal(mount.subPath)
      differs(
        "`subPath: \(mount.subPath)` of \(drafts[index].phrase) must be in the volume `\(name)` before it starts",
        at: mount.location, help: "let an init make it, or take two volumes")
    } else if all.count > 1 {
      volume.name = partName(of: name, mount.subPath)
      if type == .persistent, once.insert("parts/\(name)").inserted {
        differs(
          "each `subPath` of the volume `\(name)` of `\(object.name)` becomes a volume of its own",
          at: mount.location,
          help: "nothing is to be done where no program looks at all of the volume")
      }
    }
    return volume
  }

  private mutating func partName(of name: String, _ subPath: String) -> String {
    if let known = partNames["\(name)/\(subPath)"] { return known }
    let new = volumeNames.next(like: "\(name)-\(subPath)")
    partNames["\(name)/\(subPath)"] = new
    return new
  }

  /// A claim, or one for each instance of a stateful set.
  private mutating func addClaim(
    _ claim: Node?, of claimName: String?, _ name: String, _ mount: VolumeMount,
    _ parts: [String: Set<String>],
    isReadOnly: Bool = false, to index: Int
  ) {
    var volume = made(.persistent, name, mount, parts, of: index)
    volume.readOnly = volume.readOnly || isReadOnly
    volume.size = size(claim?["spec"]?["resources"]?["requests"]?["storage"], of: "the volume `\(name)`")
    let modes = claim?["spec"]?.texts("accessModes") ?? []
    if modes == ["ReadOnlyMany"] { volume.readOnly = true }
    if let claimName, controller == .statefulSet, mayHaveSeveral,
      once.insert("shared/\(claimName)").inserted
    {
      differs(
        "each instance of `\(object.name)` has a volume of its own in place of the claim `\(claimName)`",
        at: mount.location, help: "instances of a deployment share a volume with `access: many`")
    }
    if claimName != nil, controller != .statefulSet,
      modes.contains("ReadWriteMany") || modes.contains("ReadOnlyMany")
    {
      volume.access = .many
    }
    if staysOnKubernetes { volume = kept(clusterFields(ofClaim: claim, volume), on: volume) }
    append(volume, to: index, at: mount.location)
  }

  /// A claim that is there: berth neither makes nor deletes it, and what is in it stays.
  private mutating func addStanding(
    _ claim: String, _ object: ManifestObject?, _ name: String, _ mount: VolumeMount, isReadOnly: Bool,
    to index: Int
  ) {
    var volume = Volume()
    volume.type = .external
    volume.name = DNSLabel.nearest(to: name) ?? "volume"
    volume.mountPath = literal(mount.path)
    volume.source = literal(claim)
    volume.readOnly = mount.isReadOnly || isReadOnly
    let modes = object?.node["spec"]?.texts("accessModes") ?? []
    if modes.contains("ReadWriteMany") || modes.contains("ReadOnlyMany") { volume.access = .many }
    if !mount.subPath.isEmpty { volume.subPath = literal(mount.subPath) }
    append(volume, to: index, at: mount.location)
  }

  /// Several instances can write to what is made for one writer only if they are made to share it.
  private mutating func limitWriters() {
    defer { unifyAccess() }
    guard controller != .statefulSet, let replicas = workload.replicas, replicas > 1 else { return }
    for index in drafts.indices {
      for position in drafts[index].service.volumes.indices
      where drafts[index].service.volumes[position].isForOneWriter {
        drafts[index].service.volumes[position].access = .many
        let name = drafts[index].service.volumes[position].name
        let isBind = drafts[index].service.volumes[position].type == .bind
        guard !isBind, once.insert("many/\(name)").inserted else { continue }
        differs(
          "\(replicas) instances of `\(object.name)` write to the volume `\(name)`, which is `access: many` for that",
          at: drafts[index].location, help: "have one instance if its programs are not made to share it")
      }
    }
  }

  /// Services of one workload say the same of a volume that several of them see.
  private mutating func unifyAccess() {
    let shared = Set(drafts.flatMap(\.service.volumes).filter { $0.access == .many }.map(\.name))
    for index in drafts.indices {
      for position in drafts[index].service.volumes.indices
      where shared.contains(drafts[index].service.volumes[position].name) {
        drafts[index].service.volumes[position].access = .many
      }
    }
  }

  private mutating func addEmpty(
    _ node: Node, _ name: String, _ mount: VolumeMount, _ parts: [String: Set<String>], to index: Int
  ) {
    let size = size(node["sizeLimit"], of: "the volume `\(name)`")
    guard let medium = node.stated("medium")?.scalar, !medium.isEmpty else {
      var volume = made(.ephemeral, name, mount, parts, of: index)
      volume.size = size
      return append(volume, to: index, at: mount.location)
    }
    guard medium == "Memory" else {
      return lost(
        "the medium `\(medium)` of the volume `\(name)`", at: node.location, help: "write `type: memory`")
    }
    if mount.path == "/dev/shm", let size = size ?? drafts[index].service.resources.memory {
      drafts[index].service.resources.shm = size
      return
    }
    let users = drafts.count { draft in draft.node.list("volumeMounts").contains { $0["name"]?.text == name }
    }
    var volume = made(users > 1 ? .ephemeral : .memory, name, mount, parts, of: index)
    volume.size = size
    if users > 1 {
      if once.insert("memory/\(name)").inserted {
        differs(
          "the volume `\(name)` of `\(object.name)` is on a disk: several containers share it",
          at: node.location,
          help: "memory is each service's own")
      }
    } else {
      volume.readOnly = false
      volume.subPath = nil
      volume.mode = mode(node["mode"]).map { Self.modeText($0) }
    }
    append(volume, to: index, at: mount.location)
  }

  private mutating func addBind(
    _ node: Node, _ name: String, _ mount: VolumeMount, _ parts: [String: Set<String>], to index: Int
  ) {
    guard let path = node["path"]?.scalar, path.hasPrefix("/") else {
      return invalid("`hostPath` of `\(name)` needs a path", at: node.location, help: "write `path: /…`")
    }
    switch node.stated("type")?.scalar ?? "" {
    case _ where staysOnKubernetes: break
    case "DirectoryOrCreate", "FileOrCreate":
      if once.insert("path/\(path)").inserted {
        differs(
          "`\(path)` is not made on the machine where it is missing", at: (node["type"] ?? node).location,
          help: "make it before the first apply")
      }
    case "CharDevice", "BlockDevice":
      var device = Device()
      device.source = literal(path)
      if mount.path != path { device.path = literal(mount.path) }
      drafts[index].service.security.devices.append(device)
      return
    default: break
    }
    var volume = Volume()
    volume.type = .bind
    volume.name = DNSLabel.nearest(to: name) ?? "volume"
    volume.mountPath = literal(mount.path)
    volume.readOnly = mount.isReadOnly
    volume.source = literal(path)
    if !mount.subPath.isEmpty {
      volume.source = literal(path.hasSuffix("/") ? path + mount.subPath : "\(path)/\(mount.subPath)")
      if (parts[name] ?? []).count > 1 { volume.name = partName(of: name, mount.subPath) }
    }
    if staysOnKubernetes {
      return append(kept(clusterFields(ofPath: node, mount), on: volume), to: index, at: mount.location)
    }
    switch mount.node.stated("mountPropagation")?.scalar {
    case "HostToContainer": volume.on["docker"] = ["propagation": "rslave"]
    case "Bidirectional": volume.on["docker"] = ["propagation": "rshared"]
    default: break
    }
    append(volume, to: index, at: mount.location)
  }

  private mutating func append(_ volume: Volume, to index: Int, at location: SourceLocation) {
    guard !drafts[index].service.volumes.contains(where: { $0.name == volume.name }) else {
      return lost(
        "the second path `\(volume.mountPath)` for the volume `\(volume.name)` of \(drafts[index].phrase)",
        at: location,
        help: "mount it once, and let the program use folders in it")
    }
    drafts[index].service.volumes.append(volume)
  }

  /// A secret in a file never lies in a volume that outlives the service.
  private mutating func dropSecretsInVolumes(of index: Int) {
    let folders = drafts[index].service.volumes.filter(\.outlivesInstances).map { $0.mountPath + "/" }
    guard !folders.isEmpty else { return }
    for secret in drafts[index].service.secrets {
      guard let path = secret.filePaths.first(where: { path in folders.contains { path.hasPrefix($0) } })
      else { continue }
      lost(
        "the secret `\(secret.key)` at `\(path)` of \(drafts[index].phrase), within a volume that outlives it,",
        at: drafts[index].location, help: "give it a path outside of the volume")
      drafts[index].service.secrets.removeAll { $0.identity == secret.identity }
    }
  }
}
