import WorkloadSpec

extension ServiceImport {
  /// The storage and the files that the service sees.
  mutating func readVolumes(_ node: ComposeNode) {
    for element in elements(node, for: "volumes") {
      if element.entries != nil {
        readLongVolume(element)
      } else if let text = filled(element, for: "volumes") {
        readShortVolume(text, element)
      }
    }
  }

  private mutating func readShortVolume(_ text: String, _ node: ComposeNode) {
    guard let volume = VolumeText(text) else {
      return invalid(
        "`\(text)` is not a volume", at: node.location, help: "write `name:/path`, or `name:/path:ro`")
    }
    let isReadOnly = volume.options.contains("ro")
    let target = Self.cleaned(volume.target)
    guard let source = volume.source else { return addAnonymous(at: target, node) }
    guard !VolumeText.isPath(source) else { return addBind(source, at: target, isReadOnly: isReadOnly, node) }
    for option in volume.options where !["ro", "rw"].contains(option) {
      lost("the option `\(option)` of a volume", at: node.location, help: Self.wholeVolumeHelp)
    }
    addNamed(source, at: target, isReadOnly: isReadOnly, node)
  }

  /// A path without what says nothing in it, as compose hands it on.
  private static func cleaned(_ target: String) -> String {
    target.hasPrefix("/") ? FilePath.resolve(target, in: "") : target
  }

  private static var wholeVolumeHelp: String { "a volume is mounted as a whole, as it is" }

  private mutating func readLongVolume(_ node: ComposeNode) {
    reportUnread(
      of: node, in: "volumes",
      read: ["type", "source", "target", "read_only", "volume", "bind", "tmpfs"],
      lost: ["consistency": "it means nothing on Linux", "image": "build the files into the image"])
    guard let target = node["target"].flatMap({ filled($0, for: "target") }).map({ Self.cleaned($0) }) else {
      return invalid("a volume needs a `target`", at: node.location, help: "name the path of the container")
    }
    let source = node["source"].flatMap { filled($0, for: "source") }.flatMap { $0.isEmpty ? nil : $0 }
    let isReadOnly = node["read_only"].map { ComposeBool.isTrue($0) } ?? false
    switch node["type"].flatMap({ filled($0, for: "type") }) ?? "volume" {
    case "volume":
      for option in node["volume"]?.entries ?? []
      where option.value.text.map({ ComposeBool.value($0.resolved) != false }) ?? true {
        lost("`\(option.key)` of a volume", at: option.location, help: Self.wholeVolumeHelp)
      }
      guard let source else { return addAnonymous(at: target, node) }
      addNamed(source, at: target, isReadOnly: isReadOnly, node)
    case "bind": addBind(source ?? "", at: target, isReadOnly: isReadOnly, node)
    case "tmpfs":
      let options = node["tmpfs"]
      if let mode = options?["mode"] {
        lost("`mode` of a tmpfs", at: mode.location, help: "let the program set it when it starts")
      }
      addTemporary(at: target, size: options?["size"].flatMap { bytes($0, for: "size") }, node)
    case let other:
      lost("a volume of type `\(other)`", at: node.location, help: "use a named volume")
    }
  }

  /// Folders in memory, which go with their container: volumes that go with their instance.
  mutating func readTemporaryVolumes(_ node: ComposeNode) {
    for (text, location) in texts(node, for: "tmpfs") {
      let parts = filled(text, for: "tmpfs", at: location).split(separator: ":", maxSplits: 1)
      guard let path = parts.first else { continue }
      var size: ByteQuantity?
      for option in parts.dropFirst().flatMap({ $0.split(separator: ",") }) {
        if option.hasPrefix("size="), let amount = ComposeAmount.bytes(String(option.dropFirst(5))) {
          size = amount > 0 ? ByteQuantity(bytes: amount) : nil
        } else if option != "rw" {
          lost(
            "the option `\(option)` of a tmpfs", at: location, help: "let the program set it when it starts")
        }
      }
      addTemporary(at: String(path), size: size, node)
    }
  }

  // MARK: Kinds of storage

  private mutating func addNamed(_ source: String, at target: String, isReadOnly: Bool, _ node: ComposeNode) {
    guard project.volumes[source] != nil, let name = volumeNames[source] else {
      diagnostics.report(
        .composeReference, "the volume `\(source)` of `\(draft.composeName)` is not declared under `volumes`",
        at: node.location,
        help: Suggestion.help(for: source, among: project.volumes.names)
          ?? "declare it, or write `./\(source)` for a folder")
      return
    }
    if isReadOnly { reportReadOnly(node) }
    guard mountedVolumes.insert(name).inserted else {
      return lost(
        "the second path for the volume `\(source)`", at: node.location,
        help: "mount it once, and let the program use folders in it")
    }
    draft.volumes.append(
      VolumeDraft(
        name: name, composeName: source, type: .persistent, mountPath: target, location: node.location))
  }

  /// A volume without a name: compose hands it over when it makes the container anew, so what is in it stays.
  private mutating func addAnonymous(at target: String, _ node: ComposeNode) {
    guard target.hasPrefix("/") else {
      return invalid(
        "compose takes `\(target)` for the path of a volume without a name, and it does not start with `/`",
        at: node.location,
        help: "write `name:/path`, with a name of two letters or more: a single one is a drive of Windows")
    }
    draft.volumes.append(
      VolumeDraft(
        name: ownVolumeName(for: target), composeName: nil, type: .persistent, mountPath: target,
        location: node.location))
  }

  /// Memory at a path, which goes with the instance.
  private mutating func addTemporary(at target: String, size: ByteQuantity?, _ node: ComposeNode) {
    draft.volumes.append(
      VolumeDraft(
        name: ownVolumeName(for: target), composeName: nil, type: .ephemeral, mountPath: target, size: size,
        location: node.location))
  }

  /// A name for a volume that has none. Services that use one name see one volume, and these are each service's own.
  private mutating func ownVolumeName(for target: String) -> String {
    let path = target.split(separator: "/").joined(separator: "-")
    let name = LabelNames.unused("\(draft.name)-\(path)", takenVolumes)
    takenVolumes.insert(name)
    return name
  }

  /// A path of the host: a file becomes a config file, a folder has no equivalent.
  private mutating func addBind(_ source: String, at target: String, isReadOnly: Bool, _ node: ComposeNode) {
    let path = FilePath.resolve(source, in: node.folder)
    guard !source.hasPrefix("~"), FilePath.kind(of: path) == .file, addConfigFile(path, at: target, node)
    else {
      return lost("the bind mount `\(source)`", at: node.location, help: help(forBind: source, path))
    }
    differs(
      "the file `\(source)` becomes a config file: it is read when the spec is applied", at: node.location,
      help: isReadOnly
        ? "apply the spec again when the file has changed"
        : "the service can't change it; apply the spec again when the file has changed")
  }

  private func help(forBind source: String, _ path: String) -> String {
    if source.hasSuffix(".sock") { return "a service can't reach the engine that runs it" }
    if FilePath.kind(of: path) == .file, files.boundary?.contains(path) == false {
      return "to make a config file of it, allow the folder that it lies in: `--allow-files-from DIR`"
    }
    return "keep data in a named volume, single files in `configFiles`, and the rest in the image"
  }

  private mutating func addConfigFile(_ path: String, at target: String, _ node: ComposeNode) -> Bool {
    guard let source = files.source(at: path), source.bytes.count <= 1 << 20,
      String(validating: source.bytes, as: UTF8.self) != nil
    else { return false }
    addConfigFile(named: FilePath.name(of: target), at: target, .file(path), node.location)
    return true
  }

  /// Adds a config file under an unused name.
  mutating func addConfigFile(
    named name: String, at path: String, _ source: ConfigFileDraft.Source, _ location: SourceLocation
  ) {
    let name = LabelNames.unused(name, takenFiles)
    takenFiles.insert(name)
    draft.configFiles.append(ConfigFileDraft(name: name, path: path, source: source, location: location))
  }

  private mutating func reportReadOnly(_ node: ComposeNode) {
    differs(
      "a volume of `\(draft.composeName)` is read-only, and the service will be able to write to it",
      at: node.location, help: "let the program not write there")
  }
}
