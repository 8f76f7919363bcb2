import UserFiles
import WorkloadSpec

/// Writes a workload as a spec, in the order in which the language lists its fields. What has its default is left
/// out.
struct WorkloadWriter {
  private let workload: WorkloadDraft
  private let options: ImportOptions
  private var variables: VariableTable

  init(_ workload: WorkloadDraft, _ options: ImportOptions) {
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
      if let host = port.host { places.append(VariableTable.Place(text: host, location: port.location)) }
    }
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
    add("resources", draft.resources.isUnset ? nil : draft.resources.plain)
    add("env", .map(draft.env.map { .init($0.name, text($0.text, $0.location)) }))
    add("ports", .list(draft.ports.map { port($0) }))
    add("volumes", .list(draft.volumes.map { Self.volume($0) }))
    add("healthCheck", draft.healthCheck.map { healthCheck($0) })
    add("secrets", .list(draft.secrets.map { Self.secret($0) }))
    add("configFiles", .list(draft.configFiles.map { configFile($0) }))
    add("annotations", .map(draft.annotations.map { .init($0.name, text($0.text, $0.location)) }))
    if service.role != .`init`, draft.restart != .always {
      add("restart", .string(draft.restart.rawValue))
    }
    add("stopGrace", draft.stopGrace.map { .string($0.description) })
    add("pullPolicy", draft.pullPolicy.map { .string($0.rawValue) })
    add("dependsOn", .list(service.dependsOn.map { .string($0) }))
    return .map(members)
  }

  // MARK: Parts of a service

  private mutating func text(_ text: ComposeText, _ location: SourceLocation) -> Value {
    .string(variables.spec(text, at: location))
  }

  /// A text without variables.
  private static func literal(_ text: String) -> Value { .string(ComposeText(text).spec) }

  private mutating func port(_ port: PortDraft) -> Value {
    var members: [Value.Member] = [.init("container", Value(port.container))]
    if port.transport != .tcp { members.append(.init("protocol", .string(port.transport.rawValue))) }
    if let host = port.host {
      let text = variables.spec(host, at: port.location)
      members.append(.init("host", Int(text).map { Value($0) } ?? .string(text)))
    }
    return .map(members)
  }

  private static func volume(_ volume: VolumeDraft) -> Value {
    var members: [Value.Member] = [
      .init("name", .string(volume.name)), .init("mountPath", literal(volume.mountPath)),
    ]
    if let size = volume.size { members.append(.init("size", size.plain)) }
    if volume.type != .ephemeral { members.append(.init("type", .string(volume.type.rawValue))) }
    if volume.type == .persistent, volume.isShared {
      members.append(.init("access", .string(VolumeAccess.many.rawValue)))
    }
    return .map(members)
  }

  private mutating func healthCheck(_ check: HealthCheckDraft) -> Value {
    let command = check.command.map { text($0, check.location) }
    return [
      "command": .list(command), "interval": check.interval.plain, "timeout": check.timeout.plain,
      "retries": Value(check.retries),
    ]
  }

  private static func secret(_ secret: SecretReference) -> Value {
    [
      "key": literal(secret.key), "type": .string(secret.type.rawValue), "as": literal(secret.as),
    ]
  }

  private mutating func configFile(_ file: ConfigFileDraft) -> Value {
    var members: [Value.Member] = [.init("name", .string(file.name)), .init("path", Self.literal(file.path))]
    switch file.source {
    case .content(let content): members.append(.init("content", text(content, file.location)))
    case .file(let path):
      let relative = FilePath.relative(
        path, to: options.outputFolder, workingFolder: options.workingFolder)
      if !FileBoundary(around: options.outputFolder).contains(path) {
        fileDiagnostics.report(
          .fileNeedsAllowance, "the spec names `\(relative)`, outside of the folder that it is written to",
          at: file.location,
          help:
            "apply it with `--allow-files-from DIR` for the folder of that file, or write it beside the file")
      }
      members.append(.init("file", Self.literal(relative)))
    }
    return .map(members)
  }
}
