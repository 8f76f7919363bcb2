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
  ///
  /// - Parameter lateness: how long what tasks write takes to come to the files of their node.
  static func with(
    _ version: FakeVersion = .v1_10, _ target: NomadTarget = NomadTarget(), lateness: Duration = .zero,
    _ body: (FakeWorld) async throws -> Void
  ) async throws {
    var node = FakeNode("node-1")
    node.hostVolumes = ["contract": false, "other": false]
    node.hostNetworks = ["public"]
    node.devices = ["nvidia/gpu": 1, "amd/gpu": 1]
    let cluster = FakeNomad(
      version: version, nodes: [node], pace: FakePace(start: .milliseconds(3), scale: 20))
    cluster.addNamespace("another")
    cluster.addPluginVolume("contract")
    cluster.onExec { FakeCommands.script($0, variables: ["CONTRACT": "a value"]) }
    let agent = try await FakeAgent.listen(cluster)
    let speaking = Task { await FakeVoices(cluster: cluster, lateness: lateness).speak() }
    defer {
      speaking.cancel()
      agent.stop()
    }
    var options = NomadOptions()
    options.address = agent.address
    let access = try NomadAccess.resolve(options, environment: [:], source: "a test")
    let connection = NomadConnection(target) { try await NomadClient.connect(to: access) }
    // Servers without variables need a store elsewhere.
    let store: any ReleaseStore =
      version == .v1_1 ? MemoryStore() : RegisterStore(VariableRegisters(connection: connection))
    try await body(
      FakeWorld(
        cluster: cluster, agent: agent,
        provider: NomadProvider(connection: connection, store: store, target: target)))
  }
}

/// Has each task write a line, as soon as it is there.
private struct FakeVoices: Sendable {
  let cluster: FakeNomad
  let lateness: Duration

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
            try? await Task.sleep(for: lateness)
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
  let engineEdits = [EngineEdit].nomad
  let untriedFields: Set<String> = []

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
    let client = try await world.provider.connection.client()
    try await client.allocations.restart(try await allocation(instance, of: key), task: service)
  }

  func kill(_ instance: InstanceID, of key: WorkloadKey) async throws {
    let client = try await world.provider.connection.client()
    _ = try await client.allocations.stop(try await allocation(instance, of: key))
  }

  private func allocation(_ instance: InstanceID, of key: WorkloadKey) async throws -> String {
    let client = try await world.provider.connection.client()
    let found = try await client.jobs.allocations(of: key.name).value.first {
      !$0.isTerminal && JobNames.instance($0.id, $0.number, .deployment) == instance
    }
    guard let found else { throw ProviderError("there is no instance \(instance)") }
    return found.id
  }
}

/// What the commands of the contract do in a task of a cluster in memory.
enum FakeCommands {
  static func script(_ call: FakeExec, variables: [String: String]) -> FakeExecScript {
    switch call.command.first {
    case "cat": return .echo
    case "test": return .ends(call.isTerminal ? 0 : 1)
    case "printenv":
      let value = call.command.last.flatMap { variables[$0] }
      return .ends(value == nil ? 1 : 0, output: value.map { "\($0)\n" } ?? "")
    case "sh": return .ends(call.command.last?.split(separator: " ").last.flatMap { Int($0) } ?? 0)
    // As the driver raw_exec of 1.1.2 refuses what it can't find, and a shell does when it is asked for it.
    case "/bin/sh": return .ends(127)
    case let program:
      return .fails(
        "rpc error: code = Unknown desc = failed to start command: exec: \"\(program ?? "")\": executable file not found in $PATH"
      )
    }
  }
}
