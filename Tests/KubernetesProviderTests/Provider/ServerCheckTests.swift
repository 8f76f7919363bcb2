import Diagnostics
import Engine
import KubernetesAPI
import Planning
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// Plans for which the cluster's dry run is asked.
@Suite("What a cluster's dry run says of plans", .serialized, TestCluster.isThere)
struct ServerCheckTests {
  private func reached(at number: Int, version: String = "1") -> Workload {
    var workload = ShopScene.workload {
      var port = Port()
      port.container = 8080
      port.on[KubernetesPort.self].nodePort = number
      ($0.ports, $0.env["VERSION"]) = ([port], version)
    }
    workload.on[KubernetesWorkload.self].serviceType = .nodePort
    return workload
  }

  private func plan(_ workload: Workload, _ scene: ShopScene) async throws -> Plan {
    var request = scene.request(.spec(workload, services: nil))
    request.asksEngine = true
    return try await EngineReader(reader: scene.world.provider, target: "kube").plan(request)
  }

  @Test("What the cluster would refuse is an error of the plan, and nothing is made")
  func refused() async throws {
    try await ShopScene.run { scene in
      let client = try await scene.world.connection.client()
      try await NamespaceSupply.make(scene.world.namespace, on: client)
      var taken = KubernetesObject(.services, name: "other", namespace: scene.world.namespace)
      taken["spec"] = ["type": "NodePort", "ports": [["port": 80]]]
      let made = try await client.objects(.services).create(taken, RealCluster.options)
      let number = try #require(made.json.at("spec", "ports")?.array?.first?["nodePort"]?.int)
      let error = try await #require(throws: DiagnosticError.self) {
        try await plan(reached(at: Int(number)), scene)
      }
      let problem = try #require(error.diagnostics.first { $0.severity == .error })
      #expect(problem.code == .serverRefuses)
      #expect(problem.message.contains("Service shop") && problem.message.contains("already allocated"))
      #expect(try await scene.world.leftovers() == [])
    }
  }

  @Test("What the cluster would take is planned as without it")
  func accepted() async throws {
    try await ShopScene.run { scene in
      #expect(try await plan(ShopScene.workload(), scene).notes.contains { $0.code == .providerNote })
      try await scene.apply(ShopScene.workload())
      let changed = ShopScene.workload(replicas: 2) { $0.env["VERSION"] = "2" }
      let (asked, unasked) = (try await plan(changed, scene), try await scene.plan(changed))
      #expect(asked.notes.map(\.code) == unasked.notes.map(\.code))
      #expect(asked.actions.map(\.id) == unasked.actions.map(\.id))
      #expect(try await scene.variable("VERSION") == nil)
      #expect(try await scene.object().replicas == 1)
    }
  }
}
