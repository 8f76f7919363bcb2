import Diagnostics
import WorkloadSpec

extension ServiceImport {
  /// Configs, which are files with a content that may be known to all.
  mutating func readConfigs(_ node: ComposeNode) {
    for grant in grants(node, of: project.configs, for: "configs") {
      let path = grant.target ?? "/\(grant.name)"
      let absolute = path.hasPrefix("/") ? path : "/\(path)"
      guard let source = configSource(grant) else { continue }
      addConfigFile(
        named: grant.name, at: absolute, source, grant.location, mode: grant.mode, owner: grant.owner)
    }
  }

  private mutating func configSource(_ grant: Grant) -> ConfigFileDraft.Source? {
    let declared = grant.declaration
    if let content = declared["content"], let text = text(content, for: "content") { return .content(text) }
    if let file = declared["file"], let path = filled(file, for: "file") {
      let resolved = FilePath.resolve(path, in: declared.folder)
      let help = "a path is taken from the folder of the file that it stands in"
      guard FilePath.kind(of: resolved) != .nothing else {
        diagnostics.report(
          .composeReference, "the file `\(resolved)` of the config `\(grant.name)` is not there",
          at: file.location, help: help)
        return nil
      }
      guard files.source(at: resolved) != nil else {
        diagnostics.append(files.complaint(of: resolved, as: "the file", at: file.location, help: help))
        return nil
      }
      return .file(resolved)
    }
    if let variable = declared["environment"], let name = filled(variable, for: "environment") {
      if options.resolvesVariables { return .content(ComposeText(options.environment[name] ?? "")) }
      return .content(ComposeText([.variable(VariableUse(name: name, value: project.variables[name]))]))
    }
    lost(
      "the external config `\(grant.name)`", at: grant.location,
      help: "write its content under `configFiles`")
    return nil
  }

  /// Secrets, which are files that only a reference is kept of.
  mutating func readSecrets(_ node: ComposeNode) {
    for grant in grants(node, of: project.secrets, for: "secrets") {
      let target = grant.target ?? grant.name
      var secret = SecretReference()
      secret.type = .file
      secret.as = target.hasPrefix("/") ? target : "/run/secrets/\(target)"
      (secret.mode, secret.owner) = (grant.mode, grant.owner)
      let declared = grant.declaration
      if let path = declared["file"].flatMap({ filled($0, for: "file") }) {
        secret.key = "file:" + FilePath.resolve(path, in: declared.folder)
      } else if let name = declared["environment"].flatMap({ filled($0, for: "environment") }) {
        secret.key = "env:\(name)"
      } else {
        secret.key = declared["name"].flatMap { filled($0, for: "name") } ?? grant.name
        differs(
          "the secret `\(grant.name)` is kept by the engine: the spec names the key `\(secret.key)` of the vault",
          at: grant.location, help: "put it there with `berth secret set \(secret.key)`")
      }
      draft.secrets.append(secret)
    }
  }

  // MARK: What is granted

  /// A config or a secret that a service is given.
  private struct Grant {
    let name: String
    let target: String?
    /// The permissions of the file, and who it belongs to.
    let mode: String?
    let owner: String?
    let declaration: ComposeNode
    let location: SourceLocation
  }

  private mutating func grants(
    _ node: ComposeNode, of declared: ComposeSection, for key: String
  ) -> [Grant] {
    var grants: [Grant] = []
    for element in elements(node, for: key) {
      if element.entries != nil {
        reportUnread(of: element, in: key, read: ["source", "target", "uid", "gid", "mode"])
      }
      guard let sourceNode = element["source"] ?? (element.text == nil ? nil : element),
        let source = filled(sourceNode, for: key)
      else {
        invalid(
          "an element of `\(key)` needs a `source`", at: element.location, help: "name one of the \(key)")
        continue
      }
      guard let declaration = declared[source], declaration.entries != nil
      else {
        diagnostics.report(
          .composeReference, "`\(source)` is not declared under `\(key)`", at: sourceNode.location,
          help: Suggestion.help(for: source, among: declared.names) ?? "declare it at the top of the file")
        continue
      }
      let target = element["target"].flatMap { filled($0, for: "target") }
      let mode = element["mode"].flatMap { $0.isNull ? nil : fileMode($0, for: "mode") }
      grants.append(
        Grant(
          name: source, target: target, mode: mode, owner: owner(element), declaration: declaration,
          location: element.location))
    }
    return grants
  }

  /// Who a file belongs to, by numbers.
  private mutating func owner(_ node: ComposeNode) -> String? {
    let user = node["uid"].flatMap { filled($0, for: "uid") } ?? ""
    let group = node["gid"].flatMap { filled($0, for: "gid") } ?? ""
    guard !user.isEmpty || !group.isEmpty else { return nil }
    let owner = (user.isEmpty ? "0" : user) + (group.isEmpty ? "" : ":\(group)")
    if NumericOwner(owner) != nil { return owner }
    invalid(
      "`\(owner)` is no owner of a file", at: node.location, help: "write the numbers of user and group")
    return nil
  }
}
