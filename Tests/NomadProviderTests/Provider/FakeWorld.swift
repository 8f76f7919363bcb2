import NomadAPI
import NomadFake
import Planning
import ProviderContract
import ProviderKit
import WorkloadSpec

@testable import NomadProvider

/// A cluster in memory with a provider of it.
struct FakeWorld: Sendable {
  let cluster: FakeNomad
  let agent: FakeAgent
  let provider: NomadProvider

  /// Runs something with a cluster that ends with it.
  static func with(
    _ version: FakeVersion = .v1_10, _ target: NomadTarget = NomadTarget(),
    _ body: (FakeWorld) async throws -> Void
  ) async throws {
    let cluster = FakeNomad(version: version, pace: FakePace(start: .milliseconds(3), scale: 20))
    cluster.addNamespace("another")
    let agent = try await FakeAgent.listen(cluster)
    let speaking = Task { await FakeVoices(cluster: cluster).speak() }
    defer {
      speaking.cancel()
      agent.stop()
    }
    var options = NomadOptions()
    options.address = agent.address
    let access = try NomadAccess.resolve(options, environment: [:], source: "a test")
    let connection = NomadConnection(target) { try await NomadClient.connect(to: access) }
    let store = RegisterStore(VariableRegisters(connection: connection))
    try await body(
      FakeWorld(
        cluster: cluster, agent: agent,
        provider: NomadProvider(connection: connection, store: store, target: target)))
  }
}

/// Has each task write a line, as soon as it is there.
private struct FakeVoices: Sendable {
  let cluster: FakeNomad

  func speak() async {
    var heard: Set<String> = []
    while !Task.isCancelled {
      let jobs = Set(
        cluster.requests.compactMap { request -> String? in
          let parts = request.path.split(separator: "/")
          return parts.count > 2 && parts[1] == "job" ? String(parts[2]) : nil
        })
      for job in jobs {
        for allocation in cluster.running(job) {
          guard let id = allocation["ID"]?.string else { continue }
          for task in allocation["TaskStates"]?.members ?? [] where heard.insert("\(id) \(task.key)").inserted
          {
            cluster.write("a word of \(task.key)\n", allocation: id, task: task.key)
          }
        }
      }
      try? await Task.sleep(for: .milliseconds(10))
    }
  }
}

/// What the contract needs of a cluster in memory: what becomes of tasks is told by their names.
struct FakeHarness: ProviderHarness {
  let world: FakeWorld
  var provider: any Provider { world.provider }
  /// Shorter than what a job has until Nomad gives it up.
  let timeout = Duration.seconds(10)
  var engineEdits: [EngineEdit] { [EngineEdit].nomad.filter { !untriedFields.contains($0.path) } }
  /// What needs a node that has it.
  let untriedFields: Set<String> = [
    "services.on.nomad.gpuDevice", "on.nomad.constraints", "on.nomad.network", "on.nomad.spreads",
    "services.ports.on.nomad.hostNetwork", "services.volumes.on.nomad.kind",
    "services.volumes.on.nomad.source", "services.volumes.on.nomad.accessMode",
    "services.volumes.on.nomad.attachmentMode", "services.volumes.on.nomad.fsType",
    "services.volumes.on.nomad.mountFlags", "services.volumes.on.nomad.propagation",
    "services.security.seccomp",
  ]

  func key(_ label: String) -> WorkloadKey { WorkloadKey(name: label) }

  func service(_ name: String, role: Role, version: Int) -> Service {
    world.cluster.script(task: name, role.isRunToEnd ? .exits(0) : .runs)
    return made(name, role, "version \(version)")
  }

  func failingService(_ name: String, role: Role) -> Service {
    world.cluster.script(task: name, .exits(3, after: .milliseconds(60)))
    return made(name, role, "failing")
  }

  func unreadyService(_ name: String) -> Service {
    world.cluster.script(task: name, .neverHealthy)
    return made(name, .main, "unready")
  }

  private func made(_ name: String, _ role: Role, _ argument: String) -> Service {
    var service = Service()
    (service.name, service.role) = (name, role)
    service.image = "busybox:local"
    service.command = ["/bin/\(name)", argument]
    service.stopGrace = .seconds(2)
    return service
  }

  func disguise(_ made: Workload, as stamped: Workload, of key: WorkloadKey) async throws -> ObservedService {
    throw ProviderError("a job is what makes services: none is disguised alone")
  }

  func startStranger(_ service: Service, in instance: InstanceID, of key: WorkloadKey) async throws {
    throw ProviderError("nothing is adopted")
  }

  func kill(_ service: String, in instance: InstanceID, of key: WorkloadKey) async throws {
    throw ProviderError("nothing ends tasks of a cluster in memory")
  }

  func kill(_ instance: InstanceID, of key: WorkloadKey) async throws {
    throw ProviderError("nothing ends allocations of a cluster in memory")
  }
}
