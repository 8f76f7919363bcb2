import DockerAPI
import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// What every provider must do, done by a real engine.
@Suite(.serialized, TestEngine.isThere) struct ContractTests {
  private struct Harness: ProviderHarness {
    let world: DockerWorld
    var provider: any Provider { world.provider }
    let timeout = Duration.seconds(8)
    var engineEdits: [EngineEdit] { Self.edits }

    private static let edits = [
      EngineEdit(
        "services.on.docker.domainName", { $0.services[0].on[DockerService.self].domainName = "one.test" },
        { $0.services[0].on[DockerService.self].domainName = "two.test" }),
      EngineEdit(
        "services.on.docker.cpuShares", { $0.services[0].on[DockerService.self].cpuShares = 512 },
        { $0.services[0].on[DockerService.self].cpuShares = 256 }),
      EngineEdit(
        "services.volumes.on.docker.noCopy", { _ in },
        { $0.services[0].volumes[0].on[DockerVolume.self].noCopy = true }),
      EngineEdit(
        "services.volumes.on.docker.propagation", { bind(&$0, .rprivate) }, { bind(&$0, .private) }),
      text("ipc", \.ipc, "private", "shareable"), text("pid", \.pid, nil, "host"),
      text("uts", \.uts, nil, "host"), text("userns", \.userns, nil, "host"),
      text("cgroupns", \.cgroupns, "private", "host"),
      text("macAddress", \.macAddress, "02:42:0a:00:00:02", "02:42:0a:00:00:03"),
      EngineEdit(
        "services.on.docker.deviceRules",
        { $0.services[0].on[DockerService.self].deviceRules = ["c 13:* rmw"] },
        { $0.services[0].on[DockerService.self].deviceRules = ["c 14:* rmw"] }),
    ]

    /// The first is of the storage of images, the others of the version and the settings of the control groups.
    let untriedFields: Set = Set(
      ["storage", "cgroupParent", "swappiness", "blockWeight", "oomKillDisabled"].map {
        "services.on.docker." + $0
      })

    private static func text(
      _ name: String, _ member: WritableKeyPath<DockerService, String?> & Sendable, _ first: String?,
      _ second: String
    ) -> EngineEdit {
      EngineEdit(
        "services.on.docker." + name, { $0.services[0].on[DockerService.self][keyPath: member] = first },
        { $0.services[0].on[DockerService.self][keyPath: member] = second })
    }

    private static func bind(_ workload: inout Workload, _ propagation: MountPropagation) {
      workload.services[0].volumes[0].type = .bind
      workload.services[0].volumes[0].source = "/usr"
      workload.services[0].volumes[0].on[DockerVolume.self].propagation = propagation
    }

    func key(_ label: String) -> WorkloadKey { WorkloadKey(namespace: world.namespace, name: label) }

    func service(_ name: String, role: Role, version: Int) -> Service {
      .shell(
        name, "\(Self.printenv); echo \(version)" + (role.isRunToEnd ? "" : "; \(Service.idling)"), role: role
      )
    }

    /// What the contract asks for and the test image lacks.
    private static let printenv =
      #"printf '#!/bin/sh\neval "[ -n \\"\${$1+x}\\" ]" && eval "echo \\"\$$1\\""\n' >/bin/printenv; chmod +x /bin/printenv"#

    func failingService(_ name: String, role: Role) -> Service {
      .shell(name, "echo giving up >&2; exit 3", role: role) { $0.restart = .never }
    }

    func unreadyService(_ name: String) -> Service {
      .idle(name) { service in
        var check = HealthCheck()
        check.command = ["/bin/false"]
        check.interval = SpecDuration(milliseconds: 100)
        service.healthCheck = check
      }
    }

    func disguise(_ made: Workload, as stamped: Workload, of key: WorkloadKey) async throws -> ObservedService
    {
      let (id, service, client) = (InstanceID(0), made.services[0], try await world.connection.client())
      func builder(_ workload: Workload) -> ContainerBuilder {
        ContainerBuilder(
          workload: workload, id: id,
          context: ActionContext(key: key, desired: workload, run: RunID("run-1"), timeout: timeout),
          table: .standard)
      }
      try await provider.perform(Action(.create, .instance(id)), in: builder(made).context)
      let mounts = try await VolumeSupply(client: client, context: builder(made).context).mounts(
        of: service, in: id, made, image: try await client.images.inspect(service.image ?? ""))
      var creation = try builder(made).container(of: service, mounts: mounts)
      let stamp = builder(stamped).stamp(of: stamped.services[0])
      creation.config.labels?.merge(stamp.labels.filter { $0.key.hasPrefix(Label.prefix) }) { $1 }
      let name = EngineNames(key: key).container(of: service.name, in: id)
      let container = try await client.containers.create(named: name, creation).id
      try await ContainerFiles(client: client).put(
        builder(made).files(of: service), of: service, into: container
      ) { nil }
      return try #require(try await provider.observe(key, deeply: true).instance(id)?.service(service.name))
    }

    func startStranger(_ service: Service, in instance: InstanceID, of key: WorkloadKey) async throws {
      let client = try await world.connection.client()
      var creation = ContainerCreation(config: ContainerConfig(), host: HostConfig())
      creation.config.image = service.image
      creation.config.entrypoint = service.command
      creation.config.command = service.args.isEmpty ? nil : service.args
      creation.host.restartPolicy = ContainerFields.restartPolicy(of: service)
      let name = EngineNames(key: key).container(of: service.name, in: instance)
      let container = try await client.containers.create(named: name, creation).id
      try await client.containers.start(container)
    }

    func kill(_ service: String, in instance: InstanceID, of key: WorkloadKey) async throws {
      let client = try await world.connection.client()
      try await client.containers.kill(EngineNames(key: key).container(of: service, in: instance))
    }

    /// Takes the network away, and leaves the containers where they are; of an instance that has none for itself, the containers.
    func kill(_ instance: InstanceID, of key: WorkloadKey) async throws {
      let client = try await world.connection.client()
      let name = EngineNames(key: key).network(of: instance)
      guard let network = try await ifFound({ try await client.networks.inspect(name) }) else {
        for container in try await StampedContainers(client: client, key: key).list(of: instance) {
          try await client.containers.remove(container.summary.id, force: true)
        }
        return
      }
      for container in (network.containers ?? [:]).keys {
        try await client.networks.disconnect(network.id, container: container, force: true)
      }
      try await client.networks.remove(network.id)
    }
  }

  @Test("Passes the contract", arguments: ProviderContract.cases)
  func passesTheContract(_ contract: ContractCase) async throws {
    try await withDocker { world in
      try await contract.run(Harness(world: world))
      // The history and the key of digests stay, as they should.
      let leftovers = try await world.leftovers().filter { !$0.hasPrefix(world.storeNames.prefix + ".") }
      #expect(leftovers == [])
    }
  }
}

/// What every store must do, done on a real engine. Each opening is a new store object on one history.
@Suite(.serialized, TestEngine.isThere) struct StoreContractTests {
  private struct Harness: StoreHarness {
    let world: DockerWorld
    func open() async throws -> any ReleaseStore { world.openStore() }
  }

  @Test("Passes the contract", arguments: StoreContract.cases)
  func passesTheContract(_ contract: StoreCase) async throws {
    try await withDocker { try await contract.run(Harness(world: $0)) }
  }
}
