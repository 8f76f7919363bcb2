import KubernetesAPI
import Planning
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// What the pods of an adopted controller have and the spec does not state.
@Suite("What goes with the pods that are there") struct AdoptionLeavingTests {
  private static let key = WorkloadKey(namespace: "default", name: "shop")

  private static func writing(_ workload: Workload) -> Writing {
    Writing(
      key: key, workload: workload, run: RunID("run"), facts: EngineFacts(kubernetes: MappingCase.older))
  }

  private static func controller(_ workload: Workload) throws -> KubernetesObject {
    ServerDefaults.added(to: try #require(MadeObjects.make(writing(workload)).first))
  }

  private static let workload = AdoptionRuleTests.Case.workload { workload in
    var port = Port()
    port.container = 8080
    var check = HealthCheck()
    (check.path, check.port) = ("/healthz", 8080)
    workload.services[0].ports = [port]
    workload.services[0].healthCheck = check
    workload.services[0].env["LEVEL"] = "info"
  }

  @Test("What berth writes and servers add is all stated") func nothing() throws {
    let made = try #require(MadeObjects.make(Self.writing(Self.workload)).first)
    #expect(AdoptionLeavings(of: try Self.controller(Self.workload), beside: made).paths == [])
  }

  struct Extra: Sendable {
    /// Where it stands below the pod; of containers, in the first one.
    let path: [String]
    let value: JSON
    /// How it is named; `nil` if servers write it.
    let place: String?
  }

  static let extras: [Extra] = [
    Extra(path: ["affinity"], value: ["nodeAffinity": [:]], place: "affinity"),
    Extra(path: ["terminationGracePeriodSeconds"], value: 45, place: nil),
    Extra(
      path: ["containers", "env"], value: [["name": "REGION", "value": "eu"]],
      place: "containers[api].env[REGION]"),
    Extra(
      path: ["containers", "envFrom"], value: [["configMapRef": ["name": "settings"]]],
      place: "containers[api].envFrom"),
    Extra(
      path: ["containers", "volumeMounts"], value: [["name": "config", "mountPath": "/etc/shop"]],
      place: "containers[api].volumeMounts"),
    Extra(
      path: ["containers", "lifecycle"], value: ["preStop": ["exec": ["command": ["sleep"]]]],
      place: "containers[api].lifecycle"),
    Extra(
      path: ["containers", "terminationMessagePath"], value: "/dev/termination-log", place: nil),
  ]

  @Test("What another client wrote besides is named by its place", arguments: extras)
  func something(_ extra: Extra) throws {
    let (path, value) = (extra.path, extra.value)
    let made = try #require(MadeObjects.make(Self.writing(Self.workload)).first)
    var live = try Self.controller(Self.workload)
    let pod = ["spec", "template", "spec"]
    if path[0] == "containers" {
      var containers = live.json[pod + ["containers"]]?.array ?? []
      containers[0][path[1]] =
        path[1] == "env" ? .array((containers[0]["env"]?.array ?? []) + (value.array ?? [])) : value
      live.json[pod + ["containers"]] = .array(containers)
    } else {
      live.json[pod + path] = value
    }
    #expect(AdoptionLeavings(of: live, beside: made).paths == [extra.place].compactMap(\.self))
  }

  @Test("Labels and annotations by which others find the pods are named") func marks() throws {
    let made = try #require(MadeObjects.make(Self.writing(Self.workload)).first)
    var live = try Self.controller(Self.workload)
    live.json[["spec", "selector", "matchLabels"]] = ["app": "shop"]
    live.json[["spec", "template", "metadata", "labels"]] = ["app": "shop", "tier": "front"]
    live.json[["spec", "template", "metadata", "annotations"]] = ["prometheus.io/scrape": "true"]
    #expect(
      AdoptionLeavings(of: live, beside: made).paths == [
        "annotations[prometheus.io/scrape]", "labels[tier]",
      ])
  }

  @Test("A port that a probe calls by its name is read as its number") func namedPorts() throws {
    var shop = ForeignShop()
    shop.container = [
      "ports": [["name": "http", "containerPort": 8080]],
      "readinessProbe": ["httpGet": ["path": "/healthz", "port": "http"]],
    ]
    let objects = AdoptableObjects(
      controller: shop.controller(of: Self.workload.services[0]), pods: [], services: [], claims: [],
      budgets: [])
    let found = AdoptionMarks(objects, Self.writing(Self.workload)).found
    let controller = WorkloadObserver(
      engine: EngineIdentity(provider: "kubernetes", id: "test"), key: Self.key, found: found,
      facts: EngineFacts(kubernetes: MappingCase.older), gaps: []
    ).observation().controller
    let live = try #require(controller?.service("api")?.live.service)
    #expect(live.healthCheck?.port == 8080)
    #expect(live.ports.map(\.container) == [8080])
  }
}
