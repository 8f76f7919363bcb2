import Engine
import KubernetesAPI
import KubernetesTestSupport
import Planning
import Synchronization
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// What runs leave behind that end without success, and what takes it up.
@Suite("Runs that fail or are cut off on a cluster", .serialized, TestCluster.isThere)
struct BrokenRunTests {
  @Test("A run that was refused before it came to the controller does not pause it")
  func refusedRun() async throws {
    try await ShopScene.run { scene in
      try await scene.apply(ShopScene.workload())
      var foreign = KubernetesObject(.services, name: "shop", namespace: scene.world.namespace)
      foreign["spec"] = ["ports": [["port": 80]]]
      _ = try await scene.world.connection.client().objects(.services).create(foreign, RealCluster.options)
      let reached = ShopScene.workload {
        var port = Port()
        port.container = 8080
        ($0.ports, $0.env["VERSION"]) = ([port], "2")
      }
      let result = try await scene.result(of: .spec(reached, services: nil))
      #expect(result.failures.first?.message.contains("the Service shop is in the way") == true)
      #expect(try await !scene.object().isHeld)
      #expect(try await scene.plan(ShopScene.workload()).isEmpty)
    }
  }

  @Test("A failed version is held, and going back keeps the pods that work")
  func goingBack() async throws {
    try await ShopScene.run { scene in
      let version = { (number: Int) in
        var workload = ShopScene.workload(replicas: 2) { $0.env["VERSION"] = "\(number)" }
        if number == 2 { workload.services[0].command = ["/bin/false"] }
        return workload
      }
      try await scene.apply(version(1))
      let pods = try await scene.pods()
      let failed = try await scene.result(of: .spec(version(2), services: nil))
      #expect(failed.outcome == .failed)
      #expect(try await scene.object().isHeld)
      let back = try await scene.perform(.release(nil))
      #expect(back.plan.actions.first?.causes.contains(.unfinished) == true)
      #expect(try await scene.pods() == pods)
      #expect(try await !scene.object().isHeld)
    }
  }

  private func stateful(_ size: String) -> Workload {
    var workload = ShopScene.workload(replicas: 2) { service in
      var volume = Volume()
      (volume.name, volume.mountPath, volume.type) = ("data", "/data", .persistent)
      volume.size = ByteQuantity(size)
      service.volumes = [volume]
    }
    workload.kind = .statefulSet
    return workload
  }

  @Test("A StatefulSet that is gone without its pods is made around them")
  func orphans() async throws {
    try await ShopScene.run { scene in
      try await scene.apply(stateful("10Mi"))
      let pods = try await scene.pods()
      try await scene.delete(.statefulSets, "shop", Deletion(dependents: .orphan))
      while (try? await scene.object(.statefulSets)) != nil {
        try await Task.sleep(for: .milliseconds(100))
      }
      let result = try await scene.apply(stateful("10Mi"))
      #expect(result.plan.actions.map(\.kind) == [.start])
      #expect(result.plan.actions.first?.reason == .isOrphaned)
      #expect(result.plan.actions.first?.isInterruption == false)
      #expect(try await scene.pods() == pods)
      #expect(try await scene.plan(stateful("10Mi")).isEmpty)
      // What is left without its controller is taken away, too.
      try await scene.delete(.statefulSets, "shop", Deletion(dependents: .orphan))
      try await scene.perform(.destroy(volumes: true))
      #expect(try await scene.world.leftovers() == [])
    }
  }

  @Test("An API server that is away for ten seconds in the middle of a run is waited for")
  func outage() async throws {
    try await ShopScene.run { scene in
      try await scene.apply(ShopScene.workload())
      let start = Mutex<ContinuousClock.Instant?>(nil)
      let tap = try await ClusterTap.start(to: try await scene.world.connection.client().access) { request in
        let isOver = start.withLock { start -> Bool in
          // It goes away as soon as the controller is written.
          if start == nil, request.hasPrefix("PATCH"), request.contains("/deployments/") { start = .now }
          return start.map { ContinuousClock.now - $0 > .seconds(10) } ?? true
        }
        return isOver || request.hasPrefix("PATCH") && request.contains("/deployments/") ? .pass : .refuse
      }
      defer { tap.stop() }
      let said = Mutex<[String]>([])
      let result = try await scene.result(
        of: .spec(ShopScene.workload { $0.env["VERSION"] = "2" }, services: nil),
        by: scene.world.provider(through: tap.access)
      ) { event in
        if case .progress(_, let text) = event { said.withLock { $0.append(text) } }
      }
      #expect(result.outcome == .succeeded, "\(result.failures)")
      #expect(said.withLock { $0 }.contains { $0.hasPrefix("waits for the API server") })
    }
  }

  @Test("A class of storage that the target names later is for volumes that come")
  func laterStorageClass() async throws {
    try await ShopScene.run { scene in
      let later = scene.world.provider { ($0.createNamespace, $0.storageClass) = (true, "other") }
      for kind in [WorkloadKind.statefulSet, .deployment] {
        let version = { (number: String) in
          var workload = stateful("10Mi")
          workload.kind = kind
          workload.replicas = 1
          workload.services[0].env["VERSION"] = number
          var before = Service.shell("migrate", "echo \(number) >> /data/log", role: .before)
          before.volumes = workload.services[0].volumes
          if kind == .deployment { workload.services.append(before) }
          return workload
        }
        try await scene.apply(version("1"))
        try await scene.apply(version("2"), by: later)
        let claims = try await scene.world.connection.client().objects(.claims).list(
          in: scene.world.namespace
        )
        .items
        #expect(claims.map { $0.json.at("spec", "storageClassName")?.string } == ["standard"])
        try await scene.perform(.destroy(volumes: true))
      }
    }
  }
}
