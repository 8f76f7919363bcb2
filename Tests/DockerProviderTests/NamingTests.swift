import Planning
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

@Suite struct NamingTests {
  private let names = EngineNames(key: WorkloadKey(namespace: "team", name: "shop"))

  @Test(
    arguments: [
      (InstanceID(0), "api", .current, "team_shop_0_api"),
      (InstanceID(12), "api", .stopped, "team_shop_12_api.stopped"),
      (InstanceID(12), "api", .replaced, "team_shop_12_api.replaced"),
      (InstanceID(0, generation: 3), "g1", .current, "team_shop_0_g3_g1"),
      (InstanceID(0), "g1", .current, "team_shop_0_g1"),
    ] as [(InstanceID, String, ContainerStanding, String)])
  func containersAreFoundAgain(id: InstanceID, service: String, standing: ContainerStanding, name: String) {
    #expect(names.container(of: service, in: id, as: standing) == name)
    #expect(
      names.container(named: name) == ContainerPlace(instance: id, service: service, standing: standing))
  }

  @Test(arguments: [
    "team_shop_0", "team_shop_x_api", "team_shop_00_api", "team_shop_0_", "team_shop_-1_api",
    "team_shopping_0_api",
    "steam_shop_0_api", "team_shop_0_api.old", "team_shop_0_api.", "team_shop_0_api.stopped.replaced",
    "team_shop_0_Api", "team_shop_0_g0_api", "",
  ])
  func otherContainersAreNotOurs(name: String) {
    #expect(names.container(named: name) == nil)
  }

  @Test(arguments: [
    (VolumePlace.shared("data"), "team_shop_data"), (.ordinal("data", 2), "team_shop_data_2"),
    (.ordinal("0", 1), "team_shop_0_1"), (.instance("1", InstanceID(0)), "team_shop_0.1"),
    (.instance("cache", InstanceID(0, generation: 1)), "team_shop_0_g1.cache"),
  ])
  func volumesAreFoundAgain(place: VolumePlace, name: String) {
    #expect(names.volume(place) == name)
    #expect(names.volume(named: name) == place)
  }

  @Test(arguments: ["team_shop_data_x", "team_shop_data_0_1", "team_shop_.data", "team_shop_", "berth.store"])
  func otherVolumesAreNotOurs(name: String) {
    #expect(names.volume(named: name) == nil)
  }

  @Test func networksAreFoundAgain() {
    for id in [InstanceID(0), InstanceID(3, generation: 2)] {
      #expect(names.instance(ofNetwork: names.network(of: id)) == id)
    }
    #expect(names.instance(ofNetwork: "team_shop_0_api") == nil)
  }

  @Test func aStampComesBackAsItWas() throws {
    var service = Service.idle("api")
    service.annotations = ["owner": "checkout", "team": "hides the workload's"]
    service.configFiles = [ConfigFile()]
    service.configFiles[0].name = "app"
    service.configFiles[0].path = "/etc/app"
    service.configFiles[0].content = "a \"quoted\" line\n"
    let stamp = ServiceStamp(
      stamp: Stamp(
        key: names.key, instance: InstanceID(1), service: "api", run: RunID("run-7"),
        digest: SpecDigest("v1:ab")),
      spec: service, workloadLabels: ["team": "shop"], secretDigests: ["env/TOKEN": "v1:cd"])
    #expect(try ServiceStamp(labels: stamp.labels, key: names.key) == stamp)
    #expect(stamp.labels["owner"] == "checkout")
    #expect(stamp.labels["team"] == "hides the workload's")
    #expect(try ServiceStamp(labels: stamp.labels, key: WorkloadKey(namespace: "team", name: "other")) == nil)
    #expect(try ServiceStamp(labels: [:], key: names.key) == nil)
  }

  @Test(arguments: [Label.version, Label.spec])
  func aStampOfAnotherVersionIsNotTakenForAbsent(label: String) throws {
    let stamp = ServiceStamp(
      stamp: Stamp(
        key: names.key, instance: InstanceID(1), service: "api", run: RunID("run-7"),
        digest: SpecDigest("v1:ab")),
      spec: .idle("api"), workloadLabels: [:], secretDigests: [:])
    var labels = stamp.labels
    labels[label] = "{\"fieldOfTomorrow\": 1}"
    #expect(throws: UnreadableStamp.self) { try ServiceStamp(labels: labels, key: names.key) }
  }
}
