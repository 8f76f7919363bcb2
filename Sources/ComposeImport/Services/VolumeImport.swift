import Diagnostics
import WorkloadSpec

/// The storage that a service sees.
extension ServiceImport {
  /// Volumes, short as texts and long as mappings.
  mutating func readVolumes(_ node: ComposeNode) {
    for element in elements(node, for: "volumes") {
      if element.entries != nil {
        readLongVolume(element)
      } else if let text = text(element, for: "volumes") {
        readShortVolume(text, element)
      }
    }
  }

  private mutating func readShortVolume(_ text: ComposeText, _ node: ComposeNode) {
    guard let volume = VolumeText(text.resolved) else {
      return invalid(
        "`\(text.resolved)` is not a volume", at: node.location,
        help: "write `name:/path`, or `name:/path:ro`")
    }
    var mount = MountDraft(target: Self.cleaned(volume.target), node: node)
    mount.readOptions(volume.options, for: &self)
    guard let source = volume.source else {
      _ = filled(text, for: "volumes", at: node.location)
      return addAnonymous(mount)
    }
    guard VolumeText.isPath(source), let (path, rest) = text.split(behind: source) else {
      let source = VolumeText(filled(text, for: "volumes", at: node.location))?.source ?? source
      return VolumeText.isPath(source) ? addBind(ComposeText(source), mount) : addNamed(source, mount)
    }
    // What a path begins with can stay a variable; where it is seen can't.
    _ = filled(rest, for: "volumes", at: node.location)
    addBind(path, mount)
  }

  /// A path without what says nothing in it, as compose hands it on.
  private static func cleaned(_ target: String) -> String {
    target.hasPrefix("/") ? FilePath.resolve(target, in: "") : target
  }

  private mutating func readLongVolume(_ node: ComposeNode) {
    reportUnread(
      of: node, in: "volumes",
      read: ["type", "source", "target", "read_only", "volume", "bind", "tmpfs", "consistency", "image"])
    guard let target = node["target"].flatMap({ filled($0, for: "target") }).map({ Self.cleaned($0) }) else {
      return invalid("a volume needs a `target`", at: node.location, help: "name the path of the container")
    }
    var mount = MountDraft(target: target, node: node)
    mount.isReadOnly = node["read_only"].map { ComposeBool.isTrue($0) } ?? false
    switch node["type"].flatMap({ filled($0, for: "type") }) ?? "volume" {
    case "volume":
      readVolumeOptions(node["volume"], of: &mount)
      let source = node["source"].flatMap { filled($0, for: "source") } ?? ""
      source.isEmpty ? addAnonymous(mount) : addNamed(source, mount)
    case "bind":
      readBindOptions(node["bind"], of: &mount)
      guard let source = node["source"].flatMap({ text($0, for: "source") }), !source.isEmpty else {
        return invalid("a bind needs a `source`", at: node.location, help: "name the path of the machine")
      }
      addBind(source, mount)
    case "tmpfs":
      if let options = node["tmpfs"] {
        reportUnread(of: options, in: "tmpfs", read: ["size", "mode"])
        mount.size = options["size"].flatMap { bytes($0, for: "size") }
        mount.mode = options["mode"].flatMap { fileMode($0, for: "mode") }
      }
      addMemory(mount)
    case let other:
      lost(
        "a volume of type `\(other)`", at: node.location,
        help: "use a named volume, or build the files into the image")
    }
  }

  private mutating func readVolumeOptions(_ options: ComposeNode?, of mount: inout MountDraft) {
    guard let options else { return }
    reportUnread(of: options, in: "volume", read: ["nocopy", "subpath", "labels"])
    if options["nocopy"].map({ ComposeBool.isTrue($0) }) ?? false { mount.docker["noCopy"] = .plain(true) }
    mount.subPath = options["subpath"].flatMap { filled($0, for: "subpath") }.flatMap {
      $0.isEmpty ? nil : $0
    }
    if let labels = options["labels"], !labels.isNull {
      differs(
        "labels of a volume are left out", at: labels.location, help: "write them as `labels` of the workload"
      )
    }
  }

  private mutating func readBindOptions(_ options: ComposeNode?, of mount: inout MountDraft) {
    guard let options else {
      mount.makesFolders = true
      return
    }
    reportUnread(
      of: options, in: "bind", read: ["propagation", "create_host_path", "selinux"],
      lost: ["recursive": "mounts below a bind are seen as the engine has it"])
    mount.makesFolders = options["create_host_path"].map { ComposeBool.isTrue($0) } ?? true
    if let name = options["propagation"].flatMap({ filled($0, for: "propagation") }) {
      mount.docker["propagation"] = .plain(.string(name))
    }
    if let label = options["selinux"], !label.isNull { reportRelabelling(at: label.location) }
  }

  /// Labels of SELinux, which are set once and by hand.
  mutating func reportRelabelling(at location: SourceLocation) {
    differs(
      "a bind of `\(draft.composeName)` is not labelled anew for SELinux", at: location,
      help: "on a machine with SELinux, run `chcon -Rt container_file_t` on it once")
  }

  /// Folders in memory, which go with their container.
  mutating func readTemporaryVolumes(_ node: ComposeNode) {
    for (text, location) in texts(node, for: "tmpfs") {
      let parts = filled(text, for: "tmpfs", at: location).split(separator: ":", maxSplits: 1)
      guard let path = parts.first else { continue }
      var mount = MountDraft(target: String(path), node: node.at(location))
      for option in parts.dropFirst().flatMap({ $0.split(separator: ",") }) {
        let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
        switch (pair[0], pair.count > 1 ? pair[1] : nil) {
        case ("size", let size?) where ComposeAmount.bytes(size) != nil:
          let amount = ComposeAmount.bytes(size) ?? 0
          mount.size = amount > 0 ? ByteQuantity(bytes: amount) : nil
        case ("mode", let mode?) where UInt32(mode, radix: 8).map({ $0 <= 0o7777 }) == true:
          mount.mode = Self.modeText(UInt32(mode, radix: 8) ?? 0)
        // As engines mount it anyway.
        case ("rw", nil), ("noexec", nil), ("nosuid", nil), ("nodev", nil): break
        default:
          lost(
            "the option `\(option)` of a tmpfs", at: location,
            help: "memory at a path has a `size` and a `mode`; let the program set the rest when it starts")
        }
      }
      addMemory(mount)
    }
  }

  /// Permissions of a file: digits that YAML reads as a number in octal or decimal digits, or a text in octal ones.
  mutating func fileMode(_ node: ComposeNode, for key: String) -> String? {
    guard let text = filled(node, for: key), !text.isEmpty else { return nil }
    let isOctal = !node.isPlain || text.hasPrefix("0")
    let digits = text.hasPrefix("0o") ? String(text.dropFirst(2)) : text
    guard let mode = UInt32(digits, radix: isOctal ? 8 : 10), mode <= 0o7777 else {
      invalid("`\(text)` are not permissions", at: node.location, help: "write octal digits, as in `0440`")
      return nil
    }
    return Self.modeText(mode)
  }

  /// Permissions in four octal digits.
  private static func modeText(_ mode: UInt32) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  // MARK: Kinds of storage

  private mutating func addNamed(_ source: String, _ mount: MountDraft) {
    guard project.volumes.names.contains(source), let name = volumeNames[source] else {
      diagnostics.report(
        .composeReference, "the volume `\(source)` of `\(draft.composeName)` is not declared under `volumes`",
        at: mount.node.location,
        help: Suggestion.help(for: source, among: project.volumes.names)
          ?? "declare it, or write `./\(source)` for a folder")
      return
    }
    guard mountedVolumes.insert(name).inserted else {
      return lost(
        "the second path for the volume `\(source)`", at: mount.node.location,
        help: "mount it once, and let the program use folders in it")
    }
    let declaration = project.volumes[source]
    var volume = mount.volume(named: name, composeName: source, .persistent)
    if let external = DeclarationKeys.externalName(of: source, declaration) {
      volume.type = .external
      if external != name { volume.source = ComposeText(external) }
    } else if let declaration {
      volume.driver = driver(declaration)
    }
    draft.volumes.append(volume)
  }

  /// What keeps a volume, if not the engine itself.
  private mutating func driver(_ declaration: ComposeNode) -> SpecDraft? {
    var members: [SpecDraft.Member] = []
    if let name = declaration["driver"].flatMap({ filled($0, for: "driver") }), !name.isEmpty, name != "local"
    {
      members.append(SpecDraft.Member(key: "name", value: .string(name)))
    }
    if let options = declaration["driver_opts"], !options.isNull {
      let options = self.members(options, for: "driver_opts")
      if !options.isEmpty { members.append(SpecDraft.Member(key: "options", value: .map(options))) }
    }
    return members.isEmpty ? nil : .map(members)
  }

  /// A volume without a name: compose hands it over when it makes the container anew, so what is in it stays.
  private mutating func addAnonymous(_ mount: MountDraft) {
    guard mount.target.hasPrefix("/") else {
      return invalid(
        "compose takes `\(mount.target)` for the path of a volume without a name, and it does not start with `/`",
        at: mount.node.location,
        help: "write `name:/path`, with a name of two letters or more: a single one is a drive of Windows")
    }
    draft.volumes.append(mount.volume(named: ownVolumeName(for: mount.target), .persistent))
  }

  /// Memory at a path, which goes with the instance.
  private mutating func addMemory(_ mount: MountDraft) {
    draft.volumes.append(mount.volume(named: ownVolumeName(for: mount.target), .memory))
  }

  /// A name for a volume that has none. Services that use one name see one volume, and these are each service's own.
  mutating func ownVolumeName(for target: String) -> String {
    let path = target.split(separator: "/").joined(separator: "-")
    return takenVolumes.next(like: "\(draft.name)-\(path)")
  }
}

/// How something is mounted, before it is known what it is.
struct MountDraft {
  let target: String
  /// The element of the compose file.
  let node: ComposeNode
  var isReadOnly = false
  var subPath: String?
  var size: ByteQuantity?
  var mode: String?
  /// Whether compose makes a folder where a bind has none.
  var makesFolders = true
  /// What only Docker knows of it.
  var docker: [String: SpecDraft] = [:]

  init(target: String, node: ComposeNode) {
    self.target = target
    self.node = node
  }

  /// Reads what stands behind the second colon of a volume in the short form.
  fileprivate mutating func readOptions(_ options: [String], for service: inout ServiceImport) {
    for option in options {
      switch option {
      case "ro": isReadOnly = true
      // What holds anyway, and what means nothing on Linux.
      case "rw", "cached", "delegated", "consistent", "default": break
      case "nocopy": docker["noCopy"] = .plain(true)
      case "z", "Z": service.reportRelabelling(at: node.location)
      case "private", "rprivate", "slave", "rslave", "shared", "rshared":
        docker["propagation"] = .plain(.string(option))
      default:
        service.lost(
          "the option `\(option)` of a volume", at: node.location,
          help: "a volume can be read-only, and nothing else")
      }
    }
  }

  /// A volume that is mounted like this.
  func volume(named name: String, composeName: String? = nil, _ type: VolumeType) -> VolumeDraft {
    var volume = VolumeDraft(
      name: name, composeName: composeName, type: type, mountPath: target, location: node.location)
    volume.size = size
    volume.mode = mode
    volume.isReadOnly = isReadOnly && type != .memory
    volume.subPath = subPath
    let isBind = type == .bind
    volume.docker = docker.filter { ($0.key == "propagation") == isBind }.sorted { $0.key < $1.key }
      .map { SpecDraft.Member(key: $0.key, value: $0.value) }
    return volume
  }
}
