import DockerAPI
import Planning
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// How many networks an engine has addresses for.
@Suite struct AddressPoolsTests {
  private static func pools(_ pools: (String, Int)...) throws -> AddressPools {
    AddressPools(
      pools: try pools.map { AddressPools.Pool(base: try #require(AddressBlock($0.0)), size: $0.1) })
  }

  @Test(
    "Blocks are read as engines write them",
    arguments: [
      ("172.17.0.0/16", "172.17.0.0/16"), ("172.17.3.4/16", "172.17.0.0/16"), ("0.0.0.0/0", "0.0.0.0/0"),
      ("10.1.2.3/32", "10.1.2.3/32"), ("255.255.255.255/1", "128.0.0.0/1"), ("10.0.0.0/33", nil),
      ("10.0.0.0", nil), ("10.0.0/8", nil), ("10.0.0.256/8", nil), ("fd00::/64", nil), ("", nil),
      ("a/b", nil),
    ])
  func blocksAreReadAsEnginesWriteThem(text: String, read: String?) {
    #expect(AddressBlock(text)?.description == read)
  }

  @Test("A block ends with its last address") func aBlockEndsWithItsLastAddress() throws {
    #expect(try #require(AddressBlock("172.16.0.0/12")).last == 0xAC1F_FFFF)
    #expect(try #require(AddressBlock("0.0.0.0/0")).last == .max)
    #expect(try #require(AddressBlock("10.1.2.3/32")).last == 0x0A01_0203)
  }

  @Test("An engine has addresses for 31 networks by itself") func anEngineHasAddressesFor31NetworksByItself()
  {
    #expect(AddressPools.builtIn.free(beside: []) == 31)
  }

  @Test(
    "Parts that a network touches are taken",
    arguments: [
      ([], 6), (["10.0.1.0/24"], 5), (["10.0.1.0/24", "10.0.1.0/25"], 5), (["10.0.0.0/23"], 4),
      (["10.0.0.0/8"], 0), (["0.0.0.0/0"], 0), (["192.168.0.0/24"], 6),
      (["10.0.2.128/25", "10.1.0.0/17"], 4),
      (["10.0.0.0/23", "10.0.1.0/24", "10.0.3.0/24"], 3),
    ] as [([String], Int)])
  func partsThatANetworkTouchesAreTaken(used: [String], free: Int) throws {
    let pools = try Self.pools(("10.0.0.0/22", 24), ("10.1.0.0/16", 17), ("10.2.0.0/16", 8))
    let blocks = used.compactMap(AddressBlock.init)
    // A pool whose parts are larger than itself has none.
    #expect(pools.free(beside: blocks) == free)
  }

  @Test("Only what is there at once needs addresses") func onlyWhatIsThereAtOnceNeedsAddresses() {
    let pair = Workload.of(.idle("api"), .idle("proxy", role: .sidecar))
    func count(_ actions: [Action], of workload: Workload? = nil, beside existing: Set<String> = []) -> Int {
      let names = EngineNames(key: WorkloadKey(namespace: "team", name: "shop"))
      return NetworkNeed(of: actions, names) { _ in workload ?? pair }.atOnce(beside: existing)
    }
    func action(_ kind: ActionKind, _ ordinal: Int) -> Action { Action(kind, .instance(InstanceID(ordinal))) }
    func making(_ kind: ActionKind, _ ordinal: Int, _ service: String = "api") -> Action {
      Action(kind, .service(InstanceID(ordinal), service))
    }
    let before: Set = ["team_shop_0", "team_shop_1"]
    #expect(count([]) == 0)
    #expect(count([action(.create, 0), action(.create, 1)]) == 2)
    #expect(
      count(
        [action(.create, 3), action(.delete, 0), action(.create, 4), action(.delete, 1)], beside: before)
        == 1)
    #expect(count([action(.delete, 0), action(.create, 2)], beside: before) == 0)
    // A service that an instance gains needs the network that the instance did without.
    #expect(count([making(.create, 0, "proxy")], beside: before) == 0)
    #expect(count([making(.create, 0, "proxy")]) == 1)

    // Instances of a single service share one.
    let single = Workload.of(.idle("api"))
    let many = (0..<60).flatMap { [action(.create, $0), making(.create, $0)] }
    #expect(count(many, of: single) == 1)
    #expect(count(many, of: single, beside: ["team.instances"]) == 0)
    #expect(count([making(.run, 0)], of: single, beside: ["team.instances"]) == 0)
    // What is adopted stays in its own.
    #expect(count([making(.adopt, 0)], of: single) == 0)
    #expect(count([making(.adopt, 0)], of: pair) == 1)

    // Each workload that is referred to has one.
    let referring = Workload.of(
      .idle("api") { $0.env = ["A": "${host.db/main}", "B": "${host.db/extra} ${host.cache/main}"] })
    #expect(count([making(.create, 0)], of: referring) == 3)
    #expect(count([making(.create, 0)], of: referring, beside: ["team.instances", "team_db_names"]) == 1)
  }

  @Test(
    "An engine that has none left says so",
    arguments: [
      (
        "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
        true
      ),
      ("all predefined address pools have been fully subnetted", true),
      ("network with name x already exists", false),
    ])
  func anEngineThatHasNoneLeftSaysSo(message: String, isExhaustion: Bool) {
    #expect(AddressPools.isExhaustion(DockerError(status: 500, message)) == isExhaustion)
  }
}
