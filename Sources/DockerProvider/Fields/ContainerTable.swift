import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// What becomes of every field of the language on a Docker engine.
struct ContainerTable: Sendable {
  /// The rows of a service's fields, in the order in which they are written and read.
  let rows: [ContainerRow]
  /// All rows, those of the workload itself first.
  let table: FieldTable

  /// The table of an engine on which everything is enforced that containers can do.
  static let standard = ContainerTable.on(EngineFacts())

  private static let known = ByFacts { ContainerTable(making: $0) }

  static func on(_ facts: EngineFacts) -> ContainerTable { known[facts] }

  private init(making facts: EngineFacts) {
    rows =
      Self.program + Self.process + Self.security + Self.network + Self.limits(facts) + Self.surroundings
      + Self.storage(facts) + Self.checks(facts) + Self.life + Self.onDocker(facts)
    table = FieldTable(Self.workload + rows.map(\.field))
  }

  // MARK: Writing and reading

  /// Writes a service into what an engine is asked for.
  func write(_ writing: ContainerWriting, into creation: inout ContainerCreation) throws(ActionFailure) {
    for row in rows { try row.write?(writing, &creation) }
  }

  /// A service as its container has it.
  func read(_ reading: ContainerReading) -> Service {
    var fields = ServiceFields()
    for row in rows { row.read(reading, &fields) }
    return Service(fields)
  }

  /// What an engine changes while a container runs.
  func update(of service: Service) -> ContainerUpdate {
    var update = ContainerUpdate()
    for row in rows { row.update?(service, &update) }
    return update
  }

  /// What changes of a service cost: what the engine can't change while a container runs needs a new one.
  func impact(of change: ServiceChange) -> ImpactStatement {
    let reason = { (fields: [String]) -> ActionReason? in
      .canNotChange(fields: fields, engine: .init("Docker", makes: "container"))
    }
    let statement = table.impact(of: change, because: reason)
    // What a mount in memory may hold is part of the container; other sizes are labels of volumes.
    let memory = change.desired.volumes.filter { $0.type == .memory }.map { "volumes[\($0.name)].size" }
    guard statement.impact < .replace, change.changes.contains(where: { memory.contains($0.path) }) else {
      return statement
    }
    return ImpactStatement(.replace, reason: reason(["volumes"]))
  }

  /// The fields of a service of which the engine is told nothing, by their path in a service.
  func untold(of service: Service) -> Set<String> {
    Set(
      rows.compactMap { $0.field.treatment(in: service).isTold ? nil : $0.field.pathInService })
  }

  /// A service as berth has it now: as the last release has it, unless that differs from what its container was made
  /// from in something that the engine was told. Then a later run has made the container.
  func current(made: Service, released: Service?) -> Service {
    guard let released, released != made else { return made }
    let told = { (service: Service) in service.essence(without: untold(of: service), on: DockerFields.all) }
    return told(made) == told(released) ? released : made
  }

  // MARK: The workload

  private static let workload = [
    FieldRow("name", .enforced(.stamp), cost: nil, "part of all names; another name is another workload"),
    FieldRow("kind", .byBerth, cost: nil, "which volumes an instance has; it can't be changed"),
    FieldRow("replicas", .byBerth, cost: .inPlace, "berth makes and removes instances"),
    FieldRow("strategy", .byBerth, cost: .inPlace, "berth moves instances from old to new"),
    FieldRow("dependsOn", .byBerth, cost: .inPlace, "berth changes it after those are ready"),
    FieldRow("network", .byBerth, cost: .inPlace, "berth refuses addresses that lead in or out"),
    FieldRow("labels", .enforced(.engine), cost: .replace, "labels of each container"),
    FieldRow("variables", .byBerth, cost: .inPlace, "filled in when the spec is read"),
  ]

  // MARK: What runs

  private static let program: [ContainerRow] = [
    .stamped("name", "part of the container's name, and the name by which it is found", \.name),
    .stamped(
      "role", "when it starts and what ready means; the engine never restarts what runs to its end", \.role),
    .enforced(
      "image", "`Image`", write: { $1.config.image = $0.service.image },
      read: { $1.image = $0.container.config.image }),
    .enforced(
      "command", "`Entrypoint`; without it, the image's own",
      write: { writing, creation throws(ActionFailure) in
        guard !writing.service.command.isEmpty else { return }
        creation.config.entrypoint = writing.service.command.map(
          ContainerFields.texts(of: writing.service).fill)
      },
      read: { $1.command = $0.live($0.stamp.spec.command, $0.container.config.entrypoint) }),
    .enforced(
      "args", "`Cmd`",
      write: { writing, creation throws(ActionFailure) in
        guard !writing.service.args.isEmpty else { return }
        creation.config.command = writing.service.args.map(ContainerFields.texts(of: writing.service).fill)
      },
      read: { $1.args = $0.live($0.stamp.spec.args, $0.container.config.command) }),
  ]

  // MARK: What it sees

  private static let surroundings: [ContainerRow] = [
    .enforced(
      "env", "`Env`; a variable with a secret in it is compared by a keyed digest",
      write: { writing, creation throws(ActionFailure) in
        creation.config.environment = try writing.builder.environment(of: writing.service)
      }, read: { $1.env = $0.environment }),
    .enforced(
      "ports.container", "`ExposedPorts` and `PortBindings`",
      write: { writing, creation throws(ActionFailure) in
        let names = writing.service.ports.map(ContainerFields.name)
        creation.config.exposedPorts = Dictionary(names.map { ($0, EmptyObject()) }) { $1 }
        creation.host.portBindings = Dictionary(names.map { ($0, [PortBinding(port: "")]) }) { $1 }
      }, read: { $1.ports = ContainerFields.ports($0.container.host.portBindings) }),
    .enforced("ports.protocol", "part of the port's name: `53/udp`", read: { _, _ in }),
    .enforced(
      "ports.host", "`HostPort`; without it, the engine chooses one at each start",
      write: { writing, creation throws(ActionFailure) in
        for port in writing.service.ports where port.host != nil {
          creation.host.portBindings?[ContainerFields.name(of: port)] = [
            PortBinding(port: port.host.map(String.init) ?? "")
          ]
        }
      },
      read: { reading, service in
        for index in service.ports.indices {
          service.ports[index].host = ContainerFields.hostPort(
            of: service.ports[index], in: reading.container.host.portBindings)
        }
      }),
    .enforced(
      "ports.address", "`HostIp`",
      write: { writing, creation throws(ActionFailure) in
        for port in writing.service.ports {
          guard let address = port.address else { continue }
          let name = ContainerFields.name(of: port)
          let number = creation.host.portBindings?[name]??.first?.port
          creation.host.portBindings?[name] = [PortBinding(address: address, port: number ?? "")]
        }
      },
      read: { reading, service in
        for index in service.ports.indices {
          service.ports[index].address = ContainerFields.address(
            of: service.ports[index], stated: reading.stamp.spec.ports,
            in: reading.container.host.portBindings)
        }
      }),
    .stamped(
      "secrets.key", "looked up at each apply; a value that moved is seen by a keyed digest", \.secrets),
    .stamped(
      "secrets.type", "a variable, a file put into the container, or what a registry is shown", \.secrets),
    .stamped("secrets.as", "the variable, the path, the registry", \.secrets),
    .stamped("secrets.mode", "the permissions of the file that is put into the container", \.secrets),
    .stamped("secrets.owner", "the owner of that file; without it, who runs the container", \.secrets),
    .enforced(
      "configFiles.path", "a file that is put into the container before it starts",
      read: { $1.configFiles = $0.configFiles }),
    .enforced(
      "configFiles.content", "what the file holds; compared by its time, with `drift --deep` byte by byte",
      read: { _, _ in }),
    .enforced("configFiles.name", "told by its path", read: { _, _ in }),
    .untold("configFiles.format", "checked when the spec is read") { reading, service in
      for index in service.configFiles.indices {
        let name = service.configFiles[index].name
        service.configFiles[index].format =
          reading.service.configFiles.first { $0.name == name }?.format ?? .text
      }
    },
    .untold("configFiles.file", "read when the spec is: a release holds the content") { _, _ in },
    .untold("configFiles.folder", "read when the spec is: a release holds a config file for each") { _, _ in
    },
    .stamped("configFiles.mode", "the permissions that the file is put into the container with") { _, _ in },
    .stamped("configFiles.owner", "the owner that the file is put into the container with") { _, _ in },
    .enforced(
      "annotations", "labels of the container", read: { $1.annotations = $0.texts($0.stamp.spec.annotations) }
    ),
  ]

  // MARK: How it is checked

  private static func checks(_ facts: EngineFacts) -> [ContainerRow] { asked + [startInterval(facts)] }

  private static let asked: [ContainerRow] = [
    .enforced(
      "healthCheck.command", "`Healthcheck`, by `CMD`: berth waits for the engine's word `healthy`",
      write: { $1.config.healthcheck = ContainerFields.healthcheck(of: $0.service) },
      read: { reading, service in
        guard let command = reading.checkCommand else { return }
        service.healthCheck = HealthCheck()
        service.healthCheck?.command = command
      }),
    .enforced(
      "healthCheck.disabled", "`Healthcheck`: `NONE`, also where berth asks itself",
      read: { reading, service in
        guard reading.stamp.spec.healthCheck?.disabled == true,
          reading.container.config.healthcheck?.test == ["NONE"]
        else { return }
        service.healthCheck = HealthCheck()
        service.healthCheck?.disabled = true
      }),
    .untold(
      "healthCheck.path", "berth asks by the route that reaches the container",
      afterwards: "asked once by each command that looks, such as `berth status`"
    ) { reading, service in
      if service.healthCheck == nil { service.healthCheck = reading.ownCheck }
    },
    .untold(
      "healthCheck.status", "the statuses that berth takes for a success",
      afterwards: "asked once by each command that looks, such as `berth status`"
    ) { _, _ in },
    .untold(
      "healthCheck.headers", "what berth sends with its request",
      afterwards: "asked once by each command that looks, such as `berth status`"
    ) { _, _ in },
    .untold(
      "healthCheck.grpc", "berth asks by the health checking protocol of gRPC",
      afterwards: "asked once by each command that looks, such as `berth status`"
    ) { _, _ in },
    .untold(
      "healthCheck.port", "the port that berth asks; the image's own check is switched off",
      afterwards: "asked once by each command that looks, such as `berth status`"
    ) { _, _ in },
    .check(
      "interval", "how often a service that is not ready yet is asked again",
      afterwards: "the engine, for a check by command only",
      write: { $1.config.healthcheck?.interval = ContainerFields.nanoseconds($0.ofCommand?.interval) },
      read: {
        $0.setOfCommand(&$1, \.interval, ContainerFields.duration($0.check?.interval, else: .seconds(30)))
      }),
    .check(
      "timeout", "how long one check may take",
      afterwards: "the same",
      write: { $1.config.healthcheck?.timeout = ContainerFields.nanoseconds($0.ofCommand?.timeout) },
      read: {
        $0.setOfCommand(&$1, \.timeout, ContainerFields.duration($0.check?.timeout, else: .seconds(30)))
      }),
    .check(
      "retries", "nothing: the first check that passes makes it ready",
      afterwards: "the engine, for a check by command: so many failures make a ready service unready",
      write: { $1.config.healthcheck?.retries = $0.ofCommand?.retries },
      read: { $0.setOfCommand(&$1, \.retries, $0.check?.retries.flatMap { $0 > 0 ? $0 : nil } ?? 3) }),
    .check(
      "startPeriod", "nothing: a check that fails before one passed makes nothing unready",
      afterwards: "the engine, for a check by command: failures within it do not count",
      write: { writing, creation throws(ActionFailure) in
        guard let period = writing.ofCommand?.startPeriod else { return }
        creation.config.healthcheck?.startPeriod = ContainerFields.nanoseconds(period)
      },
      read: {
        $0.setOfCommand(
          &$1, \.startPeriod,
          $0.check?.startPeriod.flatMap { $0 > 0 ? SpecDuration(milliseconds: $0 / 1_000_000) : nil })
      }),
  ]

  private static func startInterval(_ facts: EngineFacts) -> ContainerRow {
    guard let obstacle = facts.obstacles["healthCheck.startInterval"] else {
      return .check(
        "startInterval", "how often a service is asked until a check passes",
        afterwards: "the engine, for a check by command, until its start period is over",
        write: {
          $1.config.healthcheck?.startInterval = ContainerFields.nanoseconds($0.ofCommand?.startInterval)
        },
        read: {
          $0.setOfCommand(
            &$1, \.startInterval,
            $0.check?.startInterval.flatMap { $0 > 0 ? SpecDuration(milliseconds: $0 / 1_000_000) : nil })
        })
    }
    return .untold(
      "healthCheck.startInterval",
      "how often berth asks until a check passes; of a check by command, nothing",
      because: obstacle
    ) { $0.setOfCommand(&$1, \.startInterval, $0.service.healthCheck?.startInterval) }
  }

  // MARK: How it lives

  private static let life: [ContainerRow] = [
    .enforced(
      "restart", "`RestartPolicy`: `always` is `unless-stopped`",
      write: { $1.host.restartPolicy = ContainerFields.restartPolicy(of: $0.service) },
      update: { $1.restartPolicy = ContainerFields.restartPolicy(of: $0) },
      read: { $1.restart = ContainerFields.restart($0.container.host.restartPolicy, stated: $0.stamp.spec) }),
    .enforced(
      "maxRestarts",
      "`MaximumRetryCount` of `RestartPolicy`; the engine counts anew when a container is asked to start",
      update: { $1.restartPolicy = ContainerFields.restartPolicy(of: $0) }, canBeTakenAway: true,
      read: { $1.maxRestarts = ContainerFields.maxRestarts($0.container.host.restartPolicy) }),
    .untold(
      "stopGrace", "said with each stop that berth asks for, in whole seconds, rounded up",
      write: { $1.config.stopTimeout = ContainerFields.seconds($0.service.stopGrace) }
    ) { $1.stopGrace = $0.service.stopGrace },
    .untold("pullPolicy", "berth has the image pulled before it makes a container") {
      $1.pullPolicy = $0.service.pullPolicy
    },
    .untold("dependsOn", "berth starts and stops services in that order") {
      $1.dependsOn = $0.service.dependsOn
    },
  ]
}
