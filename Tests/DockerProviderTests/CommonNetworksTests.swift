import DockerAPI
import Testing

@testable import DockerProvider

/// What engines say of networks.
@Suite struct CommonNetworksTests {
  @Test(
    "A network that is gone or there twice is lost",
    arguments: [
      ("network 9791cf40fe53 not found", true), ("network team.instances not found", true),
      ("network team.instances is ambiguous (2 matches found on name)", true),
      ("No such container: team_shop_0_api", false),
      ("driver failed programming external connectivity on endpoint x: port is already allocated", false),
    ])
  func aNetworkThatIsGoneOrThereTwiceIsLost(message: String, isLost: Bool) async throws {
    var (tries, losses) = (0, 0)
    var failure: DockerError?
    do {
      try await CommonNetworks.retrying {
        tries += 1
        if tries == 1 { throw DockerError(status: 404, message) }
      } afterLoss: {
        losses += 1
      }
    } catch let error as DockerError { failure = error }
    #expect((tries, losses) == (isLost ? (2, 1) : (1, 0)))
    #expect(failure?.message == (isLost ? nil : message))
  }

  @Test("What stays lost fails") func whatStaysLostFails() async throws {
    let error = await #expect(throws: DockerError.self) {
      try await CommonNetworks.retrying {
        throw DockerError(status: 404, "network x not found")
      } afterLoss: {
      }
    }
    #expect(error?.message == "network x not found")
  }

  @Test(
    "A network that is full is seen",
    arguments: [
      ("adding interface veth1 to bridge br-2 failed: exchange full", true),
      ("no available IPv4 addresses on this network's address pools: team.instances (5d)", true),
      ("network team.instances not found", false),
    ])
  func aNetworkThatIsFullIsSeen(message: String, isFull: Bool) {
    #expect(CommonNetworks.isFull(DockerError(status: 500, message)) == isFull)
  }

  @Test(
    "An engine whose kernel does not filter is known",
    arguments: [
      (
        "cannot restrict inter-container communication: please ensure that br_netfilter kernel module is loaded",
        true
      ),
      ("cannot restrict inter-container communication or run without the userland proxy: stat x", true),
      ("network with name team.instances already exists", false),
    ])
  func anEngineWhoseKernelDoesNotFilterIsKnown(message: String, isUnable: Bool) {
    #expect(CommonNetworks.canNotFilter(DockerError(status: 500, message)) == isUnable)
  }
}
