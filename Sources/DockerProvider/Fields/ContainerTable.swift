import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// What becomes of every field of the language on a Docker engine.
struct ContainerTable: Sendable {
  /// The rows of a service's fields, in the order in which they are written and read.
  let rows: [ContainerRow]

  /// The table of an engine on which everything is enforced that containers can do.
  static let standard = ContainerTable(EngineFacts())

  /// The table of an engine.
  init(_ facts: EngineFacts) {
    rows =
      Self.program + Self.limits(facts) + Self.surroundings + Self.checks + Self.life + Self.onDocker(facts)
  }

  /// All rows, those of the workload itself first.
  var table: FieldTable { FieldTable(Self.workload + rows.map(\.field)) }

  // MARK: Writing and reading

  /// Writes a service into what an engine is asked for.
  func write(_ writing: ContainerWriting, into creation: inout ContainerCreation) throws(ActionFailure) {
    for row in rows { try row.write?(writing, &creation) }
  }

  /// A service as its container has it.
  func read(_ reading: ContainerReading) -> Service {
    var service = Service()
    for row in rows { row.read(reading, &service) }
    return service
  }

  /// What an engine changes while a container runs.
  func update(of service: Service) -> ContainerUpdate {
    var update = ContainerUpdate()
    for row in rows { row.update?(service, &update) }
    return update
  }

  /// What changes of a service cost: what the engine can't change while a container runs needs a new one.
  func impact(of change: ServiceChange) -> ImpactStatement {
    table.impact(of: change) { .canNotChange(fields: $0, engine: .init("Docker", makes: "container")) }
  }

  /// The fields of a service of which the engine is told nothing, by their path in a service.
  func untold(of service: Service) -> Set<String> {
    Set(
      rows.compactMap { $0.field.treatment(with: service.healthCheck).isTold ? nil : $0.field.pathInService })
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
    FieldRow("labels", .enforced(.engine), cost: .replace, "labels of each container"),
    FieldRow("variables", .byBerth, cost: .inPlace, "filled in when the spec is read"),
  ]

  // MARK: What runs

  private static let program: [ContainerRow] = [
    .stamped("name", "part of the container's name, and its name in the instance's network", \.name),
    .stamped(
      "role", "when it starts and what ready means; the engine never restarts what runs to its end", \.role),
    .enforced(
      "image", "`Image`", write: { $1.config.image = $0.service.image },
      read: { $1.image = $0.container.config.image }),
    .enforced(
      "command", "`Entrypoint`; without it, the image's own",
      write: { writing, creation throws(ActionFailure) in
        guard !writing.service.command.isEmpty else { return }
        creation.config.entrypoint = writing.service.command.map(ContainerFields.fill)
      },
      read: { $1.command = ContainerFields.live($0.stamp.spec.command, $0.container.config.entrypoint) }),
    .enforced(
      "args", "`Cmd`",
      write: { writing, creation throws(ActionFailure) in
        guard !writing.service.args.isEmpty else { return }
        creation.config.command = writing.service.args.map(ContainerFields.fill)
      },
      read: { $1.args = ContainerFields.live($0.stamp.spec.args, $0.container.config.command) }),
  ]

  // MARK: What it may use

  private static func limits(_ facts: EngineFacts) -> [ContainerRow] {
    [
      facts.cpuObstacle.map {
        .untold("resources.cpu", "nothing", because: $0) { $1.resources.cpu = $0.service.resources.cpu }
      }
        ?? .enforced(
          "resources.cpu", "`NanoCpus`",
          write: { $1.host.nanoCPUs = ContainerFields.nanoCPUs($0.service.resources) },
          update: { $1.nanoCPUs = ContainerFields.nanoCPUs($0.resources) },
          read: { $1.resources.cpu = ContainerFields.cpu($0.container.host) }),
      facts.memoryObstacle.map {
        .untold("resources.memory", "nothing", because: $0) {
          $1.resources.memory = $0.service.resources.memory
        }
      }
        ?? .enforced(
          "resources.memory", "`Memory`, and `MemorySwap` with the same value",
          write: { writing, creation throws(ActionFailure) in
            creation.host.memory = writing.service.resources.memory?.bytes
            creation.host.memorySwap = creation.host.memory
          },
          update: { service, update in
            update.memory = service.resources.memory?.bytes
            update.memorySwap = update.memory
          }, read: { $1.resources.memory = ContainerFields.memory($0.container.host) }),
      .untold(
        "resources.disk", "nothing", because: "Docker limits no container's file system"
      ) { $1.resources.disk = $0.service.resources.disk },
      .enforced(
        "resources.gpu", "`DeviceRequests` with the capability `gpu`",
        write: { writing, creation throws(ActionFailure) in
          guard let count = writing.service.resources.gpu else { return }
          creation.host.deviceRequests = [DeviceRequest(count: count, capabilities: [["gpu"]])]
        }, read: { $1.resources.gpu = ContainerFields.gpu($0.container.host) }),
    ]
  }

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
      "volumes.name", "`Mounts`, by the name of the engine's volume",
      write: { $1.host.mounts = $0.mounts ?? $0.builder.mounts(of: $0.service) },
      read: { $1.volumes = $0.volumes }),
    .enforced("volumes.mountPath", "`Target` of the mount", read: { _, _ in }),
    .enforced("volumes.type", "part of the name of the engine's volume", read: { _, _ in }),
    .untold(
      "volumes.size", "a label of the volume", because: "Docker does not limit the size of volumes"
    ) { reading, service in
      for index in service.volumes.indices {
        service.volumes[index].size = reading.stated(service.volumes[index])?.size
      }
    },
    .untold("volumes.access", "berth lets one instance after the other write") { reading, service in
      for index in service.volumes.indices {
        service.volumes[index].access = reading.stated(service.volumes[index])?.access ?? .one
      }
    },
    .stamped(
      "secrets.key", "looked up at each apply; a value that moved is seen by a keyed digest", \.secrets),
    .stamped(
      "secrets.type", "a variable, a file put into the container, or what a registry is shown", \.secrets),
    .stamped("secrets.as", "the variable, the path, the registry", \.secrets),
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
    .enforced(
      "annotations", "labels of the container", read: { $1.annotations = $0.texts($0.stamp.spec.annotations) }
    ),
  ]

  // MARK: How it is checked

  private static let checks: [ContainerRow] = [
    .enforced(
      "healthCheck.command", "`Healthcheck`, by `CMD`: berth waits for the engine's word `healthy`",
      write: { $1.config.healthcheck = ContainerFields.healthcheck($0.service.healthCheck) },
      read: { reading, service in
        guard let command = reading.checkCommand else { return }
        service.healthCheck = HealthCheck()
        service.healthCheck?.command = command
      }),
    .untold(
      "healthCheck.path", "berth asks by the route that reaches the container",
      afterwards: "asked once by each command that looks, such as `berth status`"
    ) { reading, service in
      if service.healthCheck == nil { service.healthCheck = reading.ownCheck }
    },
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
  ]

  // MARK: How it lives

  private static let life: [ContainerRow] = [
    .enforced(
      "restart", "`RestartPolicy`: `always` is `unless-stopped`",
      write: { $1.host.restartPolicy = ContainerFields.restartPolicy(of: $0.service) },
      update: { $1.restartPolicy = ContainerFields.restartPolicy(of: $0) },
      read: { $1.restart = ContainerFields.restart($0.container.host.restartPolicy, stated: $0.stamp.spec) }),
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

  // MARK: What only Docker knows

  private static func onDocker(_ facts: EngineFacts) -> [ContainerRow] {
    [
      .enforced(
        "on.docker.domainName", "`Domainname`",
        write: { $1.config.domainName = $0.service.on[DockerService.self].domainName },
        read: { reading, service in
          guard let name = reading.container.config.domainName, !name.isEmpty else { return }
          service.on[DockerService.self].domainName = name
        }),
      facts.cpuObstacle.map {
        .untold("on.docker.cpuShares", "nothing", because: $0) { reading, service in
          guard let shares = reading.service.on[DockerService.self].cpuShares else { return }
          service.on[DockerService.self].cpuShares = shares
        }
      }
        ?? .enforced(
          "on.docker.cpuShares", "`CpuShares`",
          write: { $1.host.cpuShares = ContainerFields.cpuShares($0.service) },
          update: { $1.cpuShares = ContainerFields.cpuShares($0) },
          read: { reading, service in
            guard let shares = reading.container.host.cpuShares, shares > 0 else { return }
            service.on[DockerService.self].cpuShares = Int(shares)
          }),
      .enforced(
        "volumes.on.docker.noCopy", "`NoCopy` of the mount",
        write: { writing, creation throws(ActionFailure) in
          for volume in writing.service.volumes where volume.on[DockerVolume.self].noCopy {
            let target = ContainerFields.fill(volume.mountPath)
            for index in (creation.host.mounts ?? []).indices
            where creation.host.mounts?[index].target == target {
              creation.host.mounts?[index].volumeOptions = MountSpec.VolumeOptions(noCopy: true)
            }
          }
        },
        read: { reading, service in
          for mount in reading.container.host.mounts ?? [] where mount.volumeOptions?.noCopy == true {
            for index in service.volumes.indices
            where ContainerFields.fill(service.volumes[index].mountPath) == mount.target {
              service.volumes[index].on[DockerVolume.self].noCopy = true
            }
          }
        }),
    ]
  }
}
