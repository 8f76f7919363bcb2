import DockerAPI
import Foundation
import Planning
import Testing

@testable import DockerProvider

/// Which of several containers with the stamp of one service is the service's.
@Suite struct StampedContainersTests {
  private static let names = EngineNames(key: WorkloadKey(namespace: "team", name: "shop"))

  private static func container(
    _ id: String, named name: String, _ state: String = "running", created: Int = 0
  ) throws -> StampedContainer {
    let json: [String: Any] = [
      "Id": id, "Names": ["/\(name)"], "Image": "shop/api:1", "ImageID": "sha256:aa", "Created": created,
      "State": state,
    ]
    let summary = try JSONDecoder().decode(
      ContainerSummary.self, from: JSONSerialization.data(withJSONObject: json))
    let own = ContainerPlace(instance: InstanceID(0), service: "api", standing: .current)
    let named = names.container(named: name)
    return StampedContainer(summary: summary, place: named ?? own, hasItsName: named != nil)
  }

  private func sorted(_ containers: StampedContainer...) throws -> [String?] {
    let sorted = try #require(ServiceContainers(containers))
    return [sorted.current.summary.id, sorted.successor?.summary.id]
      + sorted.surplus.map(\.summary.id).sorted()
  }

  @Test("The one that has its name is the services") func theOneThatHasItsNameIsTheServices() throws {
    let named = try Self.container("a", named: "team_shop_0_api", "exited")
    let other = try Self.container("b", named: "foo", created: 9)
    #expect(try sorted(other, named) == ["a", nil, "b"])
    let stopped = try Self.container("c", named: "team_shop_0_api.stopped", "exited")
    #expect(try sorted(other, stopped) == ["c", nil, "b"])
    #expect(try sorted(stopped, named) == ["a", nil, "c"])
  }

  @Test("One that was renamed is still the services") func oneThatWasRenamedIsStillTheServices() throws {
    #expect(try sorted(Self.container("a", named: "foo", "exited")) == ["a", nil])
  }

  @Test("Of several that were renamed the youngest that runs is the services")
  func ofSeveralThatWereRenamedTheYoungestThatRunsIsTheServices() throws {
    let ended = try Self.container("a", named: "foo", "exited", created: 3)
    let old = try Self.container("b", named: "bar", created: 1)
    let paused = try Self.container("c", named: "baz", "paused", created: 2)
    #expect(try sorted(ended, old, paused) == ["c", nil, "a", "b"])
  }

  @Test("One that is replaced is the services until another has taken over")
  func oneThatIsReplacedIsTheServicesUntilAnotherHasTakenOver() throws {
    let old = try Self.container("a", named: "team_shop_0_api.replaced")
    let new = try Self.container("b", named: "team_shop_0_api", "created")
    let other = try Self.container("c", named: "foo")
    #expect(try sorted(new, old) == ["a", "b"])
    #expect(try sorted(other, new, old) == ["a", "b", "c"])
  }

  @Test("Of nothing there is none") func ofNothingThereIsNone() { #expect(ServiceContainers([]) == nil) }
}
