import ProviderKit
import Values
import WorkloadSpec

extension TaskReading {
  /// What the task mounts; nothing of what no spec states.
  var volumes: [Volume] {
    let shared = (task["VolumeMounts"]?.array ?? []).compactMap(shared)
    let mounts = (option("mounts")?.array ?? []).compactMap(mounted)
    return (shared + mounts + ofInstance + ofPodman).sorted { $0.precedes($1) }
  }

  /// The volume that was stated under a name, or else at a path.
  private func stated(_ name: String?, at path: String) -> Volume? {
    stated.volumes.first { $0.name == name }
      ?? stated.volumes.first { writing.option($0.mountPath).string == path }
  }

  /// What the spec and the release say alone of a volume.
  private func fill(_ live: inout Volume, _ stated: Volume?, path: String) {
    let isSame = stated.map { writing.option($0.mountPath).string == path } ?? false
    live.mountPath = isSame ? stated?.mountPath ?? path : SpecText.unescapeOption(path)
    live.access = stated?.access ?? .one
    if let stated { live.driver = stated.driver }
    live.subPath = stated?.subPath
    live.isSourceRelative = stated?.isSourceRelative ?? false
    if live.type != .memory { live.size = stated?.size }
  }

  private func shared(_ mount: JSON) -> Volume? {
    guard let name = mount["Volume"]?.string, let path = mount["Destination"]?.string,
      let request = job.group.at("Volumes", name)
    else { return nil }
    let stated = stated(name, at: path)
    var live = Volume()
    live.name = name
    var own = NomadVolume()
    own.kind = request["Type"]?.string.flatMap(NomadVolumeKind.init) ?? .host
    let source = request["Source"]?.string ?? ""
    if stated?.type == .external || (stated == nil && source != job.writing.names.volume(name)) {
      live.type = .external
      live.source = stated?.source == nil && source == name ? nil : source
    } else {
      live.type = .persistent
      let told = stated?.on[NomadVolume.self].source
      own.source = told == nil && source == job.writing.names.volume(name) ? nil : source
    }
    fill(&live, stated, path: path)
    live.mode = stated?.mode
    live.readOnly = mount["ReadOnly"]?.bool ?? false
    let told = stated?.on[NomadVolume.self]
    let isOfPlugin = own.kind == .csi
    own.accessMode = request["AccessMode"]?.string.flatMap(NomadAccessMode.init)
    own.attachmentMode = request["AttachmentMode"]?.string.flatMap(NomadAttachmentMode.init)
    if isOfPlugin {
      if told?.accessMode == nil, own.accessMode == live.usualAccess { own.accessMode = nil }
      if told?.attachmentMode == nil, own.attachmentMode == .fileSystem { own.attachmentMode = nil }
      own.fsType = request.at("MountOptions", "FSType")?.string.flatMap { $0.isEmpty ? nil : $0 }
      own.mountFlags = request.at("MountOptions", "MountFlags")?.list ?? []
    } else if let told {
      (own.fsType, own.mountFlags) = (told.fsType, told.mountFlags)
    }
    let propagation = mount["PropagationMode"]?.string.flatMap(NomadPropagation.init)
    // A server writes what is usual where nothing is stated.
    own.propagation = told?.propagation == nil && propagation == .private ? nil : propagation
    live.on[NomadVolume.self] = own
    return live
  }

  private func mounted(_ mount: JSON) -> Volume? {
    guard let path = mount["target"]?.string else { return nil }
    var live = Volume()
    live.readOnly = mount["readonly"]?.bool ?? false
    let source = SpecText.unescapeOption(mount["source"]?.string ?? "")
    var propagation: NomadPropagation?
    var stated: Volume?
    switch mount["type"]?.string {
    case "tmpfs":
      stated = self.stated(nil, at: path)
      live.type = .memory
      live.size = mount.at("tmpfs_options", "size")?.int.map { ByteQuantity(bytes: $0) }
      let mode = mount.at("tmpfs_options", "mode")?.int
      let told = stated?.mode
      live.mode =
        told.flatMap { Int64($0, radix: 8) } == mode ? told : mode.map { "0" + String($0, radix: 8) }
    case "bind" where !source.hasPrefix("local/") && !source.hasPrefix("secrets/"):
      stated = self.stated(nil, at: path)
      (live.type, live.source, live.mode) = (.bind, source, stated?.mode)
      let told = mount.at("bind_options", "propagation")?.string
      propagation = [.private, .fromNode, .bidirectional].first { $0.ofDocker == told }
    default: return nil
    }
    if live.name.isEmpty { live.name = stated?.name ?? "unnamed" }
    fill(&live, stated, path: path)
    // What only a volume of the cluster has, nothing tells of another one.
    var own = stated?.on[NomadVolume.self] ?? NomadVolume()
    if live.type == .bind { own.propagation = propagation }
    live.on[NomadVolume.self] = own
    return live
  }

  /// The folders of the instance.
  private var ofInstance: [Volume] {
    guard driver == .docker else { return [] }
    return (option("volumes")?.list ?? []).compactMap { line in
      let parts = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard parts.count >= 2, parts[0].hasPrefix(TaskWriting.folders) else { return nil }
      let name = String(parts[0].dropFirst(TaskWriting.folders.count))
      let stated = self.stated(name, at: parts[1])
      var live = Volume()
      (live.name, live.type, live.mode) = (name, .ephemeral, stated?.mode)
      live.readOnly = parts.dropFirst(2).contains("ro")
      live.on[NomadVolume.self] = stated?.on[NomadVolume.self] ?? NomadVolume()
      fill(&live, stated, path: parts[1])
      return live
    }
  }

  /// What Podman's driver mounts by itself.
  private var ofPodman: [Volume] {
    guard driver == .podman else { return [] }
    let lines =
      (option("tmpfs")?.list ?? []).map { ("tmpfs", $0) }
      + (option("volumes")?.list ?? []).map { ("volumes", $0) }
    return stated.volumes.filter { volume in
      let line: (String, String)? =
        switch volume.type {
        case .memory: ("tmpfs", writing.option(volume.mountPath).string ?? "")
        case .bind:
          (
            "volumes",
            SpecText.escapeOption(
              "\(volume.source ?? ""):\(volume.mountPath)" + (volume.readOnly ? ":ro" : ""))
          )
        default: nil
        }
      return line.map { line in lines.contains { $0 == line } } ?? false
    }
  }
}
