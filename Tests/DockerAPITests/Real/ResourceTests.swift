import DockerAPI
import Testing

// Skipped where BERTH_TEST_DOCKER_HOST names no engine.
@Suite(.enabled(if: RealEngine.isThere)) struct ResourceTests {
  @Test("An engine says what it is") func anEngineSaysWhatItIs() async throws {
    let docker = try await RealEngine.connect()
    #expect(docker.version >= .oldest && docker.version <= .newest)
    let version = try await docker.system.version()
    #expect(APIVersion(version.api) ?? .oldest >= docker.version)
    #expect(version.system == "linux")
    let info = try await docker.system.info()
    #expect(!info.id.isEmpty)
    #expect(info.processors ?? 0 > 0)
    #expect(info.limitsMemory != nil)
  }

  @Test("Containers find each other in a network") func containersFindEachOtherInANetwork() async throws {
    let docker = try await RealEngine.connect()
    let name = RealEngine.uniqueName()
    let id = try await docker.networks.create(NetworkCreation(name: name, labels: ["berth-test": name]))
    await #expect { try await docker.networks.create(NetworkCreation(name: name)) } throws: {
      ($0 as? DockerError)?.isConflict == true
    }
    #expect(try await docker.networks.list(filters: ["label": ["berth-test=\(name)"]]).map(\.id) == [id])
    try await RealEngine.withContainer(
      docker, command: ["sleep", "1000"],
      change: { creation in
        creation.host.networkMode = name
        creation.networks = [name: EndpointConfig(aliases: ["api"])]
      }
    ) { container in
      let endpoint = try #require(try await docker.containers.inspect(container).network.networks?[name])
      #expect(endpoint.networkID == id)
      #expect(endpoint.aliases?.contains("api") == true)
      #expect(try await docker.networks.inspect(name).containers?.keys.contains(container) == true)
      try await docker.networks.disconnect(id, container: container)
      #expect(try await docker.networks.inspect(id).containers?.isEmpty == true)
      try await docker.networks.connect(id, container: container, as: EndpointConfig(aliases: ["again"]))
      #expect(
        try await docker.containers.inspect(container).network.networks?[name]?.aliases?.contains("again")
          == true)
    }
    try await docker.networks.remove(id)
    await #expect { try await docker.networks.inspect(id) } throws: {
      ($0 as? DockerError)?.isNotFound == true
    }
  }

  @Test("A volume is made once") func aVolumeIsMadeOnce() async throws {
    let docker = try await RealEngine.connect()
    let name = RealEngine.uniqueName()
    let made = try await docker.volumes.create(VolumeCreation(name: name, labels: ["berth-test": name]))
    #expect(made.name == name)
    #expect(made.driver == "local")
    let again = try await docker.volumes.create(VolumeCreation(name: name, labels: ["berth-test": "other"]))
    #expect(again.labels == ["berth-test": name])
    #expect(try await docker.volumes.list(filters: ["label": ["berth-test=\(name)"]]).map(\.name) == [name])
    try await RealEngine.withContainer(
      docker, command: ["sh", "-c", "echo kept > /data/file"],
      change: { $0.host.mounts = [MountSpec(source: name, target: "/data")] }
    ) { id in
      let container = try await docker.containers.inspect(id)
      #expect(container.mounts?.first?.name == name)
      await #expect { try await docker.volumes.remove(name) } throws: {
        ($0 as? DockerError)?.isConflict == true
      }
    }
    try await docker.volumes.remove(name)
    await #expect { try await docker.volumes.inspect(name) } throws: {
      ($0 as? DockerError)?.isNotFound == true
    }
    try await docker.volumes.remove(name, force: true)
  }
}
