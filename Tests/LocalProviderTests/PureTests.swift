import Planning
import TestSupport
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

/// What can be said without a process.
@Suite struct PureTests {
  @Test(
    "Folders stand for instances",
    arguments: [
      ("default_shop_0", InstanceID(0)), ("default_shop_12_g3", InstanceID(12, generation: 3)),
      ("default_shop_00", nil), ("default_shop_0_g0", nil), ("default_shop_0_3", nil),
      ("default_shop_-1", nil), ("default_shop_0_g1_x", nil), ("default_shop", nil), ("default_shop2_0", nil),
      (".new_default_shop_0", nil),
    ])
  func foldersStandForInstances(name: String, expected: InstanceID?) {
    let layout = Layout(home: "/h")
    let key = WorkloadKey(name: "shop")
    #expect(layout.instanceID(name, of: key) == expected)
    if let expected { #expect(layout.instance(expected, of: key).path == "/h/instances/\(name)") }
  }

  // MARK: Ports

  private func port(_ container: Int, host: Int? = nil) -> Port {
    var port = Port()
    port.container = container
    port.host = host
    return port
  }

  @Test("Ports are pinned kept or free") func portsArePinnedKeptOrFree() {
    let kept = [AssignedPort(container: 80, transport: .tcp, host: 20_100)]
    func assign(_ ports: [Port], taken: Set<Int> = [], isFree: (Int) -> Bool = { _ in true }) -> [Int]? {
      PortAssignment.assign(ports, kept: kept, taken: taken, seed: "x") { port, _ in isFree(port) }?
        .map(\.host)
    }
    #expect(assign([port(80, host: 8080)]) == [8080])
    #expect(assign([port(80)]) == [20_100])
    // What is kept need not look free: the service itself may still be using it.
    #expect(assign([port(80)], isFree: { $0 != 20_100 }) == [20_100])
    #expect(assign([port(80)], taken: [20_100]) != [20_100])
    #expect(assign([port(80), port(90, host: 20_100)])?.first != 20_100)
    let several = assign((1...50).map { port($0) }) ?? []
    #expect(Set(several).count == 50)
    #expect(several.allSatisfy { PortAssignment.assignable.contains($0) })
    #expect(assign([port(81)], isFree: { _ in false }) == nil)
    #expect(assign([port(81)]) == assign([port(81)]))
  }

  // MARK: Dependencies

  @Test("A sidecar comes after main unless main waits for it")
  func aSidecarComesAfterMainUnlessMainWaitsForIt() {
    var api = Service.script("api", "x")
    api.dependsOn = ["cache"]
    var cache = Service.script("cache", "x", role: .sidecar)
    cache.dependsOn = ["db"]
    let db = Service.script("db", "x", role: .sidecar)
    let proxy = Service.script("proxy", "x", role: .sidecar)
    let workload = Workload.of(api, cache, db, proxy)
    func dependencies(_ service: Service) -> [String] {
      DefinitionBuilder.dependencies(of: service, in: workload)
    }
    #expect(dependencies(api) == ["cache"])
    #expect(dependencies(cache) == ["db"])
    #expect(dependencies(db) == [])
    #expect(dependencies(proxy) == ["api"])
  }
}
