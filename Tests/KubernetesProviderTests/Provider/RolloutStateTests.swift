import KubernetesAPI
import Testing
import Values

@testable import KubernetesProvider

@Suite("How far a controller has come")
struct RolloutStateTests {
  private func controller(
    _ type: ResourceType = .deployments, replicas: Int64 = 2, generation: Int64 = 3, status: JSON
  ) -> KubernetesObject {
    var controller = KubernetesObject(type, name: "shop", namespace: "default")
    controller.metadata["generation"] = .int(generation)
    controller["spec"] = [
      "replicas": .int(replicas),
      "template": ["metadata": ["annotations": [Mark.services: "new"]]],
    ]
    controller["status"] = status
    return controller
  }

  private func pod(
    _ name: String, made: String = "new", ready: Bool = true, revision: String = "r2",
    _ edit: (inout KubernetesObject) -> Void = { _ in }
  ) -> KubernetesObject {
    var pod = KubernetesObject(.pods, name: name, namespace: "default")
    pod.metadata["annotations"] = [Mark.services: .string(made)]
    pod.metadata["labels"] = ["controller-revision-hash": .string(revision)]
    pod["status"] = [
      "phase": "Running", "conditions": [["type": "Ready", "status": ready ? "True" : "False"]],
    ]
    edit(&pod)
    return pod
  }

  private static let settled: JSON = [
    "observedGeneration": 3, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2,
    "updateRevision": "r2",
  ]

  @Test("Every pod is new and ready: it is done")
  func isDone() {
    let pods = [pod("a"), pod("b")]
    #expect(RolloutState(controller: controller(status: Self.settled), pods: pods).isDone)
    #expect(RolloutState(controller: controller(.statefulSets, status: Self.settled), pods: pods).isDone)
  }

  @Test("What the controller has not seen yet, or a pod that is old, keeps it from being done")
  func isNotDone() {
    let pods = [pod("a"), pod("b")]
    let unseen = controller(generation: 4, status: Self.settled)
    #expect(!RolloutState(controller: unseen, pods: pods).isDone)
    let ending = pod("c", made: "old") { $0.metadata["deletionTimestamp"] = "2026-11-30T00:00:00Z" }
    let state = RolloutState(controller: controller(status: Self.settled), pods: pods + [ending])
    #expect(state.isDone && state.going == 1)
    #expect(state.words == "2 of 2 pods are ready, 1 ends")
    let old = [pod("a"), pod("b", revision: "r1")]
    #expect(!RolloutState(controller: controller(.statefulSets, status: Self.settled), pods: old).isDone)
    let unready = [pod("a"), pod("b", ready: false)]
    #expect(!RolloutState(controller: controller(status: Self.settled), pods: unready).isDone)
  }

  @Test("A controller that keeps nothing is done when nothing is left")
  func keepsNothing() {
    let none = controller(replicas: 0, status: ["observedGeneration": 3])
    #expect(RolloutState(controller: none, pods: []).isDone)
    #expect(!RolloutState(controller: none, pods: [pod("a")]).isDone)
  }

  @Test("What is wrong with an old pod keeps no new one from getting ready")
  func oldTroubleCountsNot() {
    let crashed: JSON = [
      "phase": "Running",
      "containerStatuses": [["name": "api", "state": ["waiting": ["reason": "CrashLoopBackOff"]]]],
    ]
    let old = pod("a", made: "old") { $0["status"] = crashed }
    let rolling = controller(status: ["observedGeneration": 3])
    #expect(RolloutState(controller: rolling, pods: [old]).trouble == nil)
    let new = pod("b") { $0["status"] = crashed }
    #expect(RolloutState(controller: rolling, pods: [old, new]).trouble?.object.name == "b")
  }
}
