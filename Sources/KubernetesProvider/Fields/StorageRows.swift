import KubernetesAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

extension KubernetesTable {
  // MARK: Storage

  static let storage: [TemplateRow] = [
    .enforced(
      "volumes.name", "`volumes` of the pod, or `volumeClaimTemplates` of a StatefulSet",
      write: { writing, draft in for volume in writing.service.volumes { writing.mount(volume, &draft) } },
      read: { reading, service in
        service.volumes = (reading.container["volumeMounts"]?.array ?? []).compactMap(reading.volume).sorted {
          $0.precedes($1)
        }
      }),
    .within("volumes.mountPath", "`mountPath`"),
    .within(
      "volumes.type",
      "a claim, an `emptyDir`, one in memory, a `hostPath`, or with `external` a claim that is there"),
    .within("volumes.source", "`path` of the `hostPath`, or `claimName`"),
    .within("volumes.readOnly", "`readOnly` of the mount"),
    .within("volumes.subPath", "`subPath` of the mount"),
    .recorded(
      "volumes.mode", because: "Kubernetes lets all users of a container write to what is in memory"
    ) { _, _ in },
    .refused(
      "volumes.driver.name",
      because: "a class of storage says what keeps a volume: `on: {kubernetes: {storageClass: …}}`"),
    .refused(
      "volumes.driver.options",
      because: "a class of storage says what keeps a volume: `on: {kubernetes: {storageClass: …}}`"),
    .within(
      "volumes.size",
      "`requests` of the claim, 1Gi without it; of what goes with a pod, `sizeLimit`, which takes a new pod",
      cost: .inPlace),
    .byBerth("volumes.access", "`accessModes` of a claim when it is made") { _, _ in },
    .stamped(
      "volumes.on.kubernetes.storageClass",
      "`storageClassName` of the claim when it is made: one that is there keeps its own", cost: .inPlace
    ) { _, _ in },
    .stamped(
      "volumes.on.kubernetes.accessMode",
      "`accessModes` of the claim when it is made: one that is there keeps its own", cost: .inPlace
    ) { _, _ in },
    .within("volumes.on.kubernetes.hostPathType", "`type` of the `hostPath`"),
    .within("volumes.on.kubernetes.propagation", "`mountPropagation`"),
  ]
}

extension ServiceWriting {
  /// Mounts a volume of the spec.
  fileprivate func mount(_ volume: Volume, _ draft: inout PodDraft) {
    let own = volume.on[KubernetesVolume.self]
    draft.mount(
      volume.name, at: service.texts.fill(volume.mountPath), subPath: volume.subPath,
      isReadOnly: volume.readOnly)
    if volume.isSourceRelative {
      draft.refuse(
        .badBindSource,
        "the source of the bind `\(volume.name)` of `\(service.name)` is relative to the workload file, and a node is another machine",
        help: "write the whole path on the nodes, or take `configFiles` with a `folder`")
    }
    if let propagation = own.propagation, var mounts = draft.container["volumeMounts"]?.array {
      mounts[mounts.count - 1]["mountPropagation"] = .string(propagation.rawValue)
      draft.container["volumeMounts"] = .array(mounts)
    }
    guard let source = source(of: volume, own) else { return }
    draft.add(source, named: volume.name)
  }

  /// What a volume of the pod is; nothing of one that a stateful set makes a claim of.
  private func source(of volume: Volume, _ own: KubernetesVolume) -> JSON? {
    switch volume.type {
    case .persistent:
      guard !writing.workload.kind.hasStableInstances else { return nil }
      return ["persistentVolumeClaim": ["claimName": .string(writing.names.claim(of: volume.name))]]
    case .external:
      return ["persistentVolumeClaim": ["claimName": .string(volume.source ?? volume.name)]]
    case .bind:
      // What a server adds by itself stays when the rest is taken away: so nothing is left to it.
      return [
        "hostPath": ["path": .string(volume.source ?? ""), "type": .string(own.hostPathType?.rawValue ?? "")]
      ]
    case .ephemeral, .memory:
      var folder: JSON = volume.type == .memory ? ["medium": "Memory"] : [:]
      let size =
        volume.size
        ?? writing.workload.services.lazy.flatMap(\.volumes)
        .first { $0.name == volume.name && $0.size != nil }?.size
      if let size { folder["sizeLimit"] = size.amount }
      return ["emptyDir": folder]
    }
  }
}

extension ServiceReading {
  /// What is mounted; nothing of what no spec states.
  fileprivate func volume(_ mount: JSON) -> Volume? {
    guard let name = mount["name"]?.string, !ObjectNames.isOwn(name),
      let path = mount["mountPath"]?.string
    else { return nil }
    let stated =
      stated.volumes.first { $0.name == name && self.stated.texts.fill($0.mountPath) == path }
      ?? self.stated.volumes.first { $0.name == name }
    guard var live = source(named: name, stated) else { return nil }
    live.name = name
    live.mountPath = stated.map { self.stated.texts.fill($0.mountPath) == path ? $0.mountPath : path } ?? path
    live.readOnly = mount["readOnly"]?.bool ?? false
    live.subPath = mount["subPath"]?.string
    live.access = stated?.access ?? .one
    live.mode = stated?.mode
    if let stated { live.driver = stated.driver }
    var own = live.on[KubernetesVolume.self]
    own.propagation = mount["mountPropagation"]?.string.flatMap(Propagation.init)
    let applied = applied.volumes.first { $0.name == name }?.on[KubernetesVolume.self]
    (own.storageClass, own.accessMode) = (applied?.storageClass, applied?.accessMode)
    if live.type != .bind { own.hostPathType = stated?.on[KubernetesVolume.self].hostPathType }
    live.on[KubernetesVolume.self] = own
    return live
  }

  /// What a volume of the pod is.
  private func source(named name: String, _ stated: Volume?) -> Volume? {
    var live = Volume()
    let applied = applied.volumes.first { $0.name == name }
    if pod.claimTemplates.contains(where: { $0.at("metadata", "name")?.string == name }) {
      claim(of: applied, into: &live)
      return live
    }
    guard let source = pod.volume(named: name) else { return nil }
    if let claim = source.at("persistentVolumeClaim", "claimName")?.string {
      if isOwn(claim, name) {
        self.claim(of: applied, into: &live)
      } else {
        live.type = .external
        live.source = stated?.source == nil && claim == name ? nil : claim
      }
    } else if let path = source["hostPath"] {
      (live.type, live.source) = (.bind, path["path"]?.string)
      let type = path["type"]?.string ?? ""
      live.on[KubernetesVolume.self].hostPathType = HostPathType(rawValue: type)
    } else if let folder = source["emptyDir"] {
      live.type = folder["medium"]?.string == "Memory" ? .memory : .ephemeral
      // Services that share a volume need not all say how large it is.
      let isOthers =
        stated != nil && stated?.size == nil
        && pod.stamp.services.contains { other in
          other.spec.volumes.contains { $0.name == name && $0.size != nil }
        }
      if !isOthers { live.size = ByteQuantity(amount: folder["sizeLimit"]) }
    } else {
      return nil
    }
    return live
  }

  /// Whether a claim is the workload's own for a volume.
  private func isOwn(_ claim: String, _ volume: String) -> Bool {
    guard pod.kind.hasStableInstances else { return claim == pod.names.claim(of: volume) }
    let prefix = "\(volume)-\(pod.names.key.name)-"
    return claim.hasPrefix(prefix) && Int(claim.dropFirst(prefix.count)) != nil
  }

  /// What a claim says of a volume, as far as it was stated.
  private func claim(of applied: Volume?, into live: inout Volume) {
    live.type = .persistent
    guard let applied else { return }
    let claims = pod.objects.all(.claims).filter { $0.labels[Mark.volume] == applied.name }.map {
      $0["spec"] ?? [:]
    }
    let template = pod.claimTemplates.first { $0.at("metadata", "name")?.string == applied.name }?["spec"]
    // The smallest counts: it is what has to be grown.
    let size = (claims + [template].compactMap(\.self)).compactMap {
      ByteQuantity(amount: $0.at("resources", "requests", "storage"))
    }.min()
    // Where none is stated, it is berth's, or what another service states.
    if applied.size != nil
      || size != ClaimObjects.size(of: applied.name, in: pod.applied.services.map(\.spec))
    {
      live.size = size
    }
  }
}
