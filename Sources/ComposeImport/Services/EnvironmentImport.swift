import WorkloadSpec

extension ServiceImport {
  /// The environment: what environment files say, then what the service says.
  ///
  /// What looks like a secret and does not stand in the compose file itself is not copied: it becomes a reference
  /// to the environment of whoever applies the spec.
  mutating func readEnvironment() {
    var variables: [EnvironmentDraft] = []
    var indices: [String: Int] = [:]
    func set(_ variable: EnvironmentDraft) {
      if let index = indices[variable.name] {
        variables[index] = variable
      } else {
        indices[variable.name] = variables.count
        variables.append(variable)
      }
    }
    for variable in environmentFiles() { set(variable) }
    for entry in ComposeMerge.assignments(node["environment"] ?? node.with(.null)).entries ?? [] {
      if let variable = variable(entry) { set(variable) }
    }
    for variable in variables {
      if let use = variable.text.onlyVariable, use.value == nil, VariableUse.looksSecret(use.name) {
        addSecret(from: use.name, to: variable)
      } else {
        draft.env.append(variable)
      }
    }
  }

  private mutating func variable(_ entry: ComposeEntry) -> EnvironmentDraft? {
    switch entry.value.content {
    case .scalar(let text):
      if entry.value.isPlain { reportRewriting(of: text, in: entry) }
      return EnvironmentDraft(name: entry.key, text: text, location: entry.location)
    case .null:
      // A name alone is taken from the environment, and left out if it is not there.
      var text = ComposeText("")
      let isSecret = VariableUse.looksSecret(entry.key)
      if options.resolvesVariables {
        guard let value = options.environment[entry.key] ?? project.variables[entry.key] else { return nil }
        text = ComposeText(value)
      } else {
        let value = isSecret ? nil : project.variables[entry.key]
        text = ComposeText([.variable(VariableUse(name: entry.key, value: value))])
      }
      return EnvironmentDraft(name: entry.key, text: text, location: entry.location)
    case .list, .map:
      invalid(
        "`\(entry.key)` takes a text, not \(entry.value.phrase)", at: entry.value.location,
        help: "write `NAME: value`")
      return nil
    }
  }

  /// Says what else a service is given by compose where a value looks like a number.
  private mutating func reportRewriting(of text: ComposeText, in entry: ComposeEntry) {
    guard text.variables.isEmpty, let number = ComposeNumber.rewritten(text.resolved) else { return }
    differs(
      "`\(entry.key)` is `\(text.resolved)`, as it is written; compose, without quotes, hands over `\(number)`",
      at: entry.value.location, help: "write `\(number)` if the service relies on that")
  }

  /// Gives the service a secret instead of a value.
  private mutating func addSecret(from name: String, to variable: EnvironmentDraft) {
    var secret = SecretReference()
    secret.key = "env:\(name)"
    secret.type = .env
    secret.as = variable.name
    draft.secrets.append(secret)
    differs(
      "`\(variable.name)` looks like a secret: the spec takes it from the environment as `env:\(name)`",
      at: variable.location,
      help: "set `\(name)` when you apply the spec, or name another place for the secret")
  }

  // MARK: Environment files

  private mutating func environmentFiles() -> [EnvironmentDraft] {
    guard let list = node["env_file"], !list.isNull else { return [] }
    var variables: [EnvironmentDraft] = []
    for element in ComposeMerge.texts(list).elements ?? [] {
      let pathNode = element["path"] ?? element
      guard let path = filled(pathNode, for: "env_file") else { continue }
      let isRaw = element["format"]?.text?.resolved == "raw"
      let resolved = FilePath.resolve(path, in: element.folder)
      if element["required"]?.text?.resolved == "false", FilePath.kind(of: resolved) == .nothing { continue }
      guard let source = files.source(at: resolved) else {
        diagnostics.append(
          files.complaint(
            of: resolved, as: "the environment file", at: pathNode.location,
            help: "write it, or add `required: false` beside its `path`"))
        continue
      }
      let scope = VariableScope(
        files: project.variables, environment: options.environment, fillsIn: options.resolvesVariables)
      let file = EnvironmentFile(source, format: isRaw ? .raw : .standard, scope: scope)
      diagnostics.append(contentsOf: file.diagnostics)
      for (name, value) in file.entries {
        let isSecret = VariableUse.looksSecret(name) && !options.resolvesVariables
        variables.append(
          EnvironmentDraft(
            name: name,
            text: isSecret
              ? ComposeText([.variable(VariableUse(name: name))]) : ComposeText(value),
            location: pathNode.location))
      }
      for name in file.names {
        let entry = ComposeEntry(key: name, location: pathNode.location, value: element.with(.null))
        if let variable = variable(entry) { variables.append(variable) }
      }
    }
    return variables
  }
}
