import KubernetesAPI
import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

@testable import KubernetesProvider

/// What every provider must do, done by a real cluster.
@Suite("The provider's contract, on a cluster", .serialized, TestCluster.isThere) struct ContractTests {
  private struct Harness: ProviderHarness {
    let world: ClusterWorld
    var provider: any Provider { world.provider }
    let timeout = Duration.seconds(40)
    var engineEdits: [EngineEdit] { [EngineEdit].kubernetes.filter { !untriedFields.contains($0.path) } }

    /// What the test cluster can't have, or has nothing else for: other classes of priority and storage, other accounts,
    /// load balancers, processors for graphics, files of its node; and Docker's words.
    let untriedFields: Set = [
      "on.kubernetes.serviceAccount", "on.kubernetes.priorityClass", "on.kubernetes.sourceRanges",
      "services.on.kubernetes.runAsNonRoot", "services.on.kubernetes.seccompProfile",
      "services.on.kubernetes.gpuResource", "services.on.kubernetes.resources",
      "services.volumes.on.kubernetes.storageClass", "services.volumes.on.kubernetes.accessMode",
      "services.volumes.on.kubernetes.hostPathType", "services.volumes.on.kubernetes.propagation",
      "services.ports.on.kubernetes.nodePort",
      "services.security.selinux", "services.security.seccomp", "services.security.apparmor",
    ]

    func key(_ label: String) -> WorkloadKey { world.key(label) }

    func service(_ name: String, role: Role, version: Int) -> Service {
      role.isRunToEnd
        ? .shell(name, "echo \(version)", role: role)
        : .idle(name, saying: "\(version)") { $0.role = role }
    }

    func failingService(_ name: String, role: Role) -> Service {
      .shell(name, "echo giving up >&2; exit 3", role: role)
    }

    func unreadyService(_ name: String) -> Service {
      .idle(name) { service in
        var check = HealthCheck()
        check.command = ["/bin/false"]
        check.interval = .seconds(1)
        service.healthCheck = check
      }
    }

    func disguise(_ made: Workload, as stamped: Workload, of key: WorkloadKey) async throws -> ObservedService
    {
      throw ProviderError("a template is what makes services: none is disguised alone")
    }

    /// As another client makes it: with labels of its own, rolled as a workload of the contract is.
    func startStranger(_ service: Service, in instance: InstanceID, of key: WorkloadKey) async throws {
      try await ShopScene(world: world, name: key.name).make(.ofContract, of: service)
    }

    /// A signal that the shell does not ignore, as the first process of its container.
    func kill(_ service: String, in instance: InstanceID, of key: WorkloadKey) async throws {
      let client = try await world.connection.client()
      _ = try await client.pods.exec(
        ExecCommand(command: ["kill", "-USR1", "1"], container: service), pod: pod(instance, of: key),
        in: key.namespace
      ) { session in
        for try await _ in session.output {}
      }
    }

    func kill(_ instance: InstanceID, of key: WorkloadKey) async throws {
      let client = try await world.connection.client()
      try await client.objects(.pods).delete(
        pod(instance, of: key), in: key.namespace, Deletion(graceSeconds: 0))
    }

    private func pod(_ instance: InstanceID, of key: WorkloadKey) -> String {
      instance.name ?? "\(key.name)-\(instance.place)"
    }
  }

  @Test("A case of the contract", arguments: ProviderContract.cases)
  func passesTheContract(_ contract: ContractCase) async throws {
    try await TestCluster.withWorld { world in
      try await contract.run(Harness(world: world))
      #expect(try await world.leftovers() == [])
    }
  }
}
