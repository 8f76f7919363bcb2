import DockerAPI
import Testing

// Skipped where BERTH_TEST_DOCKER_HOST names no engine.
@Suite(.enabled(if: RealEngine.isThere)) struct ContainerTests {
  @Test("Lives from creation to removal") func livesFromCreationToRemoval() async throws {
    let docker = try await RealEngine.connect()
    let name = RealEngine.uniqueName()
    var creation = ContainerCreation()
    creation.config.image = RealEngine.image
    creation.config.command = ["sleep", "1000"]
    creation.config.environment = ["GREETING=good day"]
    creation.config.labels = ["berth-test": name]
    creation.config.exposedPorts = ["8080/tcp": EmptyObject()]
    creation.config.healthcheck = HealthcheckConfig(
      test: ["CMD", "true"], interval: 1_000_000_000, timeout: 1_000_000_000, retries: 2)
    creation.config.stopSignal = "SIGKILL"
    creation.config.stopTimeout = 3
    creation.host.memory = 64 << 20
    creation.host.memorySwap = 64 << 20
    creation.host.nanoCPUs = 500_000_000
    creation.host.restartPolicy = RestartPolicy(name: "on-failure", maximumRetries: 4)
    creation.host.portBindings = ["8080/tcp": [PortBinding(address: "127.0.0.1")]]
    creation.host.tmpfs = ["/scratch": "size=1m"]

    let id = try await docker.containers.create(named: name, creation).id
    let created = try await docker.containers.inspect(name)
    #expect(created.id == id)
    #expect(created.name == name)
    #expect(created.state.status == "created")
    #expect(created.state.startedAt == .never)
    #expect(created.config.command == ["sleep", "1000"])
    #expect(created.config.environment?.contains("GREETING=good day") == true)
    #expect(created.config.healthcheck == creation.config.healthcheck)
    #expect(created.config.stopTimeout == 3)
    #expect(created.host.memory == 64 << 20)
    #expect(created.host.nanoCPUs == 500_000_000)
    #expect(created.host.restartPolicy == creation.host.restartPolicy)
    #expect(created.host.tmpfs == ["/scratch": "size=1m"])

    await #expect { try await docker.containers.create(named: name, creation) } throws: {
      ($0 as? DockerError)?.isConflict == true
    }

    #expect(try await docker.containers.start(id))
    #expect(try await docker.containers.start(id) == false)
    let running = try await docker.containers.inspect(id)
    #expect(running.state.running)
    #expect(running.state.startedAt ?? .never > running.created)
    #expect(running.network.ports?["8080/tcp"]??.first?.port.flatMap(Int.init) ?? 0 > 0)
    #expect(running.network.networks?["bridge"]?.address?.isEmpty == false)

    let listed = try await docker.containers.list(filters: ["label": ["berth-test=\(name)"]])
    #expect(listed.map(\.id) == [id])
    #expect(listed.first?.names == [name])
    #expect(listed.first?.state == "running")

    try await docker.containers.update(
      id, ContainerUpdate(memory: 32 << 20, memorySwap: 32 << 20, restartPolicy: RestartPolicy(name: "no")))
    let updated = try await docker.containers.inspect(id)
    #expect(updated.host.memory == 32 << 20)
    #expect(updated.host.nanoCPUs == 500_000_000)
    #expect(updated.host.restartPolicy?.name == "no")

    #expect(try await docker.containers.top(id).rows?.count == 1)
    let stats = try await docker.containers.stats(id)
    #expect(stats.memory.limit == 32 << 20)
    #expect(stats.memory.working ?? 0 > 0)

    try await docker.containers.rename(id, to: name + "-old")
    #expect(try await docker.containers.inspect(id).name == name + "-old")

    #expect(try await docker.containers.stop(id, grace: 0))
    #expect(try await docker.containers.stop(id, grace: 0) == false)
    let stopped = try await docker.containers.inspect(id)
    #expect(stopped.state.status == "exited")
    #expect(stopped.state.exitCode == 137)

    try await docker.containers.remove(id)
    await #expect { try await docker.containers.inspect(id) } throws: {
      ($0 as? DockerError)?.isNotFound == true
    }
  }

  @Test("Its end is not missed") func itsEndIsNotMissed() async throws {
    let docker = try await RealEngine.connect()
    try await RealEngine.withContainer(docker, command: ["sh", "-c", "exit 7"], starting: false) { id in
      let end = try await docker.containers.wait(id, until: .nextExit)
      try await docker.containers.start(id)
      #expect(try await end.exitCode() == 7)
    }
  }
}
