import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: Storage

  static let storage: [TaskRow] = [
    .enforced(
      "volumes.name",
      "`Volumes` of the group and `VolumeMounts` of the task; what goes with an instance is a mount of the driver",
      write: { writing, draft in for volume in writing.service.volumes { writing.mount(volume, &draft) } },
      read: { reading, service in service.volumes = reading.volumes }),
    .within("volumes.mountPath", "`Destination`, or `target`"),
    .within(
      "volumes.type",
      "a volume that the cluster has, under a name that follows from the workload's, or with `external` under any; a folder of the instance; a `tmpfs`; a path of the node"
    ),
    .within("volumes.source", "`Source` of the volume, or `source` of the mount"),
    .within("volumes.readOnly", "`ReadOnly`, or `readonly`"),
    .refused(
      "volumes.subPath", because: "a task of Nomad's mounts the whole of a volume: use another `mountPath`"),
    .within("volumes.mode", "`mode` of the `tmpfs`"),
    .refused(
      "volumes.driver.name", because: "a plugin of the cluster keeps a volume: `on: {nomad: {kind: csi}}`"),
    .refused(
      "volumes.driver.options",
      because: "a plugin of the cluster keeps a volume: `on: {nomad: {kind: csi}}`"),
    TaskRow(
      field: FieldRow(
        "services.volumes.size",
        .recorded(
          because:
            "who makes a volume on the cluster says how large it is, and `resources.disk` how much an instance gets"
        ), unless: Value.Member("type", "memory"), cost: .replace, "`size` of the `tmpfs`, of one in memory"),
      write: nil, read: { _, _ in }),
    .byBerth("volumes.access", "`AccessMode` of a volume of CSI; berth starts one instance at a time") {
      _, _ in
    },
    .within("volumes.on.nomad.kind", "`Type` of the volume"),
    .within("volumes.on.nomad.source", "`Source` of the volume"),
    .within("volumes.on.nomad.accessMode", "`AccessMode`"),
    .within("volumes.on.nomad.attachmentMode", "`AttachmentMode`"),
    .within("volumes.on.nomad.fsType", "`FSType` of the `MountOptions`"),
    .within("volumes.on.nomad.mountFlags", "`MountFlags` of the `MountOptions`"),
    .within("volumes.on.nomad.propagation", "`PropagationMode` of the mount"),
  ]
}

extension TaskWriting {
  /// Mounts a volume of the spec.
  fileprivate func mount(_ volume: Volume, _ draft: inout JobDraft) {
    switch volume.type {
    case .persistent, .external: mountShared(volume, &draft)
    case .ephemeral:
      guard driver == .docker else {
        refuse(volume, &draft)
        return
      }
      draft.add([.string(folderOfInstance(volume))], toOption: "volumes")
    case .memory:
      mountOfDriver(volume, &draft, podman: ("tmpfs", text(volume.mountPath).option ?? "")) {
        var mount: JSON = ["type": "tmpfs", "target": self.option(volume.mountPath)]
        if volume.readOnly { mount["readonly"] = true }
        if let size = volume.size { mount[["tmpfs_options", "size"]] = .int(size.bytes) }
        if let mode = volume.mode.flatMap({ Int64($0, radix: 8) }) {
          mount[["tmpfs_options", "mode"]] = .int(mode)
        }
        return mount
      }
    case .bind:
      if volume.isSourceRelative {
        draft.refuse(
          .badBindSource,
          "the source of the bind `\(volume.name)` of `\(service.name)` is relative to the workload file, and a node is another machine",
          help: "write the whole path on the nodes, or take `configFiles` with a `folder`")
      }
      let source = volume.source ?? ""
      let line = "\(source):\(volume.mountPath)" + (volume.readOnly ? ":ro" : "")
      mountOfDriver(volume, &draft, podman: ("volumes", SpecText.escapeOption(line))) {
        var mount = self.bind(source, at: volume.mountPath, isReadOnly: volume.readOnly)
        if let propagation = volume.on[NomadVolume.self].propagation {
          mount[["bind_options", "propagation"]] = .string(propagation.ofDocker)
        }
        return mount
      }
    }
  }

  /// A path of the node, or of the task's own folder, as Docker's driver mounts it.
  func bind(_ source: String, at path: String, isReadOnly: Bool) -> JSON {
    var mount: JSON = [
      "type": "bind", "source": .string(SpecText.escapeOption(source)), "target": option(path),
    ]
    if isReadOnly { mount["readonly"] = true }
    return mount
  }

  private func mountOfDriver(
    _ volume: Volume, _ draft: inout JobDraft, podman: (option: String, line: String)?, docker: () -> JSON
  ) {
    switch driver {
    case .docker: draft.add([docker()], toOption: "mounts")
    case .podman where podman != nil:
      if let podman { draft.add([.string(podman.line)], toOption: podman.option) }
    default: refuse(volume, &draft)
    }
  }

  /// A folder of the instance, which the engine makes when the first task mounts it.
  func folderOfInstance(_ volume: Volume) -> String {
    "\(Self.folders)\(volume.name):\(text(volume.mountPath).option ?? "")" + (volume.readOnly ? ":ro" : "")
  }

  /// Where the folders of the instance are, from the task's own.
  static let folders = "../alloc/data/"

  private func refuse(_ volume: Volume, _ draft: inout JobDraft) {
    draft.refuse(
      "the volume `\(volume.name)` of service `\(service.name)` is of type `\(volume.type.rawValue)`, which the driver \(driver.rawValue) does not mount",
      help: driver == .podman
        ? "write below `/alloc/data`, which all tasks of an instance see"
        : "write below `${root}`, or use a volume of type `persistent` or `external`")
  }

  private func mountShared(_ volume: Volume, _ draft: inout JobDraft) {
    let own = volume.on[NomadVolume.self]
    if driver == .rawExec {
      draft.refuse(
        "the volume `\(volume.name)` of service `\(service.name)` is one of the cluster, which the driver raw_exec does not mount",
        help: "use the path on the nodes, or the driver `exec`")
    }
    let isOfInstance = volume.type == .persistent && writing.workload.kind.hasStableInstances
    let source =
      volume.type == .external
      ? volume.source ?? volume.name : own.source ?? writing.names.volume(volume.name)
    var request: JSON = [
      "Name": .string(volume.name), "Type": .string(own.kind.rawValue), "Source": .string(source),
    ]
    if volume.readOnly { request["ReadOnly"] = true }
    if isOfInstance { request["PerAlloc"] = true }
    let isOfPlugin = own.kind == .csi
    let access = own.accessMode ?? (isOfPlugin ? volume.usualAccess : nil)
    if let access { request["AccessMode"] = .string(access.rawValue) }
    let attachment = own.attachmentMode ?? (isOfPlugin ? .fileSystem : nil)
    if let attachment { request["AttachmentMode"] = .string(attachment.rawValue) }
    if isOfPlugin {
      if let type = own.fsType { request[["MountOptions", "FSType"]] = .string(type) }
      if !own.mountFlags.isEmpty { request[["MountOptions", "MountFlags"]] = .texts(own.mountFlags) }
    }
    draft.add(volume: volume.name, request)
    var mount: JSON = [
      "Volume": .string(volume.name), "Destination": .string(text(volume.mountPath).option ?? ""),
    ]
    if volume.readOnly { mount["ReadOnly"] = true }
    if let propagation = own.propagation { mount["PropagationMode"] = .string(propagation.rawValue) }
    draft.task["VolumeMounts"] = .array((draft.task["VolumeMounts"]?.array ?? []) + [mount])
  }
}

extension Volume {
  /// Who may mount a volume of CSI that says nothing of it.
  var usualAccess: NomadAccessMode {
    if readOnly { return access == .many ? .multiNodeReader : .singleNodeReader }
    return access == .many ? .multiNodeMultiWriter : .singleNodeWriter
  }
}

extension NomadPropagation {
  /// As Docker calls it.
  var ofDocker: String {
    switch self {
    case .private: "rprivate"
    case .fromNode: "rslave"
    case .bidirectional: "rshared"
    }
  }
}
