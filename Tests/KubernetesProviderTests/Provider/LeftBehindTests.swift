import KubernetesAPI
import Testing
import Values

@testable import KubernetesProvider

@Suite("Pods that are only left behind")
struct LeftBehindTests {
  private func pod(_ phase: String, of owner: String) -> KubernetesObject {
    var pod = KubernetesObject(.pods, name: "shop-1", namespace: "default")
    pod["status"] = ["phase": .string(phase)]
    pod.metadata["ownerReferences"] = [["kind": .string(owner), "controller": true]]
    return pod
  }

  @Test("An evicted pod that its ReplicaSet has replaced is no part of a rollout; one of a stateful set is")
  func leftBehind() {
    #expect(pod("Failed", of: "ReplicaSet").isLeftBehind)
    #expect(pod("Succeeded", of: "ReplicaSet").isLeftBehind)
    #expect(!pod("Running", of: "ReplicaSet").isLeftBehind)
    #expect(!pod("Failed", of: "StatefulSet").isLeftBehind)

    let controller = KubernetesObject(.deployments, name: "shop", namespace: "default")
    let state = RolloutState(
      controller: controller, pods: [pod("Failed", of: "ReplicaSet"), pod("Running", of: "ReplicaSet")])
    #expect(state.pods.count == 1)
  }
}
