import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: What it sees

  static let surroundings: [TaskRow] = [
    .enforced(
      "env",
      "`Env` of the task; what has a secret or an address of another workload in it, or a `${`, is in a template that is read as variables",
      write: { writing, draft in
        let variables = writing.variables
        draft.task["Env"] = .texts(variables.listed)
        if let template = variables.template(writing.own) { draft.addTemplate(template) }
        writing.refuseNames(variables, &draft)
      }, read: { $1.env = $0.environment }),
    .stamped(
      "secrets.key",
      "looked up at each apply, and put into a variable of Nomad's, from which the client takes it; before Nomad 1.4, into the job itself. A value that moved is seen by a keyed digest",
      write: { writing, draft in writing.addCredentials(&draft) },
      read: { reading, service in service.secrets = reading.stated.secrets.filter(reading.isGiven) }),
    .stamped(
      "secrets.type", "a variable, rendered files, or `auth` of the driver", read: { _, _ in }),
    .stamped("secrets.as", "the variable, the path, the registry", read: { _, _ in }),
    .stamped("secrets.mode", "`Perms` of the template; without it, 0400", read: { _, _ in }),
    .stamped("secrets.owner", "`Uid` and `Gid` of the template", read: { _, _ in }),
    .enforced(
      "configFiles.path", "a template that the client renders, and a mount of it",
      write: { writing, draft in writing.addFiles(&draft) },
      read: { reading, service in service.configFiles = reading.configFiles }),
    .within("configFiles.content", "`EmbeddedTmpl`"),
    .within("configFiles.name", "`DestPath`"),
    .byBerth("configFiles.format", "checked when the spec is read") { _, _ in },
    .byBerth("configFiles.file", "read when the spec is: a release holds the content") { _, _ in },
    .byBerth("configFiles.folder", "read when the spec is: a release holds a config file for each") { _, _ in
    },
    .within("configFiles.mode", "`Perms` of the template; without it, 0644, and 0400 with a secret in it"),
    .within("configFiles.owner", "`Uid` and `Gid` of the template"),
    .map("annotations", "`labels` of the container", \.annotations, docker: "labels", podman: "labels"),
  ]
}

extension JobDraft {
  /// Adds a template of the task.
  fileprivate mutating func addTemplate(_ template: JSON) {
    task["Templates"] = .array((task["Templates"]?.array ?? []) + [template])
  }
}

extension TaskWriting {
  /// Refuses names that no file of variables can have.
  fileprivate func refuseNames(_ variables: TaskVariables, _ draft: inout JobDraft) {
    for name in variables.rendered where !name.utf8.allSatisfy(Self.isOfName) {
      draft.refuse(
        "the variable `\(name)` of service `\(service.name)` is one that a template tells, and Nomad takes no such name there",
        help: "use letters, digits and `_`")
    }
    let texts = service.env.entries.map(\.value) + service.configFiles.map(\.content)
    let neighbours = texts.flatMap {
      SpecText($0, of: service, in: writing.network, mayHoldSecrets: true).neighbours
    }
    for reference in neighbours where reference.port == nil {
      draft.refuse(
        "`${\(reference.name)}` of service `\(service.name)` has no port, by which Nomad finds a service of another workload",
        help: "write `${address.\(reference.place).PORT}`")
    }
    if writing.facts.registry == .none, let reference = neighbours.first {
      draft.refuse(
        "`${\(reference.name)}` of service `\(service.name)` is the address of another workload, and nothing on this target keeps the names of services",
        help: writing.facts.obstacle(to: .nativeServices).map {
          "\($0); or write `services: consul` in the target"
        }
          ?? "write `services: nomad` or `consul` in the target")
    }
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// Renders the files that the service is given, and mounts them.
  fileprivate func addFiles(_ draft: inout JobDraft) {
    for file in files {
      draft.addTemplate(file.template(own))
      guard let path = file.mount else { continue }
      draft.add([bind(file.destination, at: path, isReadOnly: true)], toOption: "mounts")
    }
    guard driver == .podman else { return }
    for file in files where !file.isOfTask {
      draft.refuse(
        "the file `\(file.destination)` of service `\(service.name)` is at a path where the driver podman mounts none",
        help: "use a path below `/local` or `/secrets`")
    }
  }

  /// Hands the credentials for the image's registry over.
  fileprivate func addCredentials(_ draft: inout JobDraft) {
    let registries = service.secrets.filter { $0.type == .registry }
    guard let use = registries.first else { return }
    guard driver.runsImages, registries.count == 1 else {
      draft.refuse(
        "service `\(service.name)` has credentials for "
          + (driver.runsImages
            ? "several registries, and Nomad shows one" : "a registry, and its driver runs no images"),
        help: "name the registry of its image alone")
      return
    }
    var auth: JSON = [:]
    switch secrets.credentials(of: use) {
    case (.text(let user), .text(let password)):
      auth["username"] = .string(SpecText.escapeOption(user))
      auth["password"] = .string(SpecText.escapeOption(password))
    case (.expression(let user), .expression(let password)):
      auth["username"] = .string("${\(TaskVariables.registryUser)}")
      auth["password"] = .string("${\(TaskVariables.registryPassword)}")
      let lines =
        "\(TaskVariables.registryUser)={{ \(user) | toJSON }}\n\(TaskVariables.registryPassword)={{ \(password) | toJSON }}\n"
      draft.addTemplate([
        "EmbeddedTmpl": .string(lines), "DestPath": "secrets/berth-registry.env", "Envvars": true,
        "Perms": "0400", "ChangeMode": "noop",
      ])
    default: break
    }
    if driver == .docker { auth["server_address"] = .string(SpecText.escapeOption(use.as)) }
    draft[option: "auth"] = auth
  }
}

extension TaskReading {
  /// The template that is rendered to a place.
  private func template(_ destination: String) -> JSON? {
    task["Templates"]?.array?.first { $0["DestPath"]?.string == destination }
  }

  /// The variables that were stated, as they are. All others are the image's or berth's own.
  fileprivate var environment: StringMap {
    let writing = writing
    let made = writing.variables
    let lines = (template(TaskVariables.destination)?["EmbeddedTmpl"]?.string ?? "").split(
      separator: "\n"
    ).map(String.init)
    var live = StringMap()
    for entry in stated.env.entries {
      let text = SpecText(entry.value, of: stated, in: job.writing.network, mayHoldSecrets: true)
      if made.rendered.contains(entry.key) {
        let wanted = text.line(entry.key, writing.secrets.sources(at: .variable(entry.key))).dropLast()
        if lines.contains(where: { isSame($0, String(wanted)) }) {
          live[entry.key] = entry.value
        } else if lines.contains(where: { $0.contains("\(entry.key)={{") })
          || task.at("Env", entry.key) != nil
        {
          live[entry.key] =
            entry.holdsSecrets ? ConfigFile.withheldContent : task.at("Env", entry.key)?.string ?? "(changed)"
        }
      } else if let value = task.at("Env", entry.key)?.string {
        live[entry.key] = value == text.variable ? entry.value : value
      }
    }
    return live
  }

  /// Whether a text of the job is what it was made as, where what stands in for a value that is not known is anything.
  private func isSame(_ live: String, _ made: String) -> Bool {
    guard made.contains(TemplateSources.unknown) else { return live == made }
    let pieces = made.split(separator: Character(TemplateSources.unknown), omittingEmptySubsequences: false)
    var rest = live[...]
    for (index, piece) in pieces.enumerated() {
      if index == 0 {
        guard rest.hasPrefix(piece) else { return false }
        rest = rest.dropFirst(piece.count)
      } else if index == pieces.count - 1 {
        return rest.hasSuffix(piece)
      } else if let found = rest.firstRange(of: piece) {
        rest = rest[found.upperBound...]
      } else {
        return false
      }
    }
    return rest.isEmpty
  }

  /// Whether the service is given a secret in the way that was stated.
  fileprivate func isGiven(_ secret: SecretReference) -> Bool {
    switch secret.type {
    case .env:
      template(TaskVariables.destination)?["EmbeddedTmpl"]?.string?.contains("\(secret.as)={{") == true
    case .registry: option("auth") != nil
    case .file, .tls:
      writing.files.filter { $0.source == secret.identity }.allSatisfy { file in
        guard let live = template(file.destination), isMounted(file) else { return false }
        return isSame(live["EmbeddedTmpl"]?.string ?? "", file.body) && live["Perms"]?.string == file.mode
      }
    }
  }

  private func isMounted(_ file: RenderedFile) -> Bool {
    guard let path = file.mount else { return true }
    return option("mounts")?.array?.contains {
      $0["source"]?.string == file.destination && $0["target"]?.string == SpecText.escapeOption(path)
    } == true
  }

  /// The config files that were stated, as they are.
  fileprivate var configFiles: [ConfigFile] {
    let made = writing.files
    return stated.configFiles.compactMap { file in
      guard let rendered = made.first(where: { $0.source == file.name }), isMounted(rendered),
        let template = template(rendered.destination)
      else { return nil }
      var live = file
      let body = template["EmbeddedTmpl"]?.string ?? ""
      if stamp.isContentLeftOut(of: file) {
        live.content = body.replacing("{{ \"{{\" }}", with: "{{")
      } else if !isSame(body, rendered.body) {
        live.content =
          file.holdsSecrets ? ConfigFile.withheldContent : body.replacing("{{ \"{{\" }}", with: "{{")
      }
      let mode = template["Perms"]?.string
      if mode != rendered.mode { live.mode = mode }
      if let owner = rendered.owner {
        let user = template["Uid"]?.int
        let group = template["Gid"]?.int
        if user != Int64(owner.user) || group != owner.group.map(Int64.init) {
          live.owner = user.map { "\($0)" + (group.map { ":\($0)" } ?? "") }
        }
      }
      return live
    }
  }
}

extension ControllerServiceStamp {
  /// Whether the stamp has no content of a file, since the job has it as it is.
  func isContentLeftOut(of file: ConfigFile) -> Bool { file.content.isEmpty }
}
