import Diagnostics
import Engine
import Planning
import ProviderContract
import Testing
import WorkloadSpec

/// The limit of instances of a namespace.
@Suite struct InstanceLimitTests {
  let bench = Bench()

  private func workload(_ name: String, _ replicas: Int?) -> Workload {
    var workload = Workload()
    workload.name = name
    workload.replicas = replicas
    var service = Service()
    service.name = "main"
    service.command = ["/bin/main"]
    workload.services = [service]
    return workload
  }

  private func request(_ name: String, _ replicas: Int?, in namespace: String = "team-a") -> WorkloadRequest {
    WorkloadRequest(
      key: WorkloadKey(namespace: namespace, name: name), goal: .spec(workload(name, replicas), services: nil)
    )
  }

  private func apply(_ request: WorkloadRequest) async throws { _ = try await bench.engine().apply(request) }

  private func preview(_ maximum: Int) -> EngineReader {
    EngineReader(
      reader: bench.provider, target: "prod", secrets: SecretResolvers([]),
      limit: InstanceLimit(maximum, target: "prod"))
  }

  private func refusal(_ request: WorkloadRequest, _ preview: EngineReader) async throws -> Diagnostic? {
    do {
      _ = try await preview.plan(request)
      return nil
    } catch let error as DiagnosticError {
      return error.diagnostics.first { $0.severity == .error }
    }
  }

  @Test("All workloads of the namespace count") func allWorkloadsOfTheNamespaceCount() async throws {
    try await apply(request("till", 3))
    try await apply(request("unset", nil))
    try await apply(request("elsewhere", 50, in: "team-b"))
    #expect(try await refusal(request("shop", 6), preview(10)) == nil)
    let problem = try #require(try await refusal(request("shop", 7), preview(10)))
    #expect(problem.code == .instanceLimit)
    #expect(
      problem.message
        == "the namespace `team-a` of `prod` may have 10 instances: there are 4, and there would be 11")
    #expect(problem.help?.contains("`replicas: 6`") == true)
    let full = try await refusal(request("shop", 1), preview(4))
    #expect(full?.help?.contains("scale something down") == true)
  }

  @Test("What adds nothing is never refused") func whatAddsNothingIsNeverRefused() async throws {
    try await apply(request("shop", 5))
    for replicas in [5, 4, 0, nil] as [Int?] {
      #expect(try await refusal(request("shop", replicas), preview(2)) == nil)
    }
    #expect(try await refusal(request("shop", 6), preview(2)) != nil)
    let key = WorkloadKey(namespace: "team-a", name: "shop")
    #expect(try await refusal(WorkloadRequest(key: key, goal: .scale(6)), preview(2)) != nil)
    #expect(try await refusal(WorkloadRequest(key: key, goal: .destroy(volumes: false)), preview(2)) == nil)
    // An instance that died is made anew even where there is less room now than there was.
    bench.provider.meddle { world in world.remove(InstanceID(4), of: key) }
    #expect(try await refusal(request("shop", 5), preview(2)) == nil)
  }

  @Test("What is destroyed does not count") func whatIsDestroyedDoesNotCount() async throws {
    try await apply(request("till", 3))
    try await apply(
      WorkloadRequest(key: WorkloadKey(namespace: "team-a", name: "till"), goal: .destroy(volumes: false)))
    #expect(try await refusal(request("shop", 3), preview(3)) == nil)
  }

  @Test("What one command plans counts together") func whatOneCommandPlansCountsTogether() async throws {
    let preview = preview(5)
    #expect(try await refusal(request("a", 3), preview) == nil)
    #expect(try await refusal(request("a", 3), preview) == nil)
    let problem = try await refusal(request("b", 3), preview)
    #expect(problem?.message.contains("there are 3, and there would be 6") == true)
    #expect(try await refusal(request("c", 2), preview) == nil)
  }
}
