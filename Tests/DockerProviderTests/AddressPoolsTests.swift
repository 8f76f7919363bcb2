import DockerAPI
import Planning
import Testing

@testable import DockerProvider

/// How many networks an engine has addresses for.
@Suite struct AddressPoolsTests {
  private static func pools(_ pools: (String, Int)...) throws -> AddressPools {
    AddressPools(
      pools: try pools.map { AddressPools.Pool(base: try #require(AddressBlock($0.0)), size: $0.1) })
  }

  @Test(arguments: [
    ("172.17.0.0/16", "172.17.0.0/16"), ("172.17.3.4/16", "172.17.0.0/16"), ("0.0.0.0/0", "0.0.0.0/0"),
    ("10.1.2.3/32", "10.1.2.3/32"), ("255.255.255.255/1", "128.0.0.0/1"), ("10.0.0.0/33", nil),
    ("10.0.0.0", nil), ("10.0.0/8", nil), ("10.0.0.256/8", nil), ("fd00::/64", nil), ("", nil), ("a/b", nil),
  ])
  func blocksAreReadAsEnginesWriteThem(text: String, read: String?) {
    #expect(AddressBlock(text)?.description == read)
  }

  @Test func aBlockEndsWithItsLastAddress() throws {
    #expect(try #require(AddressBlock("172.16.0.0/12")).last == 0xAC1F_FFFF)
    #expect(try #require(AddressBlock("0.0.0.0/0")).last == .max)
    #expect(try #require(AddressBlock("10.1.2.3/32")).last == 0x0A01_0203)
  }

  @Test func anEngineHasAddressesFor31NetworksByItself() {
    #expect(AddressPools.builtIn.free(beside: []) == 31)
  }

  @Test(
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

  @Test func onlyWhatIsThereAtOnceNeedsAddresses() {
    func action(_ kind: ActionKind, _ ordinal: Int) -> Action { Action(kind, .instance(InstanceID(ordinal))) }
    #expect(Obstacles.networksAtOnce(in: []) == 0)
    #expect(Obstacles.networksAtOnce(in: [action(.create, 0), action(.create, 1)]) == 2)
    #expect(
      Obstacles.networksAtOnce(in: [
        action(.create, 3), action(.delete, 0), action(.create, 4), action(.delete, 1),
      ])
        == 1)
    #expect(Obstacles.networksAtOnce(in: [action(.delete, 0), action(.create, 1)]) == 0)
    #expect(Obstacles.networksAtOnce(in: [Action(.create, .service(InstanceID(0), "api"))]) == 0)
  }

  @Test(arguments: [
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
