import WorkloadSpec

extension ServiceImport {
  /// The environment: what environment files say, then what the service says.
  ///
  /// What looks like a secret and does not stand in the compose file itself is not copied: it becomes a reference
  /// to the environment of the user who applies the spec.
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
      checkForSpec(variable)
      if let use = variable.text.onlyVariable, use.value == nil, VariableUse.looksSecret(use.name) {
        addSecret(from: use.name, to: variable)
      } else {
        draft.env.append(variable)
      }
    }
  }

  /// Says what a spec can't have at the place where it is written, and not where it would be.
  private mutating func checkForSpec(_ variable: EnvironmentDraft) {
    if !EnvironmentName.isValid(variable.name) {
      diagnostics.report(
        .importedEnvironment, "a spec can't have an environment variable `\(variable.name)`",
        at: variable.location,
        help:
          "its name takes letters, digits, `_`, `.` and `-`, starts with a letter or `_`, and has at most 255 signs"
      )
    } else if variable.text.pieces.contains(.character("\0")) {
      diagnostics.report(
        .importedEnvironment, "the value of `\(variable.name)` holds a null character", at: variable.location,
        help: "no process can be given it: take it out")
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

  /// What the environment files of the service say, the later over the earlier.
  private mutating func environmentFiles() -> [EnvironmentDraft] {
    guard let list = node["env_file"], !list.isNull else { return [] }
    var scope = VariableScope(
      files: project.variables.merging(statedEnvironment()) { first, _ in first },
      environment: options.environment, fillsIn: options.resolvesVariables)
    scope.constants = project.constants
    var variables: [EnvironmentDraft] = []
    for element in ComposeMerge.texts(list).elements ?? [] {
      guard let file = environmentFile(element, scope) else { continue }
      let location = (element["path"] ?? element).location
      for entry in file.entries {
        guard let value = entry.value else {
          let named = ComposeEntry(key: entry.name, location: location, value: element.with(.null))
          if let variable = variable(named) { variables.append(variable) }
          continue
        }
        scope.lines[entry.name] = value
        let isHidden = VariableUse.looksSecret(entry.name) && !options.resolvesVariables
        let text = isHidden ? ComposeText([.variable(VariableUse(name: entry.name))]) : ComposeText(value)
        variables.append(EnvironmentDraft(name: entry.name, text: text, location: location))
      }
    }
    return variables
  }

  /// What the service says under `environment`, which its environment files can use.
  private func statedEnvironment() -> [String: String] {
    var values: [String: String] = [:]
    for entry in ComposeMerge.assignments(node["environment"] ?? node.with(.null)).entries ?? [] {
      if let text = entry.value.text { values[entry.key] = text.resolved }
    }
    return values
  }

  /// The file that an element of `env_file` names; `nil` if there is none.
  private mutating func environmentFile(_ element: ComposeNode, _ scope: VariableScope) -> EnvironmentFile? {
    let pathNode = element["path"] ?? element
    guard let path = filled(pathNode, for: "env_file") else { return nil }
    let formatName = element["format"].flatMap { filled($0, for: "format") } ?? ""
    guard let format = EnvironmentFile.Format(rawValue: formatName) else {
      invalid(
        "`\(formatName)` is not a format of environment files",
        at: element["format"]?.location ?? element.location, help: "write `raw`, or leave it out")
      return nil
    }
    let resolved = FilePath.resolve(path, in: element.folder)
    let isRequired = element["required"].map { ComposeBool.isTrue($0) } ?? true
    if !isRequired, FilePath.kind(of: resolved) == .nothing { return nil }
    guard let source = files.source(at: resolved) else {
      diagnostics.append(
        files.complaint(
          of: resolved, as: "the environment file", at: pathNode.location,
          help: "write it, or add `required: false` beside its `path`"))
      return nil
    }
    let file = EnvironmentFile(source, format: format, scope: scope)
    diagnostics.append(contentsOf: file.diagnostics)
    return file
  }
}
