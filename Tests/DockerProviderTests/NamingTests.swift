import DockerAPI
import Foundation
import Planning
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

@Suite struct NamingTests {
  private let names = EngineNames(key: WorkloadKey(namespace: "team", name: "shop"))

  @Test(
    "Containers are found again",
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

  @Test(
    "Other containers are not ours",
    arguments: [
      "team_shop_0", "team_shop_x_api", "team_shop_00_api", "team_shop_0_", "team_shop_-1_api",
      "team_shopping_0_api",
      "steam_shop_0_api", "team_shop_0_api.old", "team_shop_0_api.", "team_shop_0_api.stopped.replaced",
      "team_shop_0_Api", "team_shop_0_g0_api", "",
    ])
  func otherContainersAreNotOurs(name: String) {
    #expect(names.container(named: name) == nil)
  }

  @Test(
    "Volumes are found again",
    arguments: [
      (VolumePlace.shared("data"), "team_shop_data"), (.ordinal("data", 2), "team_shop_data_2"),
      (.ordinal("0", 1), "team_shop_0_1"), (.instance("1", InstanceID(0)), "team_shop_0.1"),
      (.instance("cache", InstanceID(0, generation: 1)), "team_shop_0_g1.cache"),
    ])
  func volumesAreFoundAgain(place: VolumePlace, name: String) {
    #expect(names.volume(place) == name)
    #expect(names.volume(named: name) == place)
  }

  @Test(
    "Other volumes are not ours",
    arguments: ["team_shop_data_x", "team_shop_data_0_1", "team_shop_.data", "team_shop_", "berth.store"])
  func otherVolumesAreNotOurs(name: String) {
    #expect(names.volume(named: name) == nil)
  }

  @Test(
    "Volumes that images declare are found again",
    arguments: [
      ("/data", 0, "team_shop_db.data_0"),
      ("/var/lib/postgresql/data/", 12, "team_shop_db.var-lib-postgresql-data_12"),
      ("/a/./b//c/../d", 1, "team_shop_db.a-b-d_1"), ("/a-b", 0, "team_shop_db.ab-590bb8f6_0"),
      ("/Data", 0, "team_shop_db.data-d33637c1_0"),
    ])
  func volumesThatImagesDeclareAreFoundAgain(path: String, ordinal: Int, name: String) throws {
    let place = VolumePlace.image(ImageVolume(service: "db", path: path), ordinal: ordinal)
    #expect(names.volume(place) == name)
    #expect(names.ordinal(ofImageVolume: name) == ordinal)
    #expect(names.volume(named: name) == nil)
    let labels = Label.volume(place, size: nil, names.key, run: RunID("run-1"))
    #expect(labels[Label.volume] == place.name)
    func read(_ labels: [String: String]) throws -> VolumePlace? {
      let json = try JSONSerialization.data(withJSONObject: ["Name": name, "Labels": labels])
      return names.place(of: try JSONDecoder().decode(DockerAPI.Volume.self, from: json))
    }
    #expect(try read(labels) == place)
    #expect(try read(labels.merging([Label.path: "/other"]) { $1 }) == nil)
    #expect(try read([:]) == nil)
  }

  @Test("No two paths of a service have one name") func noTwoPathsOfAServiceHaveOneName() {
    let long = String(repeating: "/abcdefgh", count: 20)
    let paths = ["/a/b", "/a-b", "/a_b", "/A/b", "/a/B", "/-a/b", long, long + "x", "/é", "/ê", "/_", "/-"]
    let labels = paths.map { ImageVolume(service: "db", path: $0).label }
    #expect(Set(labels).count == paths.count)
    for label in labels { #expect(names.ordinal(ofImageVolume: "team_shop_\(label)_3") == 3, "\(label)") }
  }

  @Test(
    "Other volumes are declared by no image",
    arguments: [
      "team_shop_db.data", "team_shop_db.data_x", "team_shop_.data_0", "team_shop_db._0", "team_shop_0.data",
      "team_shop_db.data_0_g1", "team_shop_data_0", "team_other_db.data_0",
    ])
  func otherVolumesAreDeclaredByNoImage(name: String) {
    #expect(names.ordinal(ofImageVolume: name) == nil)
  }

  @Test("Networks are found again") func networksAreFoundAgain() {
    for id in [InstanceID(0), InstanceID(3, generation: 2)] {
      #expect(names.instance(ofNetwork: names.network(of: id)) == id)
    }
    #expect(names.instance(ofNetwork: "team_shop_0_api") == nil)
  }

  @Test("A stamp comes back as it was") func aStampComesBackAsItWas() throws {
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

  @Test("A stamp of another version is not taken for absent", arguments: [Label.version, Label.spec])
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
