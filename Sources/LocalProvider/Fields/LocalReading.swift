import WorkloadSpec

/// What the rows of local processes read.
struct LocalReading {
  /// The service that the supervisor was given.
  let stamped: Service
  /// What the supervisor runs it by; `nil` if an older one does, which does not tell.
  let running: RunningDefinition?
  /// The ports that it was given.
  let ports: [AssignedPort]
  /// Its root folder.
  let root: String
  /// The config files as they are.
  let configFiles: [ConfigFile]

  private func fill(_ text: String) -> String { DefinitionBuilder.fill(text, root) }

  // MARK: What runs

  /// The command, and the arguments that follow: as they were stated, as far as that is what runs.
  var program: (command: [String], args: [String]) {
    guard let words = running?.command else { return (stamped.command, stamped.args) }
    guard words.starts(with: stamped.command.map(fill)) else { return (words, []) }
    let rest = Array(words.dropFirst(stamped.command.count))
    return (stamped.command, rest == stamped.args.map(fill) ? stamped.args : rest)
  }

  /// The variables that were stated, as they are. All others are inherited or berth's own.
  var environment: StringMap {
    guard let running else { return stamped.env }
    var actual: [String: String] = [:]
    for text in running.environment {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { actual[String(parts[0])] = String(parts[1]) }
    }
    var live = StringMap()
    for entry in stamped.env.entries {
      if !SecretText(entry.value).keys.isEmpty {
        // What holds a secret is not told.
        live[entry.key] = entry.value
      } else if let value = actual[entry.key] {
        live[entry.key] = value == DefinitionBuilder.fillText(entry.value, root) ? entry.value : value
      }
    }
    return live
  }

  // MARK: What it may use

  /// The limit of processor time.
  var cpu: CPUQuantity? {
    running.map { $0.limits.cpu.map { CPUQuantity(millicores: $0) } } ?? stamped.resources.cpu
  }

  /// The limit of memory.
  var memory: ByteQuantity? {
    running.map { $0.limits.memory.map { ByteQuantity(bytes: $0) } } ?? stamped.resources.memory
  }

  // MARK: Health

  /// The check that the supervisor makes, by the numbers of the spec.
  var healthCheck: HealthCheck? {
    guard let running else { return stamped.healthCheck }
    guard let check = running.check else { return nil }
    var live = HealthCheck()
    switch check.probe {
    case .http(let path, let port):
      live.path = stamped.healthCheck?.path.flatMap { fill($0) == path ? $0 : nil } ?? path
      live.port = container(port)
    case .tcp(let port): live.port = container(port)
    case .command(let words):
      let stated = stamped.healthCheck?.command ?? []
      live.command = stated.map(fill) == words ? stated : words
    }
    live.interval = SpecDuration(milliseconds: check.interval)
    live.timeout = SpecDuration(milliseconds: check.timeout)
    live.retries = check.retries
    return live
  }

  private func container(_ host: Int) -> Int {
    ports.first { $0.host == host && $0.transport == .tcp }?.container ?? host
  }
}
