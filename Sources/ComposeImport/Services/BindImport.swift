import Diagnostics
import UserFiles

/// Paths of the machine that a service sees.
extension ServiceImport {
  /// A bind, or config that travels with each release, where `BindChoice` says so.
  mutating func addBind(_ source: ComposeText, _ mount: MountDraft) {
    let plain = source.resolved
    guard !plain.hasPrefix("\\\\"), plain.first == "/" || !VolumeText.startsWithDrive(plain[...]) else {
      return lost(
        "the bind of `\(plain)`", at: mount.node.location, help: "name a path of the engine's machine")
    }
    guard let source = homeFilledIn(source, mount.node.location) else { return }
    let path = FilePath.resolve(source.resolved, in: mount.node.folder)
    if source.variables.isEmpty, !plain.hasPrefix("/"), mount.subPath == nil, addConfig(path, plain, mount) {
      return
    }
    if FilePath.kind(of: path) == .file { draft.readFiles.append((path, mount.node.location)) }
    if mount.makesFolders, source.variables.isEmpty, !plain.hasPrefix("/"),
      FilePath.kind(of: path) == .nothing
    {
      differs(
        "`\(plain)` is not there: compose makes a folder of it, and an apply refuses a bind without one",
        at: mount.node.location, help: "make the folder before you apply the spec")
    }
    var volume = mount.volume(named: ownVolumeName(for: mount.target), .bind)
    volume.source = relocated(source, from: mount.node)
    draft.volumes.append(volume)
  }

  /// A path with the folder of the user in place of `~`; `nil` if it is not known.
  private mutating func homeFilledIn(_ source: ComposeText, _ location: SourceLocation) -> ComposeText? {
    guard source.pieces.first == .character("~") else { return source }
    guard let home = options.environment["HOME"], home.hasPrefix("/") else {
      lost("the bind of `\(source.resolved)`", at: location, help: "write the whole path: `HOME` is not set")
      return nil
    }
    diagnostics.report(
      .variableFilledIn, "`~` is filled in as `\(home)`", at: location,
      help: "write the path that the engine's machine is to have")
    return ComposeText(ComposeText(home).pieces + source.pieces.dropFirst())
  }

  /// A path as seen from the folder that the spec is written to, its variables kept.
  private mutating func relocated(_ source: ComposeText, from node: ComposeNode) -> ComposeText {
    guard source.pieces.first != .character("/") else { return source }
    let isHere =
      FilePath.relative(
        node.folder.isEmpty ? "." : node.folder, to: options.outputFolder,
        workingFolder: options.workingFolder
      ).isEmpty
    if case .variable? = source.pieces.first {
      // What a variable begins with is seen from the spec.
      if source.resolved.hasPrefix("/") || (isHere && source.resolved.hasPrefix(".")) { return source }
      return relocated(ComposeText(filled(source, for: "volumes", at: node.location)), from: node)
    }
    // A variable is a part without a slash while the path is taken apart, and itself again afterwards.
    let marks = source.variables.indices.map { "\u{1}\($0)\u{1}" }
    var text = ""
    var next = marks.makeIterator()
    for piece in source.pieces {
      switch piece {
      case .character(let character): text.append(character)
      case .variable: text += next.next() ?? ""
      // None is there before it is known which workloads there are.
      case .address: break
      }
    }
    let path = FilePath.relative(
      FilePath.resolve(text, in: node.folder), to: options.outputFolder, workingFolder: options.workingFolder)
    let relative = path.isEmpty ? "." : path.hasPrefix("/") || path.hasPrefix("..") ? path : "./\(path)"
    var rest = relative[...]
    var pieces: [ComposeText.Piece] = []
    for (mark, use) in zip(marks, source.variables) {
      guard let range = rest.firstRange(of: mark) else { continue }
      pieces += ComposeText(String(rest[..<range.lowerBound])).pieces + [.variable(use)]
      rest = rest[range.upperBound...]
    }
    return ComposeText(pieces + ComposeText(String(rest)).pieces)
  }

  /// Adds a bind as config, if it is one.
  private mutating func addConfig(_ path: String, _ written: String, _ mount: MountDraft) -> Bool {
    let choice = BindChoice(target: mount.target, isReadOnly: mount.isReadOnly)
    let (location, target) = (mount.node.location, mount.target)
    switch FilePath.kind(of: path) {
    case .file:
      guard choice.takesFiles, let source = files.source(at: path),
        source.bytes.count <= BindChoice.limits.file,
        BindChoice.isConfig(source.bytes, named: path)
      else { return false }
      addConfigFile(named: FilePath.name(of: target), at: target, .file(path), location)
    case .folder:
      guard choice.takesFolders, let boundary = files.boundary,
        let found = try? UserFolder.files(of: path, within: boundary, BindChoice.limits), !found.isEmpty,
        found.allSatisfy({ BindChoice.isConfig($0.bytes, named: $0.path) })
      else { return false }
      addConfigFile(named: FilePath.name(of: target), at: target, .folder(path), location)
    case .other, .nothing: return false
    }
    differs(
      "`\(written)` becomes config, which is read when the spec is applied and kept in each release",
      at: location,
      help: "apply the spec again when it has changed; a volume of `type: bind` shows what lies there now")
    return true
  }
}

extension ServiceImport {
  /// Adds a config file, or a folder of them, under an unused name.
  mutating func addConfigFile(
    named name: String, at path: String, _ source: ConfigFileDraft.Source, _ location: SourceLocation,
    mode: String? = nil, owner: String? = nil
  ) {
    let name = takenFiles.next(like: name)
    draft.configFiles.append(
      ConfigFileDraft(name: name, path: path, source: source, location: location, mode: mode, owner: owner))
  }
}

/// When a bind becomes config.
///
/// Config is what a service reads and people write: small texts beside the compose file which the service can't change, or
/// which lie where config is by habit. In doubt it stays a bind, since a bind does as compose does.
struct BindChoice {
  let target: String
  let isReadOnly: Bool

  /// How much a folder of config holds at most, and how large a file is.
  static let limits = UserFolder.Limits(files: 100, file: 1 << 18, total: 1 << 20)

  /// Whether a file there is one that a service reads.
  var takesFiles: Bool { takesFolders || ["/etc/", "/usr/local/etc/"].contains { target.hasPrefix($0) } }

  /// Whether the files of a folder there are.
  var takesFolders: Bool { isReadOnly || (target + "/").hasPrefix("/docker-entrypoint-initdb.d/") }

  /// Whether a file is a text without a secret, which no release may hold.
  static func isConfig(_ bytes: [UInt8], named path: String) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else { return false }
    let name = FilePath.name(of: path).lowercased()
    let isSecret =
      [".key", ".pem", ".p12", ".pfx", ".jks", ".env", ".sock"].contains { name.hasSuffix($0) }
      || ["htpasswd", "htaccess", "id_", "passwd", "acme.json"].contains { name.contains($0) }
      || VariableUse.looksSecret(name.split(separator: ".").first.map(String.init) ?? name)
    return !isSecret && !text.contains("PRIVATE KEY-----")
  }
}
