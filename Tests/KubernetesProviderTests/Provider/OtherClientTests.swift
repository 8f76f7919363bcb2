import Diagnostics
import KubernetesAPI
import Planning
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// What other clients write into the objects of a workload: what is left to them, what is mended, and what is told.
@Suite("Fields that other clients write on a cluster", .serialized, TestCluster.isThere)
struct OtherClientTests {
  private func annotated(_ text: String?, _ change: (inout Service) -> Void = { _ in }) -> Workload {
    var workload = ShopScene.workload(change)
    if let text { workload.on[KubernetesWorkload.self].annotations = ["example.com/owner": text] }
    return workload
  }

  @Test(
    "A field that another client keeps and the spec states now is refused with names, until it is to be taken over"
  )
  func takingOver() async throws {
    try await ShopScene.run { scene in
      try await scene.apply(annotated(nil))
      let pods = try await scene.pods()
      try await scene.patch(["metadata": ["annotations": ["example.com/owner": "bob"]]])
      // What no spec states is left to it.
      #expect(try await scene.plan(annotated(nil)).isEmpty)
      let error = try await #require(throws: DiagnosticError.self) { try await scene.plan(annotated("ada")) }
      let problem = try #require(error.diagnostics.first { $0.severity == .error })
      #expect(problem.code == .fieldHeld)
      #expect(problem.message.contains("`kubectl-patch` keeps `metadata.annotations[example.com/owner]`"))
      #expect(problem.message.contains("Deployment shop"))
      await #expect(throws: DiagnosticError.self) { try await scene.apply(annotated("ada")) }

      let taken = try await scene.apply(annotated("ada"), takesOwnership: true)
      #expect(taken.plan.notes.contains { $0.code == .fieldTaken })
      #expect(try await scene.object().annotations["example.com/owner"] == "ada")
      #expect(try await scene.pods() == pods)
      #expect(try await scene.plan(annotated("ada")).isEmpty)
    }
  }

  @Test("A field that berth had applied is drift: the client is named, and the field mended")
  func drift() async throws {
    try await ShopScene.run { scene in
      let workload = annotated("ada") { $0.env["LEVEL"] = "info" }
      try await scene.apply(workload)
      try await scene.patch(
        [
          "metadata": ["annotations": ["example.com/owner": "bob"]],
          "spec": [
            "template": [
              "spec": ["containers": [["name": "api", "env": [["name": "LEVEL", "value": "debug"]]]]]
            ]
          ],
        ], as: "kubectl-edit")
      let result = try await scene.apply(workload)
      #expect(result.plan.actions.first?.causes == [.drift])
      #expect(
        result.plan.notes.contains {
          $0.code == .fieldChangedByOther && $0.message.hasPrefix("`kubectl-edit` changed ")
        })
      #expect(try await scene.object().annotations["example.com/owner"] == "ada")
      #expect(try await scene.variable("LEVEL") == "info")
      #expect(try await scene.plan(workload).isEmpty)
    }
  }

  @Test("What no field of the language states is mended, too")
  func unread() async throws {
    try await ShopScene.run { scene in
      try await scene.apply(ShopScene.workload())
      try await scene.patch(["spec": ["template": ["spec": ["enableServiceLinks": true]]]])
      let result = try await scene.apply(ShopScene.workload())
      #expect(
        result.plan.actions.first?.changes.map(\.path) == [
          "services[api].objects.Deployment/shop.spec.template.spec.enableServiceLinks"
        ])
      let spec = try await scene.object().json.at("spec", "template", "spec")
      #expect(spec?["enableServiceLinks"]?.bool == false)
      #expect(try await scene.plan(ShopScene.workload()).isEmpty)
    }
  }

  private var reached: Workload {
    ShopScene.workload {
      var port = Port()
      port.container = 8080
      $0.ports = [port]
    }
  }

  @Test("A Service whose selector leads elsewhere is mended, and no pod is touched")
  func selector() async throws {
    try await ShopScene.run { scene in
      try await scene.apply(reached)
      let pods = try await scene.pods()
      let selector = try await scene.object(.services).json.at("spec", "selector")
      let changes: [JSON] = [["berth/generation": "99"], ["tier": "x"], ["berth/workload": "other"]]
      for change in changes {
        try await scene.patch(["spec": ["selector": change]], of: .services)
        let result = try await scene.apply(reached)
        #expect(result.plan.actions.filter(\.kind.isPerformed).map(\.kind) == [.update])
        #expect(result.plan.actions.first?.causes == [.drift])
        #expect(try await scene.object(.services).json.at("spec", "selector")?.strings == selector?.strings)
      }
      #expect(try await scene.pods() == pods)
      #expect(try await scene.plan(reached).isEmpty)
    }
  }

  @Test("A controller that was paused by hand goes on, and that is what the plan says of it")
  func pausedByHand() async throws {
    try await ShopScene.run { scene in
      try await scene.apply(ShopScene.workload())
      try await scene.patch(["spec": ["paused": true]], as: "kubectl-rollout")
      let result = try await scene.apply(ShopScene.workload())
      #expect(result.plan.actions.map(\.reason) == [.isPausedByHand])
      #expect(result.plan.actions.first?.causes == [.drift])
      #expect(try await scene.object().json.at("spec", "paused")?.bool != true)
      #expect(try await scene.plan(ShopScene.workload()).isEmpty)
    }
  }

  @Test("A number that the spec leaves open is left to the client that scales, also over a change and a stop")
  func openNumber() async throws {
    try await ShopScene.run { scene in
      let open = { (version: String) in ShopScene.workload(replicas: nil) { $0.env["VERSION"] = version } }
      try await scene.apply(open("1"))
      try await scene.patch(["spec": ["replicas": 3]], as: "autoscaler")
      #expect(try await scene.plan(open("1")).isEmpty)
      try await scene.apply(open("2"))
      #expect(try await scene.object().replicas == 3)
      try await scene.patch(["spec": ["replicas": 2]], as: "autoscaler")
      try await scene.perform(.operation(.stop(.all)))
      #expect(try await scene.object().replicas == 0)
      try await scene.perform(.operation(.start(.all)))
      #expect(try await scene.object().replicas == 2)
      #expect(try await scene.plan(open("2")).isEmpty)
    }
  }

  @Test("Stamps that were taken away are written again", arguments: [false, true])
  func lostStamps(_ isAll: Bool) async throws {
    try await ShopScene.run { scene in
      let workload = ShopScene.workload { $0.env["LEVEL"] = "info" }
      try await scene.apply(workload)
      let gone: JSON = ["metadata": ["annotations": [Mark.services: nil]]]
      try await scene.patch(["spec": ["template": gone]])
      if isAll { try await scene.patch(gone) }
      let result = try await scene.apply(workload)
      #expect(result.plan.actions.first?.causes == [.drift])
      #expect(try await scene.object().templateMarks[Mark.services] != nil)
      #expect(try await scene.variable("LEVEL") == "info")
      #expect(try await scene.plan(workload).isEmpty)
    }
  }
}
