import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What every provider must do, done by real processes.
@Suite(.serialized) struct LocalProviderContractTests {
  private struct Harness: ProviderHarness {
    let world: LocalWorld
    var provider: any Provider { world.provider }
    let timeout = Duration.seconds(5)

    func service(_ name: String, role: Role, version: Int) -> Service {
      let script = role.isRunToEnd ? "echo \(version)" : "echo \(version); exec sleep 1000"
      return shell(script, name, role)
    }

    func failingService(_ name: String, role: Role) -> Service {
      var service = shell("echo giving up >&2; exit 3", name, role)
      service.restart = .never
      return service
    }

    func unreadyService(_ name: String) -> Service {
      var service = shell("exec sleep 1000", name, .main)
      var check = HealthCheck()
      check.command = ["/bin/false"]
      check.interval = SpecDuration(milliseconds: 100)
      service.healthCheck = check
      return service
    }

    func disguise(_ made: Workload, as stamped: Workload, of key: WorkloadKey) async throws -> ObservedService
    {
      let (id, service) = (InstanceID(0), made.services[0])
      let context = ActionContext(key: key, desired: made, run: RunID("run-1"), timeout: timeout)
      for subject in [ActionSubject.instance(id), .service(id, service.name)] {
        try await provider.perform(Action(.create, subject), in: context)
      }
      let client = try #require(try SupervisorClient.connect(to: world.layout.instance(id, of: key)))
      guard case .record(let record) = try client.ask(.observe) else { throw CancellationError() }
      let builder = DefinitionBuilder(
        layout: world.layout, inherited: [], id: id, context: context, workload: made)
      var definition = try builder.definition(
        of: service, ports: try #require(record.service(service.name)).ports, replacing: nil,
        isKeptStopped: false)
      definition.record.run = "run-2"
      definition.record.spec = stamped.services[0].plain
      definition.record.digest = SpecDigest(of: stamped.services[0], in: nil, on: nil).description
      _ = try client.ask(.put(definition, .replace))
      var seen: ObservedService?
      try await world.eventually("it runs by its new definition") {
        seen = try await provider.observe(key).instance(id)?.service(service.name)
        return seen?.stamp.run == RunID("run-2") && seen?.state == .running
      }
      return try #require(seen)
    }

    func kill(_ service: String, in instance: InstanceID, of key: WorkloadKey) async throws {
      let observed = try await provider.observe(key).instance(instance)?.service(service)
      let process = try #require(observed?.processID)
      try #require(end(pid_t(process)))
    }

    func kill(_ instance: InstanceID, of key: WorkloadKey) async throws {
      let record = try InstanceRecord.read(world.layout.instance(instance, of: key).state)
      let supervisor = try #require(record?.supervisor?.id)
      try #require(end(supervisor))
    }

    private func shell(_ script: String, _ name: String, _ role: Role) -> Service {
      var service = Service()
      service.name = name
      service.role = role
      service.command = ["/bin/sh", "-c", script]
      return service
    }
  }

  @Test("Passes the contract", arguments: ProviderContract.cases)
  func passesTheContract(_ contract: ContractCase) async throws {
    try await withWorld(isReachable: true) { try await contract.run(Harness(world: $0)) }
  }
}

/// Ends a process by force.
private func end(_ process: pid_t) -> Bool { kill(process, SIGKILL) == 0 }
