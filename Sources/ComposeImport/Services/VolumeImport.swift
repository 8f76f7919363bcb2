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

  /// `[source:]target[:options]`.
  private mutating func readShortVolume(_ text: String, _ node: ComposeNode) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 3, parts.allSatisfy({ !$0.isEmpty }) else {
      return invalid(
        "`\(text)` is not a volume", at: node.location, help: "write `name:/path`, or `name:/path:ro`")
    }
    let options = parts.count > 2 ? parts[2].split(separator: ",").map(String.init) : []
    let isReadOnly = options.contains("ro")
    guard parts.count > 1 else { return addEphemeral(at: parts[0], node) }
    if parts[0].hasPrefix("/") || parts[0].hasPrefix(".") || parts[0].hasPrefix("~") {
      return addBind(parts[0], at: parts[1], isReadOnly: isReadOnly, node)
    }
    addNamed(parts[0], at: parts[1], isReadOnly: isReadOnly, node)
  }

  private mutating func readLongVolume(_ node: ComposeNode) {
    reportUnread(
      of: node, in: "volumes",
      read: ["type", "source", "target", "read_only", "volume", "bind", "tmpfs"],
      lost: ["consistency": "it means nothing on Linux", "image": "build the files into the image"])
    guard let target = node["target"].flatMap({ filled($0, for: "target") }) else {
      return invalid("a volume needs a `target`", at: node.location, help: "name the path of the container")
    }
    let source = node["source"].flatMap { filled($0, for: "source") }
    let isReadOnly = node["read_only"].flatMap { filled($0, for: "read_only") } == "true"
    switch node["type"].flatMap({ filled($0, for: "type") }) ?? "volume" {
    case "volume":
      for option in node["volume"]?.entries ?? [] where option.value.text?.resolved != "false" {
        lost(
          "`\(option.key)` of a volume", at: option.location, help: "a volume is mounted as a whole, as it is"
        )
      }
      guard let source else { return addEphemeral(at: target, node) }
      addNamed(source, at: target, isReadOnly: isReadOnly, node)
    case "bind": addBind(source ?? "", at: target, isReadOnly: isReadOnly, node)
    case "tmpfs":
      let options = node["tmpfs"]
      if let mode = options?["mode"] {
        lost("`mode` of a tmpfs", at: mode.location, help: "let the program set it when it starts")
      }
      addEphemeral(at: target, size: options?["size"].flatMap { bytes($0, for: "size") }, node)
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
          size = amount
        } else if option != "rw" {
          lost(
            "the option `\(option)` of a tmpfs", at: location, help: "let the program set it when it starts")
        }
      }
      addEphemeral(at: String(path), size: size, node)
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
      VolumeDraft(name: name, composeName: source, mountPath: target, location: node.location))
  }

  private mutating func addEphemeral(at target: String, size: ByteQuantity? = nil, _ node: ComposeNode) {
    // Services that use one name see one volume, and these are each service's own.
    let path = target.split(separator: "/").joined(separator: "-")
    let name = LabelNames.unused("\(draft.name)-\(path)", takenVolumes)
    takenVolumes.insert(name)
    draft.volumes.append(
      VolumeDraft(name: name, composeName: nil, mountPath: target, size: size, location: node.location))
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
