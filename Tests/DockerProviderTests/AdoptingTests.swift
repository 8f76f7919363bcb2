import Diagnostics
import DockerAPI
import Foundation
import Planning
import Testing
import WorkloadSpec

@testable import DockerProvider

/// What is read of containers that berth did not make, and which of them could become a workload's.
@Suite struct AdoptingTests {
  private static let key = WorkloadKey(namespace: "team", name: "shop")
  private static let names = EngineNames(key: key)
  private static let id = String(repeating: "a1", count: 32)

  private static func decode<T: Decodable>(_ type: T.Type, _ json: [String: Any]) throws -> T {
    try JSONDecoder().decode(type, from: JSONSerialization.data(withJSONObject: json))
  }

  private static func container(
    config: [String: Any] = [:], host: [String: Any] = [:], mounts: [[String: Any]] = []
  ) throws -> Container {
    try decode(
      Container.self,
      [
        "Id": id, "Name": "/shop-db-1", "Created": "2026-01-01T00:00:00Z", "Image": "sha256:aa",
        "State": ["Status": "running", "Running": true], "Config": config, "HostConfig": host,
        "NetworkSettings": ["Networks": [String: Any]()], "Mounts": mounts,
      ])
  }

  // MARK: As berth would have made it

  /// What compose says in its way, and how berth says the same.
  @Test("The short forms are read as the long ones") func theShortFormsAreReadAsTheLongOnes() throws {
    let made = try Self.container(
      host: [
        "Binds": ["shop_data:/data:nocopy", "/srv/www:/www:ro,rslave"], "Tmpfs": ["/a": "size=2m,mode=1700"],
      ],
      mounts: [
        ["Type": "volume", "Name": "shop_data", "Destination": "/data", "RW": true],
        ["Type": "bind", "Source": "/srv/www", "Destination": "/www", "RW": false],
      ]
    ).asMade(with: ["berth.x": "y"])
    #expect(
      made.host.mounts == [
        MountSpec(source: "shop_data", target: "/data", volumeOptions: .init(noCopy: true)),
        MountSpec(
          type: "bind", source: "/srv/www", target: "/www", readOnly: true,
          bindOptions: .init(propagation: "rslave")),
        MountSpec(type: "tmpfs", target: "/a", memoryOptions: .init(size: 2 << 20, mode: 0o1700)),
      ])
    #expect(made.host.binds == nil && made.config.labels == ["berth.x": "y"])
  }

  @Test(
    "A check for the shell is a command",
    arguments: [
      (["CMD-SHELL", "a && b"], ["CMD", "/bin/sh", "-c", "a && b"]), (["CMD", "a"], ["CMD", "a"]),
      (["NONE"], ["NONE"]),
    ])
  func aCheckForTheShellIsACommand(_ test: [String], _ long: [String]) throws {
    let made = try Self.container(config: ["Healthcheck": ["Test": test]]).asMade(with: [:])
    #expect(made.config.healthcheck?.test == long)
  }

  // MARK: Beyond the spec

  private static func stated(
    _ config: [String: Any], image: [String: Any] = [:], host: [String: Any] = [:],
    mounts: [[String: Any]] = [], _ edit: (inout Service) -> Void = { _ in }
  ) throws -> Service {
    var wanted = Service()
    wanted.name = "db"
    edit(&wanted)
    return ForeignSpec(
      container: try container(config: config, host: host, mounts: mounts).asMade(with: [:]),
      image: try decode(ContainerConfig.self, image), wanted: wanted
    ).stated
  }

  @Test("What the image says is nothing beyond the spec") func whatTheImageSaysIsNothingBeyondTheSpec() throws
  {
    let image: [String: Any] = [
      "Entrypoint": ["/entry"], "Cmd": ["run"], "Env": ["PATH=/bin", "PGDATA=/d"], "User": "999",
      "WorkingDir": "/srv", "StopSignal": "SIGINT", "Healthcheck": ["Test": ["CMD-SHELL", "ok"]],
      "Volumes": ["/var/lib/db": [String: Any]()],
    ]
    var config = image
    config["Hostname"] = String(Self.id.prefix(12))
    let stated = try Self.stated(
      config, image: image,
      mounts: [["Type": "volume", "Name": Self.id, "Destination": "/var/lib/db", "RW": true]])
    var wanted = Service()
    wanted.name = "db"
    #expect(stated == wanted)
  }

  @Test("What neither has is a difference") func whatNeitherHasIsADifference() throws {
    let stated = try Self.stated(
      [
        "Entrypoint": ["/own"], "Cmd": ["x"], "Env": ["PATH=/bin", "MORE=1", "STATED=2"], "User": "7",
        "WorkingDir": "/w", "Hostname": "h", "Healthcheck": ["Test": ["CMD", "check"]],
      ], image: ["Env": ["PATH=/bin"]],
      mounts: [["Type": "bind", "Source": "/etc/x", "Destination": "/etc/x", "RW": false]]
    ) { $0.env = ["STATED": "1"] }
    #expect(stated.command == ["/own"] && stated.args == ["x"])
    #expect(stated.env == ["STATED": "1", "MORE": "1"])
    #expect(stated.user == "7" && stated.workingDir == "/w" && stated.hostname == "h")
    #expect(stated.healthCheck?.command == ["check"])
    #expect(stated.volumes.map(\.source) == ["/etc/x"])
    #expect(stated.volumes.map(\.type) == [.bind])
  }

  @Test("What the spec has is not overwritten") func whatTheSpecHasIsNotOverwritten() throws {
    let stated = try Self.stated(["Entrypoint": ["/other"], "User": "7"]) {
      $0.command = ["/mine"]
      $0.user = "8"
    }
    #expect(stated.command == ["/mine"] && stated.user == "8")
  }

  @Test("A file that is mounted for a config is no volume") func aFileThatIsMountedForAConfigIsNoVolume()
    throws
  {
    let stated = try Self.stated(
      [:], mounts: [["Type": "bind", "Source": "/p/app.conf", "Destination": "/etc/app.conf", "RW": false]]
    ) {
      var file = ConfigFile()
      (file.name, file.path) = ("app", "/etc/app.conf")
      $0.configFiles = [file]
    }
    #expect(stated.volumes.isEmpty)
  }

  @Test("A variable of another is not shown") func aVariableOfAnotherIsNotShown() throws {
    var wanted = Service()
    wanted.env = ["LEVEL": "info"]
    var read = wanted
    read.env["PASSWORD"] = "hunter2"
    let foreign = ForeignSpec(container: try Self.container(), image: nil, wanted: wanted)
    #expect(foreign.withheld(read).env == ["LEVEL": "info", "PASSWORD": ForeignSpec.withheld])
  }

  // MARK: Secrets

  @Test(
    "Values are read out of texts",
    arguments: [
      ("${secret.a}", "x", ["a": "x"]), ("p:${secret.a}@h", "p:x@h", ["a": "x"]),
      ("${secret.a}:${secret.b}", "x:y", ["a": "x", "b": "y"]), ("${secret.a}@h", "u@x@h", ["a": "u@x"]),
      ("${secret.a}-${secret.a}", "x-x", ["a": "x"]), ("plain", "plain", [:]),
    ])
  func valuesAreReadOutOfTexts(_ stated: String, _ actual: String, _ values: [String: String]) throws {
    let match = try #require(SecretTextMatch(Array(actual.utf8), stated: stated) { $0 })
    #expect(match.values.mapValues { String(decoding: $0, as: UTF8.self) } == values)
  }

  @Test(
    "Another text has none",
    arguments: [
      ("p:${secret.a}@h", "q:x@h"), ("p:${secret.a}@h", "p:x@g"), ("${secret.a}-${secret.a}", "x-y"),
      ("plain", "other"), ("p${secret.a}", ""), ("${secret.a}${secret.b}", "xy"),
    ])
  func anotherTextHasNone(_ stated: String, _ actual: String) {
    #expect(SecretTextMatch(Array(actual.utf8), stated: stated) { $0 } == nil)
  }

  // MARK: Stamps

  @Test("A stamp beside is read as it was written") func aStampBesideIsReadAsItWasWritten() throws {
    var service = Service()
    service.name = "db"
    service.image = "shop/db:1"
    let stamp = ServiceStamp(
      stamp: Stamp(
        key: Self.key, instance: InstanceID(0), service: "db", run: RunID("run-1"),
        digest: SpecDigest("v1:0")),
      spec: service, workloadLabels: [:], secretDigests: ["A": "v1:1"],
      adoption: ContainerAdoption(
        container: Self.id, origin: "shop", networks: ["shop_default", "bridge"],
        volumes: ["team_shop_data": "shop_data"]))
    #expect(try ServiceStamp(labels: Label.own(of: stamp.labels), key: Self.key) == stamp)
    let made = ServiceStamp(
      stamp: stamp.stamp, spec: service, workloadLabels: [:], secretDigests: [:])
    #expect(try ServiceStamp(labels: made.labels, key: Self.key)?.adoption == nil)
  }

  private static func volume(_ name: String, _ labels: [String: String]?) throws -> DockerAPI.Volume {
    try decode(DockerAPI.Volume.self, ["Name": name, "Labels": labels as Any? ?? NSNull()])
  }

  /// What finds its siblings where it is needs no other network.
  @Test(
    "A network is joined where it is needed",
    arguments: [
      (["shop_default"], [["shop_default"]], false), (["shop_default", "bridge"], [["bridge"]], true),
      (["bridge"], [["bridge"]], true), (["a"], [["b"]], true), (["a"], [["a"], ["b"]], true),
      (["a"], [nil], true), (["a"], [], false), (["bridge"], [], false),
    ] as [(Set<String>, [Set<String>?], Bool)])
  func aNetworkIsJoinedWhereItIsNeeded(
    _ networks: Set<String>, _ others: [Set<String>?], _ isNeeded: Bool
  ) {
    func adoption(_ networks: Set<String>) -> ContainerAdoption {
      ContainerAdoption(container: Self.id, origin: "shop", networks: networks)
    }
    #expect(adoption(networks).needsInstanceNetwork(beside: others.map { $0.map(adoption) }) == isNeeded)
  }

  @Test("Only stamps on their own names count") func onlyStampsOnTheirOwnNamesCount() throws {
    let labels = ["berth.container": Self.id, "berth.namespace": "team"]
    let stamps = AdoptionStamps(among: [
      try Self.volume("berth.adopted_\(Self.id)", labels), try Self.volume("team_shop_data", labels),
      try Self.volume("berth.adopted_other", labels), try Self.volume("berth.adopted_x", nil),
    ])
    #expect(stamps.ids == [Self.id])
    let summary = try Self.summary("shop-db-1", id: Self.id)
    #expect(stamps.carried(by: [summary]).map(\.isAdopted) == [true])
    #expect(!summary.isAdopted)
  }

  @Test("The name of a stamp is no volume of a workload") func theNameOfAStampIsNoVolumeOfAWorkload() {
    let name = ContainerAdoption.volume(of: Self.id)
    #expect(Self.names.volume(named: name) == nil && Self.names.ordinal(ofImageVolume: name) == nil)
    let twin = EngineNames(key: WorkloadKey(namespace: "berth", name: "adopted"))
    #expect(twin.volume(named: name) == nil)
  }

  // MARK: Which containers

  private static func summary(
    _ name: String, id: String, _ labels: [String: String] = [:], state: String = "running"
  ) throws -> ContainerSummary {
    try decode(
      ContainerSummary.self,
      [
        "Id": id, "Names": ["/\(name)"], "Image": "shop/db:1", "ImageID": "sha256:aa", "Created": 0,
        "State": state, "Labels": labels,
      ])
  }

  private static func compose(
    _ service: String, _ number: Int = 1, project: String = "shop", state: String = "running",
    more: [String: String] = [:]
  ) throws -> ContainerSummary {
    try summary(
      "\(project)-\(service)-\(number)", id: "\(project)-\(service)-\(number)",
      [
        "com.docker.compose.project": project, "com.docker.compose.service": service,
        "com.docker.compose.container-number": "\(number)", "com.docker.compose.oneoff": "False",
      ].merging(more) { $1 }, state: state)
  }

  private static func sorted(
    _ summaries: [ContainerSummary], _ stamps: AdoptionStamps = AdoptionStamps(among: []),
    given observation: Observation = Observation(engine: EngineIdentity(provider: "docker", id: "e"))
  ) -> (found: [String], codes: [DiagnosticCode]) {
    var workload = Workload()
    workload.name = "shop"
    workload.services = ["db", "my-web"].map { name in
      var service = Service()
      service.name = name
      return service
    }
    let containers = AdoptableContainers(
      among: summaries, stamps, for: workload, names, project: "shop", given: observation)
    return (
      containers.candidates.map { "\($0.instance).\($0.service) \($0.name)" }.sorted(),
      containers.notes.map(\.code).sorted { $0.rawValue < $1.rawValue }
    )
  }

  @Test("The containers of a project have their places") func theContainersOfAProjectHaveTheirPlaces() throws
  {
    let found = Self.sorted([
      try Self.compose("db"), try Self.compose("my_web", 2), try Self.compose("my_web", 1),
      try Self.compose("db", project: "other"),
      try Self.compose("db", 9, more: ["com.docker.compose.oneoff": "True"]),
    ])
    #expect(found.found == ["0.db shop-db-1", "0.my-web shop-my_web-1", "1.my-web shop-my_web-2"])
    #expect(found.codes == [.stillLabelled])
  }

  @Test("A gap in the numbers is closed") func aGapInTheNumbersIsClosed() throws {
    #expect(
      Self.sorted([try Self.compose("db", 3), try Self.compose("db", 7)]).found
        == ["0.db shop-db-3", "1.db shop-db-7"])
  }

  @Test("What the spec lacks is left alone") func whatTheSpecLacksIsLeftAlone() throws {
    let found = Self.sorted([try Self.compose("db"), try Self.compose("worker")])
    #expect(found.found == ["0.db shop-db-1"] && found.codes == [.stillLabelled, .leftAlone])
  }

  @Test("One on a name of the workload has that place") func oneOnANameOfTheWorkloadHasThatPlace() throws {
    let found = Self.sorted([try Self.summary("team_shop_2_db", id: "x")])
    #expect(found.found == ["2.db team_shop_2_db"] && found.codes == [])
  }

  @Test("Of two for one place none is chosen") func ofTwoForOnePlaceNoneIsChosen() throws {
    let found = Self.sorted([try Self.summary("team_shop_0_db", id: "x"), try Self.compose("db")])
    #expect(found.codes == [.cannotAdopt])
  }

  @Test("What belongs to another workload is not") func whatBelongsToAnotherWorkloadIsNot() throws {
    let labels = ["berth.version": "1", "berth.workload": "other", "berth.namespace": "team"]
    #expect(Self.sorted([try Self.compose("db", more: labels)]).codes == [.cannotAdopt])
    let stamps = AdoptionStamps(among: [
      try Self.volume(
        "berth.adopted_shop-db-1", labels.merging(["berth.container": "shop-db-1"]) { $1 })
    ])
    #expect(Self.sorted([try Self.compose("db")], stamps).codes == [.cannotAdopt])
  }

  @Test("What is ours already is not asked about") func whatIsOursAlreadyIsNotAskedAbout() throws {
    let labels = [
      "berth.version": "1", "berth.workload": "shop", "berth.namespace": "team",
      "berth.container": "shop-db-1",
    ]
    let stamps = AdoptionStamps(among: [try Self.volume("berth.adopted_shop-db-1", labels)])
    let found = Self.sorted([try Self.compose("db")], stamps)
    #expect(found.found == [] && found.codes == [])
  }

  @Test("What cannot be changed now is refused", arguments: ["restarting", "paused", "dead", "removing"])
  func whatCanNotBeChangedNowIsRefused(_ state: String) throws {
    #expect(Self.sorted([try Self.compose("db", state: state)]).codes == [.cannotAdopt])
  }

  @Test("What stands still is not", arguments: ["running", "exited", "created"]) func whatStandsStillIsNot(
    _ state: String
  ) throws {
    #expect(Self.sorted([try Self.compose("db", state: state)]).found == ["0.db shop-db-1"])
  }
}
