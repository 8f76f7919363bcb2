import Diagnostics
import Secrets
import Values
import WorkloadSpec
import YAMLNodes

/// Volumes that are files: those of ConfigMaps become config, those of Secrets references to the vault.
extension WorkloadImport {
  /// Mounts the files of a volume into a service.
  mutating func mountFiles(of volume: Node, _ name: String, _ mount: VolumeMount, into index: Int) {
    if files[name] == nil { files[name] = entries(of: volume) }
    let all = files[name] ?? []
    if mount.subPath.isEmpty { hideFolder(name, mount, in: index) }
    if mount.subPath.isEmpty, mountTLS(of: volume, all, mount, into: index) { return }
    for entry in all {
      guard let path = Self.path(of: entry, mount) else { continue }
      switch entry.source {
      case .content(let text):
        addConfig(text, at: path, entry, to: index)
      case .secret(let secret, let key):
        guard let vaultKey = need(secret, key, at: mount.location) else { continue }
        var reference = Self.reference(vaultKey, .file, literal(path))
        reference.mode = Self.modeText(entry.access.mode ?? 0o644)
        reference.owner = entry.access.user.map(String.init)
        drafts[index].service.secrets.append(reference)
      }
    }
  }

  /// A volume of files hides what the image has at its path: an empty volume does the same, and the files lie in it.
  private mutating func hideFolder(_ name: String, _ mount: VolumeMount, in index: Int) {
    // The first one is called like the volume of the pod.
    let isFirst = once.insert("folder/\(name)").inserted && DNSLabel.isValid(name)
    var volume = folder(named: isFirst ? name : volumeNames.next(like: name), at: mount.path)
    volume.on["docker"] = ["noCopy": true]
    drafts[index].service.volumes.append(volume)
  }

  /// A volume that goes with its instance.
  private func folder(named name: String, at path: String) -> Volume {
    var volume = Volume()
    volume.name = name
    volume.mountPath = literal(path)
    return volume
  }

  /// No file can be put into a file system that is read-only: the folder that it is in becomes a volume, with what the
  /// image has there.
  mutating func openFolders(of index: Int) {
    guard drafts[index].service.security.readOnlyRoot else { return }
    let paths =
      drafts[index].service.configFiles.map(\.path) + drafts[index].service.secrets.flatMap(\.filePaths)
    var folders = drafts[index].service.volumes.map { $0.mountPath + "/" }
    for path in paths.sorted() {
      guard !folders.contains(where: { path.hasPrefix($0) }), let slash = path.lastIndex(of: "/") else {
        continue
      }
      guard slash > path.startIndex else {
        differs(
          "`\(path)` of \(drafts[index].phrase) can't be put into a root file system that is read-only",
          at: drafts[index].location, help: "give it a path in a folder, or take `readOnlyRoot` away")
        continue
      }
      let parent = String(path[..<slash])
      folders.append(parent + "/")
      let name = parent.split(separator: "/").joined(separator: "-")
      drafts[index].service.volumes.append(folder(named: volumeNames.next(like: name), at: parent))
    }
  }

  /// Where a service sees a file; `nil` if it is outside of what is mounted.
  private static func path(of entry: FileEntry, _ mount: VolumeMount) -> String? {
    if mount.subPath.isEmpty { return "\(mount.path)/\(entry.path)" }
    if entry.path == mount.subPath { return mount.path }
    guard entry.path.hasPrefix(mount.subPath + "/") else { return nil }
    return mount.path + entry.path.dropFirst(mount.subPath.count)
  }

  private mutating func addConfig(_ text: String, at path: String, _ entry: FileEntry, to index: Int) {
    guard spend(text, at: entry.location) else { return }
    var file = ConfigFile()
    file.name = drafts[index].fileNames.next(like: entry.path)
    file.path = literal(path)
    file.content = text
    file.mode = entry.access.mode.flatMap { $0 == 0o644 ? nil : Self.modeText($0) }
    file.owner = entry.access.user.map(String.init)
    drafts[index].service.configFiles.append(file)
  }

  /// Permissions in four octal digits.
  static func modeText(_ mode: UInt32) -> String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// A certificate with its key, mounted as a whole, is one secret of its own kind.
  private mutating func mountTLS(
    of volume: Node, _ entries: [FileEntry], _ mount: VolumeMount, into index: Int
  ) -> Bool {
    guard let name = volume["secret"]?["secretName"]?.scalar, volume["secret"]?.stated("items") == nil,
      set.find("Secret", name, from: object)?.node["type"]?.scalar == "kubernetes.io/tls",
      entries.map(\.path).sorted() == ["tls.crt", "tls.key"], SecretKey.isVaultKey(name)
    else { return false }
    var reference = Self.reference(name, .tls, literal(mount.path))
    reference.mode = Self.modeText(entries[0].access.mode ?? 0o644)
    reference.owner = entries[0].access.user.map(String.init)
    drafts[index].service.secrets.append(reference)
    secrets.append(
      SecretNeed(
        secret: name, namespace: set.find("Secret", name, from: object)?.namespace ?? object.namespace,
        keys: ["tls.crt", "tls.key"], key: name, location: mount.location))
    return true
  }

  // MARK: What is in them

  private mutating func entries(of volume: Node) -> [FileEntry] {
    let name = volume["name"]?.scalar ?? ""
    if let source = volume.stated("configMap") {
      return configEntries(source, named: source["name"], access(source, "default"), in: name)
    }
    if let source = volume.stated("secret") {
      return secretEntries(source, named: source["secretName"], access(source, "default"), in: name)
    }
    guard let projected = volume.stated("projected") else { return [] }
    let shared = access(projected, "default")
    var all: [FileEntry] = []
    for source in projected.list("sources") {
      if let map = source.stated("configMap") {
        all += configEntries(map, named: map["name"], shared, in: name)
      } else if let secret = source.stated("secret") {
        all += secretEntries(secret, named: secret["name"], shared, in: name)
      } else {
        for (key, value) in source.members where !value.isNull {
          lost(
            "`\(key.text)` in the volume `\(name)` of `\(object.name)`", at: key.location,
            help: "give the program what it needs by `configFiles` or `secrets`")
        }
      }
    }
    return all
  }

  private mutating func configEntries(
    _ source: Node, named nameNode: Node?, _ shared: FileAccess, in volume: String
  ) -> [FileEntry] {
    guard let name = nameNode?.scalar,
      let map = foundConfigMap(name, source, for: "files of the volume `\(volume)` of `\(object.name)`")
    else { return [] }
    var contents: [String: (text: String, location: SourceLocation)] = [:]
    for (key, value) in map.node.map("data") where value.kind == .scalar {
      contents[key] = (value.text, value.location)
    }
    for (key, value) in map.node.map("binaryData") {
      guard let bytes = value.scalar.flatMap({ Base64.decode($0.filter { !$0.isWhitespace }) }),
        let text = String(validating: bytes, as: UTF8.self)
      else {
        lost(
          "`\(key)` of the ConfigMap `\(name)`, which is no text in UTF-8,", at: value.location,
          help: "put data into a volume, or into the image")
        continue
      }
      contents[key] = (text, value.location)
    }
    return chosen(source, from: contents.keys.sorted(), of: map, shared).compactMap { item in
      contents[item.key].map { content in
        FileEntry(
          path: item.path, source: .content(Interpolation.escapeForProvider(content.text)),
          access: item.access,
          location: content.location)
      }
    }
  }

  private mutating func secretEntries(
    _ source: Node, named nameNode: Node?, _ shared: FileAccess, in volume: String
  ) -> [FileEntry] {
    guard let nameNode, let name = nameNode.scalar else { return [] }
    let keys = secretKeys(of: name)
    guard keys != nil || source.stated("items") != nil else {
      if !flag(source["optional"], "`optional`") {
        lost(
          "what the Secret `\(name)` has for the volume `\(volume)` of `\(object.name)`",
          at: nameNode.location,
          help:
            "the Secret is not among the files, so its keys are not known: list each under `secrets` with `type: file`"
        )
      }
      return []
    }
    let secret = set.find("Secret", name, from: object)
    return chosen(source, from: keys, of: secret, shared).map { item in
      FileEntry(
        path: item.path, source: .secret(name: name, key: item.key), access: item.access,
        location: nameNode.location)
    }
  }

  /// The keys that a volume shows, each with its path and its permissions: those that it lists, else all.
  private mutating func chosen(
    _ source: Node, from keys: [String]?, of owner: ManifestObject?, _ shared: FileAccess
  ) -> [(key: String, path: String, access: FileAccess)] {
    guard source.stated("items") != nil else { return (keys ?? []).map { ($0, $0, shared) } }
    return source.list("items").compactMap { item in
      guard let key = item["key"]?.scalar else { return nil }
      if let keys, !keys.contains(key) {
        if !flag(source["optional"], "`optional`") {
          invalid(
            "\(owner?.phrase ?? "it") has no key `\(key)`", at: (item["key"] ?? item).location,
            help: Suggestion.help(for: key, among: keys) ?? "add it, or name another")
        }
        return nil
      }
      let path = item.stated("path")?.scalar ?? key
      let own = access(item, "")
      return (key, path, FileAccess(mode: own.mode ?? shared.mode, user: own.user ?? shared.user))
    }
  }

  /// What is said of the permissions and the user of files, by keys such as `mode` or `defaultMode`.
  private mutating func access(_ node: Node, _ prefix: String) -> FileAccess {
    let keys = prefix.isEmpty ? ["mode", "user"] : ["\(prefix)Mode", "\(prefix)User"]
    return FileAccess(mode: mode(node[keys[0]]), user: integer(node[keys[1]], "`\(keys[1])`"))
  }

  /// Permissions, in octal digits with a zero in front or as a decimal number.
  mutating func mode(_ node: Node?) -> UInt32? {
    guard let node, let text = node.scalar else { return nil }
    if let mode = node.octalOrDecimal, mode <= 0o7777 { return mode }
    invalid("`\(text)` are not permissions", at: node.location, help: "write octal digits, as in `0440`")
    return nil
  }
}
