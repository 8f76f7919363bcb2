import Diagnostics
import KubernetesAPI
import Planning
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

@Suite("Whose fields of objects are")
struct HeldFieldsTests {
  private let facts = EngineFacts(kubernetes: MappingCase.older)

  private func shop(_ change: (inout Workload) -> Void = { _ in }) -> Workload {
    var service = Service()
    (service.name, service.image, service.env) = ("api", "shop/api:1", ["LEVEL": "info"])
    var workload = Workload()
    (workload.name, workload.replicas, workload.services) = ("shop", 3, [service])
    change(&workload)
    return workload
  }

  /// The controller as berth applied it, with fields that another client has changed since.
  private func controller(
    _ manager: String, _ fields: JSON, subresource: String = "", _ change: (inout KubernetesObject) -> Void
  ) throws -> KubernetesObject {
    var controller = try WorkloadObjects(.test(shop(), facts)).controller
    change(&controller)
    controller.metadata["managedFields"] = [
      ["manager": .string(manager), "operation": "Update", "fieldsV1": fields],
      [
        "manager": "kube-controller-manager", "operation": "Update",
        "fieldsV1": ["f:status": ["f:replicas": [:]]],
      ],
    ]
    return controller
  }

  private func observation(_ controller: KubernetesObject) -> Observation {
    var found = FoundObjects()
    found.add(controller)
    return WorkloadObserver(
      engine: EngineIdentity(provider: "kubernetes", id: "test"), key: MappingCase.key(of: shop()),
      found: found,
      facts: facts, gaps: []
    ).observation()
  }

  private func findings(_ workload: Workload, _ controller: KubernetesObject) -> [Diagnostic] {
    HeldFieldRule(facts: facts).findings(
      on: workload, as: MappingCase.key(of: workload), given: observation(controller))
  }

  private static let variable: JSON = [
    "f:spec": [
      "f:template": [
        "f:spec": [
          "f:containers": [
            "k:{\"name\":\"api\"}": ["f:env": ["k:{\"name\":\"LEVEL\"}": [".": [:], "f:value": [:]]]]
          ]
        ]
      ]
    ]
  ]

  @Test("What was applied and changed since is named, and no error")
  func changedSince() throws {
    let controller = try controller("kubectl-edit", Self.variable) { controller in
      let path = ["spec", "template", "spec", "containers"]
      var containers = controller.json[path]?.array ?? []
      containers[0]["env"] = .array(
        (containers[0]["env"]?.array ?? []).map {
          $0["name"]?.string == "LEVEL" ? ["name": "LEVEL", "value": "debug"] : $0
        })
      controller.json[path] = .array(containers)
    }
    let held = observation(controller).heldFields
    #expect(held.map(\.manager) == ["kubectl-edit"] && held.map(\.wasApplied) == [true])
    let findings = findings(shop(), controller)
    #expect(findings.map(\.code) == [.fieldChangedByOther])
    #expect(
      findings.first?.message
        == "`kubectl-edit` changed `spec.template.spec.containers[api].env[LEVEL].value` of the Deployment shop since berth applied it"
    )
    // What the spec says now is what the other client has said.
    #expect(self.findings(shop { $0.services[0].env["LEVEL"] = "debug" }, controller).isEmpty)
  }

  @Test("What the spec states from now on and another client keeps is an error")
  func keptByOther() throws {
    let fields: JSON = ["f:metadata": ["f:annotations": ["f:example.com/owner": [:]]]]
    let controller = try controller("helm", fields) {
      $0.json[["metadata", "annotations", "example.com/owner"]] = "bob"
    }
    #expect(findings(shop(), controller).isEmpty)
    let stated = shop { $0.on[KubernetesWorkload.self].annotations = ["example.com/owner": "ada"] }
    let findings = findings(stated, controller)
    #expect(findings.map(\.code) == [.fieldHeld])
    #expect(
      findings.first?.message
        == "`helm` keeps `metadata.annotations[example.com/owner]` of the Deployment shop, and the spec states another value"
    )
  }

  @Test(
    "A number that an autoscaler writes is its own, and one that a person wrote is drift",
    arguments: [
      ("kube-controller-manager", DiagnosticCode.fieldHeld), ("kubectl-patch", .fieldChangedByOther),
    ])
  func replicas(_ manager: String, _ code: DiagnosticCode) throws {
    let controller = try controller(manager, ["f:spec": ["f:replicas": [:]]]) {
      $0.json[["spec", "replicas"]] = 5
    }
    let findings = findings(shop(), controller)
    #expect(findings.map(\.code) == [code])
    #expect(
      (code == .fieldHeld)
        == findings.first?.message.hasPrefix("an autoscaler sets `spec.replicas` of the Deployment shop"))
    #expect(self.findings(shop { $0.replicas = 5 }, controller).isEmpty)
  }
}
