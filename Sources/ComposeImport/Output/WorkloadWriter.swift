import Diagnostics
import UserFiles
import Values
import WorkloadSpec

/// Writes a workload as a spec, in the order in which the language lists its fields. What has its default is left
/// out.
struct WorkloadWriter {
  private let workload: WorkloadDraft
  private let options: ComposeOptions
  private var variables: VariableTable

  init(_ workload: WorkloadDraft, _ options: ComposeOptions) {
    self.workload = workload
    self.options = options
    variables = VariableTable(workload.services.flatMap { Self.texts(of: $0.draft) })
  }

  /// What became of the variables, and of the files.
  var diagnostics: Diagnostics {
    var all = variables.diagnostics
    all.append(contentsOf: fileDiagnostics)
    return all
  }
  private var fileDiagnostics = Diagnostics()

  /// Every text in which a variable can stand.
  private static func texts(of draft: ServiceDraft) -> [VariableTable.Place] {
    var places = [draft.image].compactMap(\.self).map {
      VariableTable.Place(text: $0, location: draft.location)
    }
    for text in draft.command + draft.args + (draft.healthCheck?.command ?? []) {
      places.append(VariableTable.Place(text: text, location: draft.location))
    }
    for variable in draft.env {
      places.append(
        VariableTable.Place(text: variable.text, location: variable.location, takesSecrets: true))
    }
    for port in draft.ports {
      for text in [port.host, port.address].compactMap(\.self) {
        places.append(VariableTable.Place(text: text, location: port.location))
      }
    }
    for volume in draft.volumes {
      if let source = volume.source {
        places.append(VariableTable.Place(text: source, location: volume.location))
      }
      places += (volume.driver?.texts ?? []).map { VariableTable.Place(text: $0.text, location: $0.location) }
    }
    places += draft.stated.texts.map { VariableTable.Place(text: $0.text, location: $0.location) }
    for file in draft.configFiles {
      guard case .content(let text) = file.source else { continue }
      places.append(VariableTable.Place(text: text, location: file.location, takesSecrets: true))
    }
    for annotation in draft.annotations {
      places.append(VariableTable.Place(text: annotation.text, location: annotation.location))
    }
    return places
  }

  /// The spec as plain data.
  mutating func value() -> Value {
    var members: [Value.Member] = [.init("name", .string(workload.name))]
    if let replicas = workload.replicas { members.append(.init("replicas", Value(replicas))) }
    if let strategy = workload.strategy { members.append(.init("strategy", Self.plain(strategy))) }
    let services = workload.services.map { service($0) }
    if !workload.dependsOn.isEmpty {
      members.append(.init("dependsOn", .list(workload.dependsOn.map { .string($0) })))
    }
    if !variables.isEmpty { members.append(.init("variables", variables.plain)) }
    members.append(.init("services", .list(services)))
    return .map(members)
  }

  private static func plain(_ strategy: Strategy) -> Value {
    var members: [Value.Member] = [.init("type", .string(strategy.type.rawValue))]
    if strategy.type == .rolling {
      members.append(.init("maxSurge", Value(strategy.maxSurge)))
      members.append(.init("maxUnavailable", Value(strategy.maxUnavailable)))
    }
    return .map(members)
  }

  private mutating func service(_ service: WorkloadService) -> Value {
    let draft = service.draft
    var members: [Value.Member] = [.init("name", .string(draft.name))]
    func add(_ key: String, _ value: Value?) {
      switch value {
      case nil: break
      case .list(let elements)? where elements.isEmpty: break
      case .map(let inner)? where inner.isEmpty: break
      case let value?: members.append(.init(key, value))
      }
    }
    if service.role != .main { add("role", .string(service.role.rawValue)) }
    add("image", draft.image.map { text($0, draft.location) })
    add("command", .list(draft.command.map { text($0, draft.location) }))
    add("args", .list(draft.args.map { text($0, draft.location) }))
    for field in Service.schema.description.fields where field.name != "network" {
      guard let stated = draft.stated[[field.name]] else { continue }
      add(field.name, Self.ordered(self.value(stated), field.type))
    }
    add("network", network(draft))
    add("resources", draft.resources.isUnset ? nil : draft.resources.plainWithoutDefaults)
    add("env", .map(draft.env.map { .init($0.name, text($0.text, $0.location)) }))
    add("ports", .list(draft.ports.map { port($0) }))
    add("volumes", .list(draft.volumes.map { volume($0) }))
    add("healthCheck", draft.healthCheck.map { healthCheck($0) })
    add("secrets", .list(draft.secrets.map { Self.secret($0) }))
    add("configFiles", .list(draft.configFiles.map { configFile($0) }))
    add("annotations", .map(draft.annotations.map { .init($0.name, text($0.text, $0.location)) }))
    if service.role != .`init`, draft.restart != .always {
      add("restart", .string(draft.restart.rawValue))
      if !service.role.isRunToEnd { add("maxRestarts", draft.maxRestarts.map { .int(Int64($0)) }) }
    }
    add("stopGrace", draft.stopGrace.map { .string($0.description) })
    add("pullPolicy", draft.pullPolicy.map { .string($0.rawValue) })
    add("dependsOn", .list(service.dependsOn.map { .string($0) }))
    return Self.ordered(.map(members), .object { Service.schema.description })
  }

  /// A value with the fields of objects in the order of the language.
  private static func ordered(_ value: Value, _ type: FieldType) -> Value {
    switch (type, value) {
    case (.object(let description), .map(let members)):
      .map(
        description().fields.compactMap { field in
          members.first { $0.key == field.name }.map { .init($0.key, ordered($0.value, field.type)) }
        })
    case (.keyed(let description, _), .list(let elements)):
      .list(elements.map { ordered($0, .object(description)) })
    default: value
    }
  }

  // MARK: Parts of a service

  private mutating func text(_ text: ComposeText, _ location: SourceLocation) -> Value {
    .string(variables.spec(text, at: location))
  }

  /// A text without variables.
  private static func literal(_ text: String) -> Value { .string(ComposeText(text).spec) }

  /// A value, its texts as a spec writes them.
  private mutating func value(_ draft: SpecDraft) -> Value {
    switch draft {
    case .plain(.string(let text)): Self.literal(text)
    case .plain(let value): value
    case .text(let text, let location): self.text(text, location)
    case .list(let elements): .list(elements.map { value($0) })
    case .map(let members): .map(members.map { .init($0.key, value($0.value)) })
    }
  }

  /// How a service is connected, apart from its ports.
  private mutating func network(_ draft: ServiceDraft) -> Value? {
    var members = draft.stated[["network"]].flatMap { value($0).members } ?? []
    if !draft.networkAliases.isEmpty {
      members.append(.init("aliases", .list(draft.networkAliases.sorted().map { Self.literal($0) })))
    }
    if !draft.joined.isEmpty {
      members.append(.init("join", .list(draft.joined.sorted { $0.name < $1.name }.map { Self.joined($0) })))
    }
    return members.isEmpty ? nil : .map(members)
  }

  private static func joined(_ network: JoinedDraft) -> Value {
    var members: [Value.Member] = [.init("name", literal(network.name))]
    if !network.aliases.isEmpty {
      members.append(.init("aliases", .list(network.aliases.sorted().map { literal($0) })))
    }
    if let address = network.address { members.append(.init("address", .string(address))) }
    return .map(members)
  }

  private mutating func port(_ port: PortDraft) -> Value {
    var members: [Value.Member] = [.init("container", Value(port.container))]
    if port.transport != .tcp { members.append(.init("protocol", .string(port.transport.rawValue))) }
    if let host = port.host {
      let text = variables.spec(host, at: port.location)
      members.append(.init("host", Int(text).map { Value($0) } ?? .string(text)))
    }
    if let address = port.address {
      members.append(.init("address", .string(variables.spec(address, at: port.location))))
    }
    return .map(members)
  }

  private mutating func volume(_ volume: VolumeDraft) -> Value {
    var members: [Value.Member] = [
      .init("name", .string(volume.name)), .init("mountPath", Self.literal(volume.mountPath)),
    ]
    if let size = volume.size { members.append(.init("size", size.plain)) }
    if volume.type != .ephemeral { members.append(.init("type", .string(volume.type.rawValue))) }
    if volume.type.outlivesInstances, volume.isShared, !volume.isReadOnly {
      members.append(.init("access", .string(VolumeAccess.many.rawValue)))
    }
    if let source = volume.source { members.append(.init("source", text(source, volume.location))) }
    if volume.isReadOnly { members.append(.init("readOnly", true)) }
    if let path = volume.subPath { members.append(.init("subPath", Self.literal(path))) }
    if let mode = volume.mode { members.append(.init("mode", .string(mode))) }
    if let driver = volume.driver { members.append(.init("driver", value(driver))) }
    if !volume.docker.isEmpty { members.append(.init("on", ["docker": value(.map(volume.docker))])) }
    return .map(members)
  }

  private mutating func healthCheck(_ check: HealthCheckDraft) -> Value {
    var members: [Value.Member] = [.init("command", .list(check.command.map { text($0, check.location) }))]
    if let period = check.startPeriod { members.append(.init("startPeriod", period.plain)) }
    if let interval = check.startInterval { members.append(.init("startInterval", interval.plain)) }
    members += [
      .init("interval", check.interval.plain), .init("timeout", check.timeout.plain),
      .init("retries", Value(check.retries)),
    ]
    return .map(members)
  }

  private static func secret(_ secret: SecretReference) -> Value {
    var members: [Value.Member] = [
      .init("key", literal(secret.key)), .init("type", .string(secret.type.rawValue)),
      .init("as", literal(secret.as)),
    ]
    if let mode = secret.mode { members.append(.init("mode", .string(mode))) }
    if let owner = secret.owner { members.append(.init("owner", .string(owner))) }
    return .map(members)
  }

  private mutating func configFile(_ file: ConfigFileDraft) -> Value {
    var members: [Value.Member] = [.init("name", .string(file.name)), .init("path", Self.literal(file.path))]
    switch file.source {
    case .content(let content): members.append(.init("content", text(content, file.location)))
    case .file(let path): members.append(.init("file", place(of: path, file.location)))
    case .folder(let path): members.append(.init("folder", place(of: path, file.location)))
    }
    if let mode = file.mode { members.append(.init("mode", .string(mode))) }
    if let owner = file.owner { members.append(.init("owner", .string(owner))) }
    return .map(members)
  }

  /// Where a file or a folder lies, as seen from the spec.
  private mutating func place(of path: String, _ location: SourceLocation) -> Value {
    let relative = FilePath.relative(
      path, to: options.outputFolder, workingFolder: options.workingFolder)
    if !FileBoundary(around: options.outputFolder).contains(path) {
      fileDiagnostics.report(
        .fileNeedsAllowance, "the spec names `\(relative)`, outside of the folder that it is written to",
        at: location,
        help:
          "apply it with `--allow-files-from DIR` for the folder of that file, or write it beside the file")
    }
    return Self.literal(relative.isEmpty ? "." : relative)
  }
}
