import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: How it is checked

  static func checks(_ facts: EngineFacts) -> [TaskRow] {
    let isOfConsul = facts.registry == .consul
    let none =
      facts.registry == .none
      ? "nothing keeps names and checks of services on this target: an instance is healthy when its tasks have run for `on.nomad.minHealthyTime`"
      : facts.obstacle(to: .nativeChecks).map {
        "\($0): an instance is healthy when its tasks have run for `on.nomad.minHealthyTime`"
      }
    func check(
      _ path: String, _ words: String, ofCommands: FieldTreatment? = nil,
      _ read: @escaping @Sendable (TaskReading, JSON, inout HealthCheck) -> Void
    ) -> TaskRow {
      if let none, !facts.makesChecks { return .left("healthCheck.\(path)", because: none) }
      let usual: FieldTreatment =
        isOfConsul || !["interval", "timeout"].contains(path) ? .enforced(.engine) : .byBerth
      return .check(path, words, ofCommands: ofCommands ?? usual, read)
    }
    let ofConsul = "Nomad makes checks by HTTP and TCP; Consul makes others"
    return [
      isOfConsul
        ? check("command", "`Type` `script`: `Command` and `Args`, for the first port") {
          reading, live, check in
          guard live["Type"]?.string == "script" else { return }
          let words = [live["Command"]?.string].compactMap(\.self) + (live["Args"]?.list ?? [])
          let stated = reading.stated.healthCheck?.command ?? []
          let made = stated.map {
            SpecText($0, of: reading.stated, in: reading.job.writing.network).variable ?? $0
          }
          check.command = words == made ? stated : words
        } : .left("healthCheck.command", because: none ?? ofConsul),
      check("path", "`Type` `http`: `Path`") { _, live, check in
        if live["Type"]?.string == "http" { check.path = live["Path"]?.string }
      },
      check("port", "`PortLabel` of the check; a port that the spec does not list is one for the check alone")
      {
        reading, live, check in
        guard live["Type"]?.string != "script" else { return }
        check.port = live["PortLabel"]?.string?.split(separator: "_").last.flatMap { Int($0) }
      },
      isOfConsul
        ? check("grpc", "`Type` `grpc`: `GRPCService`") { _, live, check in
          if live["Type"]?.string == "grpc" { check.grpc = live["GRPCService"]?.string ?? "" }
        }
        : none.map { .left("healthCheck.grpc", because: $0) }
          ?? .refused("healthCheck.grpc", because: ofConsul),
      .refused(
        "healthCheck.status",
        because: "Nomad and Consul take the statuses from 200 to 299, or to 399, for a success"),
      check("headers", "`Header`") { _, live, check in
        check.headers = StringMap(
          (live["Header"]?.members ?? []).map { (key: $0.key, value: $0.value.list?.first ?? "") })
      },
      .byBerth("healthCheck.disabled", "no check: Nomad heeds none of an image") { reading, service in
        if reading.stated.healthCheck?.disabled == true, service.healthCheck == nil {
          service.healthCheck = reading.stated.healthCheck
        }
      },
      check("interval", "`Interval`, 1s at least") { reading, live, check in
        let stated = reading.stated.healthCheck?.interval
        check.interval = .live(stated, ofCheck: live["Interval"]) ?? .seconds(10)
      },
      check("timeout", "`Timeout`, 1s at least") { reading, live, check in
        let stated = reading.stated.healthCheck?.timeout
        check.timeout = .live(stated, ofCheck: live["Timeout"]) ?? .seconds(2)
      },
      isOfConsul
        ? check(
          "retries", "`FailuresBeforeCritical`, one less",
          ofCommands: .recorded(because: "Consul counts no failures of a command: the first is one")
        ) { _, live, check in
          check.retries = Int(live["FailuresBeforeCritical"]?.int ?? 0) + 1
        }
        : .left("healthCheck.retries", because: none ?? "a check of Nomad's has failed when it fails once"),
      .left(
        "healthCheck.startPeriod",
        because: "no failure counts before the first success, for as long as `on.nomad.healthyDeadline` says"),
      .left("healthCheck.startInterval", because: "checks come at the pace of `interval` from the first on"),
    ]
  }
}

extension TaskReading {
  /// The check of the service, if there is one.
  fileprivate var check: JSON? {
    let prefix = JobNames.service(stated.name, 0, of: job.writing.key.name).dropLast()
    return job.services.lazy.filter { $0["Name"]?.string?.hasPrefix(prefix) == true }
      .compactMap { $0["Checks"]?.array?.first }.first
  }

  /// Whether Nomad or Consul is told of the check that was stated.
  fileprivate var isCheckTold: Bool {
    switch stated.healthCheck?.probe {
    case .http, .tcp: job.writing.facts.makesChecks
    case .grpc, .command: job.writing.facts.registry == .consul
    case nil: false
    }
  }
}

extension TaskRow {
  /// A field of a health check, which the cluster makes, and changes in place.
  ///
  /// - Parameter ofCommands: what becomes of it where the check is a command.
  fileprivate static func check(
    _ path: String, _ words: String, ofCommands: FieldTreatment,
    _ read: @escaping @Sendable (TaskReading, JSON, inout HealthCheck) -> Void
  ) -> TaskRow {
    let isOfAll = ofCommands == .enforced(.engine)
    return TaskRow(
      field: FieldRow(
        "services.healthCheck.\(path)", ofCommands, ofOwnChecks: isOfAll ? nil : .enforced(.engine),
        cost: .inPlace, words),
      write: nil,
      read: { reading, service in
        let isUntold = !isOfAll && reading.stated.healthCheck?.command.isEmpty == false
        if reading.stated.healthCheck?.probe != nil, !reading.isCheckTold || isUntold {
          Self.copy(path, reading, &service)
        } else if let live = reading.check {
          var check = service.healthCheck ?? HealthCheck()
          read(reading, live, &check)
          service.healthCheck = check
        }
      })
  }

  /// A field of a health check that nothing is told of.
  fileprivate static func left(_ path: String, because reason: String) -> TaskRow {
    let name = path.split(separator: ".").last.map(String.init) ?? ""
    return .recorded(path, because: reason) { reading, service in
      if !reading.isCheckTold || reading.check != nil { copy(name, reading, &service) }
    }
  }

  /// Has a field of a check be what was stated.
  private static func copy(_ name: String, _ reading: TaskReading, _ service: inout ServiceFields) {
    guard let stated = reading.stated.healthCheck, !stated.disabled else { return }
    var check = service.healthCheck ?? HealthCheck()
    switch name {
    case "command": check.command = stated.command
    case "path": check.path = stated.path
    case "port": check.port = stated.port
    case "grpc": check.grpc = stated.grpc
    case "headers": check.headers = stated.headers
    case "interval": check.interval = stated.interval
    case "timeout": check.timeout = stated.timeout
    case "retries": check.retries = stated.retries
    case "startPeriod": check.startPeriod = stated.startPeriod
    default: check.startInterval = stated.startInterval
    }
    service.healthCheck = check
  }
}
