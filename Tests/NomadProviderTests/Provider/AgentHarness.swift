import NomadAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

@testable import NomadProvider
@testable import ProviderContract

/// What the contract needs of a real agent: shells, as processes of its node or in containers.
struct AgentHarness: ProviderHarness {
  let world: AgentWorld
  var provider: any Provider { world.provider }
  let timeout = Duration.seconds(40)

  func key(_ label: String) -> WorkloadKey { world.key(label) }

  func service(_ name: String, role: Role, version: Int) -> Service {
    if role.isRunToEnd { return shell(name, "echo \(version)", role) }
    // Containers of the test image lack what the contract asks for, and nodes have it.
    let setup = world.driver.runsImages ? "\(Self.printenv); " : ""
    return shell(name, "\(setup)\(Self.signals); echo \(version); \(Self.forever)", role)
  }

  private static let printenv =
    #"printf '#!/bin/sh\neval "[ -n \\"\${$1+x}\\" ]" && eval "echo \\"\$$1\\""\n' >/bin/printenv; chmod +x /bin/printenv"#

  func failingService(_ name: String, role: Role) -> Service {
    shell(name, "echo giving up >&2; exit 3", role)
  }

  /// One with a check that fails, since nothing listens there.
  func unreadyService(_ name: String) -> Service {
    var service = service(name, role: .main, version: 1)
    var (port, check) = (Port(), HealthCheck())
    port.container = 8080
    (check.port, check.interval) = (8080, .seconds(1))
    (service.ports, service.healthCheck) = ([port], check)
    return service
  }

  /// Ends at once when it is asked to, and has a signal by which an end by force is known.
  private static let signals = "trap 'exit 0' TERM; trap '' INT; trap 'exit 9' USR1"
  /// Waits for ever, and hears signals.
  private static let forever = "while :; do sleep 3600 & wait $!; done"

  func shell(_ name: String, _ script: String, _ role: Role = .main) -> Service {
    var service = Service()
    (service.name, service.role) = (name, role)
    if world.driver.runsImages { service.image = TestAgent.image }
    service.command = ["/bin/sh", "-c", script]
    service.stopGrace = .seconds(2)
    return service
  }

  // MARK: Fields

  var engineEdits: [EngineEdit] { [EngineEdit].nomad.filter { !untriedFields.contains($0.path) } }

  /// What the driver refuses, and what takes a device, a network or a plugin that the node lacks.
  var untriedFields: Set<String> {
    var untried = Self.ofPlugins.union(["services.on.nomad.gpuDevice"])
    if !networks.contains("public") { untried.insert("services.ports.on.nomad.hostNetwork") }
    if world.node.hostVolumes["other"] == nil {
      untried.formUnion(["source", "propagation"].map { "services.volumes.on.nomad.\($0)" })
    }
    guard !world.driver.runsImages else { return untried }
    untried.formUnion(["mountPath", "size", "readOnly"].map { "services.volumes.\($0)" })
    // Users are told by the names that nodes have for them.
    untried.insert("services.user")
    let refused = NomadTable.on(world.facts).table.rows.filter { row in
      if case .refused = row.treatment { true } else { false }
    }
    return untried.union(refused.map(\.path))
  }

  private static let ofPlugins = Set(
    ["kind", "accessMode", "attachmentMode", "fsType", "mountFlags"].map { "services.volumes.on.nomad.\($0)" }
  )

  /// The networks that the node names.
  private var networks: [String] {
    (world.node.json.at("NodeResources", "NodeNetworks")?.array ?? []).flatMap { network in
      (network["Addresses"]?.array ?? []).compactMap { $0["Alias"]?.string }
    }
  }

  // MARK: Damage

  func disguise(_ made: Workload, as stamped: Workload, of key: WorkloadKey) async throws -> ObservedService {
    throw ProviderError("a job is what makes services: none is disguised alone")
  }

  func startStranger(_ service: Service, in instance: InstanceID, of key: WorkloadKey) async throws {
    throw ProviderError("nothing is adopted")
  }

  func kill(_ service: String, in instance: InstanceID, of key: WorkloadKey) async throws {
    let id = try await world.allocation(instance, of: key).id
    try await world.client.allocations.signal(id, "SIGUSR1", task: service)
  }

  func kill(_ instance: InstanceID, of key: WorkloadKey) async throws {
    _ = try await world.client.allocations.stop(try await world.allocation(instance, of: key).id)
  }
}
