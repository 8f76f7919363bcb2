import Planning
import ProviderKit
import Testing
import Values

@testable import KubernetesAPI
@testable import KubernetesProvider

@Suite("What pods use") struct PodUsageTests {
  @Test(
    "quantities are read as a cluster writes them",
    arguments: [
      ("12345678n", 0.012345678), ("250m", 0.25), ("3", 3), ("15u", 0.000015), ("1Ki", 1024),
      ("128Mi", 134_217_728),
      ("2G", 2e9), ("1e3", 1000), ("0", 0),
    ])
  func readsQuantities(_ text: String, _ number: Double) throws {
    let read = try #require(MeasuredQuantity.read(text))
    #expect(abs(read - number) <= number * 1e-9)
  }

  @Test("what is no quantity is none", arguments: ["", "x", "12x", "-1", "Ki"])
  func refusesOthers(_ text: String) { #expect(MeasuredQuantity.read(text) == nil) }

  private let pod: JSON = [
    "metadata": ["name": "shop-1", "namespace": "default", "labels": ["berth/workload": "shop"]],
    "spec": ["containers": [["name": "api", "resources": ["limits": ["memory": "64Mi"]]], ["name": "log"]]],
    "status": ["containerStatuses": [["name": "api", "state": ["running": [:]]]]],
  ]

  private func reader(_ cluster: FakeCluster, refusing status: Int? = nil) async throws -> PodUsageReader {
    let client = try await cluster.client { request in
      guard let status, request.path.contains("metrics.k8s.io") else { return .pass }
      return .refuse(status, FakeObjects.refusal(status, "NotFound", "no such API").1)
    }
    return PodUsageReader(client: client, namespace: "default", selection: RealPods.selection) {
      InstanceID(name: $0.name)
    }
  }

  @Test("each container's memory and processors are told, with its limit")
  func reads() async throws {
    let cluster = try await FakeCluster.start()
    defer { cluster.stop() }
    cluster.objects.put("pods/default/shop-1", pod)
    // The fake keeps what is measured beside the pods.
    let reader = try await reader(cluster)
    var measured = pod
    measured["timestamp"] = "2026-11-30T01:02:03Z"
    measured["containers"] = [
      ["name": "api", "usage": ["cpu": "12500000n", "memory": "2048Ki"]],
      ["name": "log", "usage": ["cpu": "0", "memory": "1Mi"]],
    ]
    cluster.objects.put("pods/default/shop-1", measured)
    let usage = try await reader.read()
    #expect(usage.map(\.service) == ["api", "log"])
    #expect(usage[0].memory == 2 << 20)
    #expect(usage[0].memoryLimit == 64 << 20)
    #expect(usage[1].memoryLimit == nil)
    #expect(usage[0].processorsBusy(since: nil) == 0.0125)
    #expect(usage[0].cpuTime == nil)
  }

  @Test("a cluster that measures nothing says so, and of nothing that runs nothing is used")
  func tellsWhatIsMissing() async throws {
    let cluster = try await FakeCluster.start()
    defer { cluster.stop() }
    let reader = try await reader(cluster, refusing: 404)
    #expect(try await reader.read() == [])
    cluster.objects.put("pods/default/shop-1", pod)
    let error = await #expect(throws: ProviderError.self) { try await reader.read() }
    #expect(error?.message.contains("metrics.k8s.io") == true)
    #expect(error?.help?.contains("metrics-server") == true)
  }
}
