import Diagnostics
import Engine
import KubernetesAPI
import Planning
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// Taking over what another client made on a real cluster: no pod is made anew where nothing differs, and afterwards it is a
/// workload as any.
@Suite("What another client made is adopted", .serialized, TestCluster.isThere) struct AdoptionTests {
  static func workload(_ change: (inout Service) -> Void = { _ in }) -> Workload {
    ShopScene.workload { (service: inout Service) in
      var port = Port()
      port.container = 8080
      service.ports = [port]
      change(&service)
    }
  }

  static func stateful(_ change: (inout Service) -> Void = { _ in }) -> Workload {
    var workload = Self.workload { (service: inout Service) in
      var volume = Volume()
      (volume.name, volume.mountPath, volume.type) = ("data", "/data", .persistent)
      service.volumes = [volume]
      change(&service)
    }
    workload.kind = .statefulSet
    return workload
  }

  private static let port: JSON = ["ports": [["name": "http", "containerPort": 8080]]]

  static func listening(_ shop: ForeignShop) -> ForeignShop {
    var shop = shop
    shop.container = port
    return shop
  }

  @Test(
    "A Deployment goes on with its pods, and is berth's",
    arguments: [listening(ForeignShop()), listening(.ofHelm)])
  func deployment(_ shop: ForeignShop) async throws {
    try await ShopScene.run { scene in
      let workload = Self.workload()
      try await scene.make(shop, of: workload.services[0])
      let pods = try await scene.pods()
      let refusal = try await #require(throws: DiagnosticError.self) { try await scene.plan(workload) }
      #expect(
        refusal.diagnostics.contains { $0.code == .foreignObject && $0.help?.contains("--adopt") == true })

      let plan = try await scene.plan(workload, adopts: true)
      #expect(plan.actions.map(\.id.description) == ["adopt workload", "update workload", "record workload"])
      #expect(plan.interruptions.isEmpty)
      try await scene.apply(workload, adopts: true)
      #expect(try await scene.pods() == pods)
      #expect(try await scene.plan(workload).isEmpty)
      let service = try await scene.object(.services)
      #expect(service.labels[Mark.managedBy] == Mark.berth)
      #expect(
        service.json.at("spec", "selector")?.strings == [Mark.workload: "shop", Mark.generation: "1"])

      // What the spec states from now on wins, and what it does not state goes.
      let changed = Self.workload { $0.env["LEVEL"] = "debug" }
      try await scene.apply(changed)
      #expect(try await scene.pods() != pods)
      #expect(try await scene.variable("LEVEL") == "debug")
      #expect(try await scene.object().json.at("spec", "selector", "matchLabels")?.strings == shop.selector)
      #expect(try await scene.object().annotations[Mark.adopted] == nil)
      #expect(try await scene.plan(changed).isEmpty)
      try await scene.perform(.destroy(volumes: true))
      #expect(try await scene.world.leftovers() == [])
    }
  }

  @Test("What differs is changed after it, and what the spec does not state goes")
  func differing() async throws {
    try await ShopScene.run { scene in
      var shop = Self.listening(.ofHelm)
      shop.container["env"] = [["name": "LEFT", "value": "1"], ["name": "LEVEL", "value": "info"]]
      let workload = Self.workload { $0.env["LEVEL"] = "debug" }
      try await scene.make(shop, of: workload.services[0])
      let plan = try await scene.plan(workload, adopts: true)
      #expect(
        plan.actions.map(\.id.description) == ["adopt workload", "replace workload", "record workload"])
      let replace = try #require(plan.actions.first { $0.kind == .replace })
      #expect(replace.causes == [.spec])
      #expect(replace.changes.map(\.path).contains("services[api].env.LEVEL"))
      let note = try #require(plan.notes.first { $0.code == .goesWithNewPods })
      #expect(
        note.message
          == "the pods of the Deployment shop have what the spec does not state: `annotations[meta.helm.sh/release-name]`, `containers[api].env[LEFT]`, `labels[helm.sh/chart]`"
      )
      try await scene.apply(workload, adopts: true)
      #expect(try await scene.variable("LEVEL") == "debug")
      #expect(try await scene.variable("LEFT") == nil)
      #expect(try await scene.plan(workload).isEmpty)
    }
  }

  @Test("A StatefulSet goes on with its pods and its data") func statefulSet() async throws {
    try await ShopScene.run { scene in
      var shop = Self.listening(.ofHelm)
      shop.isStateful = true
      let workload = Self.stateful()
      try await scene.make(shop, of: workload.services[0])
      let pods = try await scene.pods()
      try await scene.apply(workload, adopts: true)
      #expect(try await scene.pods() == pods)
      #expect(try await scene.plan(workload).isEmpty)
      let claim = try await scene.object(.claims, "data-shop-0")
      #expect(claim.labels[Mark.volume] == "data")

      let changed = Self.stateful { $0.env["LEVEL"] = "debug" }
      try await scene.apply(changed)
      #expect(try await scene.object(.claims, "data-shop-0").uid == claim.uid)
      #expect(try await scene.plan(changed).isEmpty)
      try await scene.perform(.destroy(volumes: true))
      #expect(try await scene.world.leftovers() == [])
    }
  }

  @Test("Other colours come beside it, and it goes") func blueGreen() async throws {
    try await ShopScene.run { scene in
      let shop = Self.listening(ForeignShop())
      var workload = Self.workload()
      workload.labels = ["app": "shop"]
      workload.strategy.type = .blueGreen
      try await scene.make(shop, of: workload.services[0])
      try await scene.apply(workload, adopts: true)
      workload.services[0].env["LEVEL"] = "debug"
      try await scene.apply(workload)
      #expect(try await scene.object(.deployments, "shop--g2").json.at("status", "readyReplicas")?.int == 1)
      #expect(try await scene.pods().count == 1)
      // A port of the Service leads to it by its name.
      let containers = try await scene.object(.deployments, "shop--g2").json.at(
        "spec", "template", "spec", "containers")
      #expect(containers?.element(named: "api")?["ports"]?.array?.first?["name"] == "http")
      #expect(try await scene.plan(workload).isEmpty)
    }
  }

  @Test("Pods of another controller that its labels select, too, are not taken for its own")
  func overlap() async throws {
    try await ShopScene.run { scene in
      let workload = Self.workload()
      let shop = Self.listening(ForeignShop())
      try await scene.make(shop, of: workload.services[0])
      var other = shop.controller(of: workload.services[0], named: "other", in: scene.world.namespace)
      other.json[["spec", "selector", "matchLabels", "track"]] = "canary"
      other.json[["spec", "template", "metadata", "labels", "track"]] = "canary"
      let client = try await scene.world.connection.client()
      _ = try await client.objects(.deployments).create(other, WriteOptions(fieldManager: shop.manager))
      var portless = workload
      portless.services[0].ports = []
      try await scene.apply(portless, adopts: true)
      #expect(try await scene.plan(portless).isEmpty)
      #expect(try await scene.world.provider.observe(scene.key).instances.count == 1)
      #expect(try await scene.object(.deployments, "other").labels[Mark.managedBy] == nil)
    }
  }

  @Test("Without a difference its number is the spec's business, and `stop`, `start` and `scale` work")
  func operators() async throws {
    try await ShopScene.run { scene in
      let workload = Self.workload()
      try await scene.make(Self.listening(.ofHelm), of: workload.services[0])
      try await scene.apply(workload, adopts: true)
      let pods = try await scene.pods()
      try await scene.perform(.scale(2))
      #expect(try await scene.pods().isSuperset(of: pods))
      #expect(try await scene.pods().count == 2)
      #expect(try await scene.world.provider.observe(scene.key).instances.count == 2)
      try await scene.perform(.operation(.stop(.all)))
      #expect(try await scene.pods().isEmpty)
      try await scene.perform(.operation(.start(.all)))
      #expect(try await scene.world.provider.observe(scene.key).isReady)
    }
  }
}
