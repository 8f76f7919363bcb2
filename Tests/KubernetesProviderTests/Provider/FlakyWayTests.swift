import Diagnostics
import Engine
import KubernetesAPI
import KubernetesTestSupport
import Planning
import ProviderContract
import ProviderKit
import Secrets
import Synchronization
import Testing
import WorkloadSpec

@testable import KubernetesProvider

/// Commands that reach a real cluster by a way with faults come to a good end or to a clear error; and what comes after them
/// gets to the same end as without them, with nothing left over.
@Suite("A way with faults to a real cluster", .enabled(if: RealCluster.isThere, RealCluster.skipped))
struct FlakyWayTests {
  /// A workload without secrets, which changes in its template, its ConfigMap and its Service. Without a node no pod would
  /// come: there are to be none.
  private func workload(_ version: Int) -> Workload {
    var file = ConfigFile()
    (file.name, file.path, file.content) = ("app", "/etc/app.conf", "version = \(version)\n")
    var port = Port()
    port.container = 8080 + version
    var workload = Workload.of(
      .idle("api", saying: "\(version)") { ($0.configFiles, $0.ports) = ([file], [port]) })
    (workload.name, workload.replicas) = ("shop", RealCluster.hasNode ? 1 : 0)
    return workload
  }

  /// What reaches the cluster by a way.
  private struct Client {
    let provider: KubernetesProvider
    let store: RegisterStore<ClusterRegisters>
    let key: WorkloadKey

    init(_ connection: ClusterConnection, _ key: WorkloadKey) {
      store = RegisterStore(ClusterRegisters(createsNamespaces: true, connection))
      var target = KubernetesTarget()
      target.createNamespace = true
      provider = KubernetesProvider(connection: connection, store: store, target: target)
      self.key = key
    }

    func perform(_ goal: Goal) async throws -> RunResult {
      let options = EngineOptions(lockTimeout: .seconds(90), timeout: .seconds(90))
      return try await Engine(
        provider: provider, target: "kube", options: options, secrets: SecretResolvers([])
      ).apply(WorkloadRequest(key: key, goal: goal))
    }

    func plan(_ workload: Workload) async throws -> Plan {
      try await EngineReader(reader: provider, target: "kube", secrets: SecretResolvers([])).plan(
        WorkloadRequest(key: key, goal: .spec(workload, services: nil)))
    }
  }

  @Test("ends well or with a clear error, and the next apply mends it", arguments: FlakyWay.allCases)
  func isMended(_ way: FlakyWay) async throws {
    try await TestCluster.withWorld { world in
      let direct = Client(world.connection, world.key("shop"))
      let writes = Mutex(0)
      let judge = way.judge(seed: way.rawValue.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
      let tap = try await ClusterTap.start(to: try await world.connection.client().access) { request in
        if !request.hasPrefix("GET ") { writes.withLock { $0 += 1 } }
        // What it is is asked once by each command, and where that fails nothing has begun.
        return request == "GET /version" ? .pass : judge(request)
      }
      defer { tap.stop() }
      let flaky = { Client(world.provider(through: tap.access).connection, direct.key) }

      try await attempt("the first apply") { try await flaky().perform(.spec(workload(1), services: nil)) }
      try await reach(1, by: direct, world)
      try await attempt("an apply") { try await flaky().perform(.spec(workload(2), services: nil)) }
      try await reach(2, by: direct, world)
      let before = writes.withLock { $0 }
      do { #expect(try await !flaky().plan(workload(1)).isEmpty) } catch { check(error, "a plan") }
      #expect(writes.withLock { $0 } == before, "a plan writes nothing")
      try await attempt("a rollback") { try await flaky().perform(.release(1)) }
      try await reach(1, by: direct, world)
      try await attempt("a destroy") { try await flaky().perform(.destroy(volumes: true)) }
      _ = try await direct.perform(.destroy(volumes: true))
      #expect(
        try await world.leftovers().filter {
          !$0.hasPrefix("ConfigMap berth.") && !$0.hasPrefix("Secret berth.")
        } == [])
    }
  }

  /// Applies a version by the straight way, and looks whether all is as if there had been nothing else.
  private func reach(_ version: Int, by direct: Client, _ world: ClusterWorld) async throws {
    let result = try await direct.perform(.spec(workload(version), services: nil))
    #expect(result.failures.map(\.message) == [])
    #expect(result.outcome == .succeeded || result.outcome == .nothingToDo)
    #expect(try await direct.plan(workload(version)).isEmpty)
    #expect(try await direct.store.unreferred(of: direct.key) == [])
    let releases = try await direct.store.releases(of: direct.key, before: nil, limit: 100)
    #expect(releases.first?.snapshot?.services.first?.configFiles.first?.content == "version = \(version)\n")
    #expect(releases.map(\.number) == (1...releases.count).reversed())
    let there = try await world.leftovers()
    #expect(there.filter { $0.hasPrefix("Deployment ") } == ["Deployment shop"])
    #expect(there.filter { $0.hasPrefix("Service ") } == ["Service shop"])
    // The config of the revision before stays, so that the cluster can go back to it.
    #expect(there.count { $0.hasPrefix("ConfigMap shop--") } <= 2, "\(there)")
  }

  /// Does something that may fail, and says why.
  private func attempt(_ what: String, _ body: () async throws -> RunResult) async throws {
    do {
      for failure in try await body().failures { check(failure.message, what) }
    } catch {
      check(error, what)
    }
  }

  private func check(_ error: any Error, _ what: String) {
    guard let error = error as? DiagnosticError else {
      Issue.record("\(what): \(type(of: error)) is no diagnostic: \(error)")
      return
    }
    for diagnostic in error.diagnostics where diagnostic.severity == .error {
      check(diagnostic.message, what)
    }
  }

  /// Words of layers below, which tell a reader nothing.
  private static let foreign = ["NIO", "HTTPClient", "DecodingError", "Domain=", "Swift.", "Optional("]

  private func check(_ message: String, _ what: String) {
    #expect(message.count > 10, "\(what): \(message)")
    #expect(!Self.foreign.contains { message.contains($0) }, "\(what): \(message)")
  }
}
