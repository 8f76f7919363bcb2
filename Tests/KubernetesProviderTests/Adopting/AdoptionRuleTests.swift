import Diagnostics
import KubernetesAPI
import Planning
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// What keeps a foreign object from being adopted: each with words that say what to do.
@Suite("What is not adopted on a cluster") struct AdoptionRuleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var shop = ForeignShop()
    var services: [KubernetesObject] = []
    var workload = Self.workload { _ in }
    /// What the message says, and the help.
    let message: String
    let help: String

    var testDescription: String { name }

    static func workload(_ change: (inout Workload) -> Void) -> Workload {
      var service = Service()
      (service.name, service.image, service.command) = ("api", "shop/api:1", ["/bin/api"])
      var workload = Workload.of(service)
      workload.name = "shop"
      change(&workload)
      return workload
    }
  }

  private static func shop(_ change: (inout ForeignShop) -> Void) -> ForeignShop {
    var shop = ForeignShop()
    change(&shop)
    return shop
  }

  private static func service(_ change: (inout KubernetesObject) -> Void) -> KubernetesObject {
    var service = ForeignShop().service()
    change(&service)
    return service
  }

  static let cases: [Case] = [
    Case(
      name: "berth's own label among the selector",
      shop: shop { $0.selector = ["app.kubernetes.io/managed-by": "Helm"] },
      message:
        "the Deployment shop can't be adopted: it selects its pods by the label `app.kubernetes.io/managed-by`, which berth writes itself and no server changes",
      help: "have it made anew: delete it, and apply without `--adopt`"),
    Case(
      name: "expressions",
      shop: shop { $0.spec = ["selector": ["matchExpressions": [["key": "app", "operator": "Exists"]]]] },
      message: "the Deployment shop can't be adopted: it selects its pods by expressions, and not by labels",
      help: "have it made anew: delete it, and apply without `--adopt`"),
    Case(
      name: "another value of a label by which pods are selected",
      workload: Case.workload { $0.labels = ["app": "web"] },
      message:
        "the Deployment shop can't be adopted: it selects its pods by `app: shop`, which no server changes, and the spec says `web`",
      help: "write `labels: {app: shop}`"),
    Case(
      name: "a container that no service is",
      shop: shop { $0.pod = ["containers": [["name": "envoy", "image": "envoy:1"]]] },
      message:
        "the Deployment shop can't be adopted: its pods have a container `envoy`, and the spec has no service of that name",
      help: "call the service as its container is called, or write one down for it"),
    Case(
      name: "data in a claim that the spec does not mount",
      shop: shop {
        $0.pod = ["volumes": [["name": "files", "persistentVolumeClaim": ["claimName": "shop-files"]]]]
        $0.container = ["volumeMounts": [["name": "files", "mountPath": "/files"]]]
      },
      message:
        "the Deployment shop can't be adopted: its data at /files is in the claim `shop-files`, and the pods that are made next would begin without it",
      help:
        "write it down: `volumes: [{name: files, mountPath: /files, type: external, source: shop-files}]`"),
    Case(
      name: "a change that is not rolled out",
      shop: shop { $0.status = ["observedGeneration": 2, "replicas": 2, "updatedReplicas": 0] },
      message:
        "the Deployment shop can't be adopted: its template was changed, and its pods are not made from it yet",
      help:
        "let it go on (`kubectl rollout resume`, or delete the pods of a StatefulSet that waits for that), or take the change back"
    ),
    Case(
      name: "a Service of another type", services: [service { $0.json[["spec", "type"]] = "NodePort" }],
      message: "the Service shop can't be adopted: it is a NodePort, and the spec makes it a ClusterIP",
      help: "write `on: {kubernetes: {serviceType: NodePort}}` at the workload"),
    Case(
      name: "a Service of other pods",
      services: [service { $0.json[["spec", "selector"]] = ["app": "other"] }],
      message:
        "the Service shop can't be adopted: it leads to pods that shop does not make, and would lead to those of `shop` alone",
      help: "give the workload another name, or the Service"),
    Case(
      name: "a port that leads elsewhere",
      services: [service { $0.json[["spec", "ports"]] = [["port": 8080, "targetPort": 9000]] }],
      workload: Case.workload { workload in
        var port = Port()
        port.container = 8080
        workload.services[0].ports = [port]
      },
      message:
        "the Service shop can't be adopted: its port 8080 leads to 9000 of the pods, and the spec's leads to 8080",
      help: "state the port of the container that it leads to, or rename the Service"),
    Case(
      name: "a template of claims that the spec does not state",
      shop: shop { $0.isStateful = true },
      workload: Case.workload { $0.kind = .statefulSet },
      message:
        "the StatefulSet shop can't be adopted: its pods keep data in claims of the template `data`, and those that are made next would begin without it",
      help: "write it down: `volumes: [{name: data, mountPath: /data, type: persistent}]`"),
  ]

  private func problems(
    _ shop: ForeignShop, _ workload: Workload, pods: [JSON] = [], services: [KubernetesObject] = []
  ) -> [Diagnostic] {
    var controller = shop.controller(of: workload.services[0])
    if let selector = shop.spec["selector"] { controller.json[["spec", "selector"]] = selector }
    return AdoptionRules(
      objects: AdoptableObjects(
        controller: controller, pods: pods.map { .init($0) }, services: services, claims: [], budgets: []),
      workload: workload, key: WorkloadKey(namespace: "default", name: "shop")
    ).problems
  }

  @Test("It is refused", arguments: cases) func isRefused(_ one: Case) {
    let problems = problems(one.shop, one.workload, services: one.services)
    #expect(problems.map(\.message) == [one.message])
    #expect(problems.map(\.help) == [one.help])
    #expect(problems.allSatisfy { $0.code == .cannotAdopt })
  }

  @Test("What the spec states as it is, is adopted") func isNotRefused() {
    let shop = Self.shop {
      $0.pod = ["volumes": [["name": "files", "persistentVolumeClaim": ["claimName": "shop-files"]]]]
      $0.container = ["volumeMounts": [["name": "files", "mountPath": "/files"]]]
    }
    let workload = Case.workload { workload in
      var volume = Volume()
      (volume.name, volume.mountPath, volume.type, volume.source) = (
        "files", "/files", .external, "shop-files"
      )
      workload.services[0].volumes = [volume]
      workload.labels = ["app": "shop"]
    }
    #expect(problems(shop, workload).isEmpty)
  }

  @Test("Not in the middle of a rollout, but one that was broken off is gone on with") func rollouts() {
    let old: JSON = ["metadata": ["labels": ["pod-template-hash": "1"]]]
    let new: JSON = ["metadata": ["labels": ["pod-template-hash": "2"]]]
    #expect(
      problems(ForeignShop(), Case.workload { _ in }, pods: [old, new]).map(\.help) == [
        "wait until all of its pods are of one revision"
      ])
    let marked: JSON = ["metadata": ["labels": ["pod-template-hash": "2", "berth/workload": "shop"]]]
    #expect(problems(ForeignShop(), Case.workload { _ in }, pods: [old, marked]).isEmpty)
  }

  @Test("Not what another controller keeps writing") func owned() {
    var controller = ForeignShop().controller(of: Case.workload { _ in }.services[0])
    controller.metadata["ownerReferences"] = [
      ["kind": "Shop", "name": "mine", "controller": true, "uid": "1"]
    ]
    let problems = AdoptionRules(
      objects: AdoptableObjects(controller: controller, pods: [], services: [], claims: [], budgets: []),
      workload: Case.workload { _ in }, key: WorkloadKey(namespace: "default", name: "shop")
    ).problems
    #expect(problems.map(\.message) == ["the Deployment shop can't be adopted: the Shop mine keeps it"])
  }
}
