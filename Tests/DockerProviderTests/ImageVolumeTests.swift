import DockerAPI
import Engine
import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// What becomes of data at paths that images declare as volumes and that no spec names.
@Suite(.serialized, TestEngine.isThere) struct ImageVolumeTests {
  private static let id = InstanceID(0)

  /// A workload whose image keeps data.
  private static func workload(
    _ world: DockerWorld, _ version: String = "1", _ edit: (inout Service) -> Void = { _ in }
  ) -> Workload {
    .of(
      .idle("db") {
        $0.image = image(world, version)
        edit(&$0)
      })
  }

  private static func image(_ world: DockerWorld, _ version: String = "1") -> String {
    "\(world.namespace)/db:\(version)"
  }

  private static func write(_ word: String, to path: String = "/data/f", in world: DockerWorld) async throws {
    _ = try await world.output(of: "echo \(word) > \(path); sync", in: "db")
  }

  private static func read(_ path: String = "/data/f", in world: DockerWorld) async throws -> String {
    try await world.output(of: "cat \(path)", in: "db")
  }

  /// The names of the volumes that the containers of a world mount, and of those that carry its labels.
  private static func volumes(of world: DockerWorld) async throws -> (mounted: Set<String>, kept: Set<String>)
  {
    let client = try await world.connection.client()
    let label = "\(Label.namespace)=\(world.namespace)"
    let containers = try await client.containers.list(filters: ["label": [label]])
    let volumes = try await client.volumes.list(filters: ["label": [label]])
    return (Set(containers.flatMap { $0.mounts ?? [] }.compactMap(\.name)), Set(volumes.map(\.name)))
  }

  /// Makes the workload as an older berth did: the engine makes a volume without a name for what its image declares.
  private static func makeWithoutName(_ world: DockerWorld, _ ids: [InstanceID] = [id]) async throws {
    let client = try await world.connection.client()
    var workload = workload(world)
    workload.replicas = ids.count
    for id in ids {
      let context = world.context(workload, run: "older")
      let name = EngineNames(key: world.key).container(of: "db", in: id)
      let builder = ContainerBuilder(workload: workload, id: id, context: context, table: .standard)
      let creation = try builder.container(of: workload.services[0])
      try await client.containers.create(
        named: name, try await world.inNetworkOfItsOwn(creation, "db", id))
      try await client.containers.start(name)
    }
  }

  // MARK: Carried over

  @Test("Data is carried over when a container is replaced") func dataIsCarriedOverWhenAContainerIsReplaced()
    async throws
  {
    try await withDocker { world in
      try await world.makeImage(Self.image(world), ["VOLUME /data", "VOLUME /var/lib/Other"])
      let first = try await world.apply(Self.workload(world))
      let notes = first.plan.notes.filter { $0.code == .imageVolume }
      #expect(notes.count == 2)
      #expect(
        notes.first?.help?.contains("volumes: [{name: data, mountPath: /data, type: persistent}]") == true)
      try await Self.write("one", in: world)
      try await Self.write("two", to: "/var/lib/Other/f", in: world)

      let second = try await world.apply(Self.workload(world) { $0.env = ["LEVEL": "debug"] })
      // Two of them at once would write to one place.
      #expect(second.plan.actions.map(\.id.description).contains("replace 0.db"))
      #expect(second.plan.notes.contains { $0.code == .changedInPlace })
      #expect(second.plan.detachedVolumes.isEmpty)
      #expect(try await Self.read(in: world) == "one\n")
      #expect(try await Self.read("/var/lib/Other/f", in: world) == "two\n")
      let names = try await Self.volumes(of: world)
      #expect(names.mounted == names.kept && names.kept.count == 2)
      #expect(names.kept.contains("\(world.namespace)_shop_db.data_0"))

      // A container that was lost is no loss of data.
      let client = try await world.connection.client()
      try await client.containers.remove(
        EngineNames(key: world.key).container(of: "db", in: Self.id), force: true, volumes: true)
      try await world.reach(.release(nil))
      #expect(try await Self.read(in: world) == "one\n")
    }
  }

  @Test("Destroying keeps data unless volumes go too") func destroyingKeepsDataUnlessVolumesGoToo()
    async throws
  {
    try await withDocker { world in
      try await world.makeImage(Self.image(world), ["VOLUME /data"])
      try await world.apply(Self.workload(world))
      try await Self.write("kept", in: world)
      let plan = try await world.plan(.destroy(volumes: false))
      #expect(plan.detachedVolumes.map(\.name) == ["db.data"])
      try await world.reach(.destroy(volumes: false))
      let observation = try await world.provider.observe(world.key)
      #expect(observation.volumes.map(\.name) == ["db.data"])
      #expect(observation.volumes.allSatisfy(observation.isDetached))
      #expect(try await world.apply(Self.workload(world)).plan.detachedVolumes.isEmpty)
      #expect(try await Self.read(in: world) == "kept\n")
      try await world.reach(.destroy(volumes: true))
      #expect(try await Self.volumes(of: world).kept.isEmpty)
    }
  }

  @Test("Each instance has its own") func eachInstanceHasItsOwn() async throws {
    try await withDocker { world in
      try await world.makeImage(Self.image(world), ["VOLUME /data"])
      var workload = Self.workload(world)
      workload.replicas = 1
      try await world.apply(workload)
      try await Self.write("of the first", in: world)
      try await world.reach(.scale(2))
      let plan = try await world.plan(.scale(1))
      #expect(plan.detachedVolumes.map(\.ordinal) == [1])
      try await world.reach(.scale(1))
      #expect(
        try await world.provider.observe(world.key).volumes.map { "\($0.name) \($0.ordinal ?? -1)" } == [
          "db.data 0", "db.data 1",
        ])
      #expect(try await Self.read(in: world) == "of the first\n")
    }
  }

  @Test("Two containers never write to one at once", arguments: [StrategyType.rolling, .blueGreen, .canary])
  func twoContainersNeverWriteToOneAtOnce(strategy: StrategyType) async throws {
    try await withDocker { world in
      try await world.makeImage(Self.image(world), ["VOLUME /data"])
      try await world.makeImage(Self.image(world, "2"), ["VOLUME /data"])
      // What starts while another one has the lock ends, and is never ready.
      let script = "mkdir /data/lock || exit 9; trap 'rmdir /data/lock; exit 0' TERM; sleep 1000 & wait"
      func workload(_ version: String, _ level: String) -> Workload {
        var workload = Self.workload(world, version) { $0.env = ["LEVEL": level] }
        workload.services[0].command = ["/bin/sh", "-c", script]
        workload.strategy.type = strategy
        return workload
      }
      for (version, level) in [("1", "a"), ("1", "b"), ("2", "b"), ("1", "c")] {
        #expect(try await world.apply(workload(version, level)).outcome == .succeeded)
        #expect(try await world.provider.observe(world.key).instances.map(\.id) == [Self.id])
      }
    }
  }

  // MARK: Declared differently

  @Test("What an image declares no more is kept and comes back")
  func whatAnImageDeclaresNoMoreIsKeptAndComesBack() async throws {
    try await withDocker { world in
      try await world.makeImage(Self.image(world), ["VOLUME /data"])
      try await world.makeImage(Self.image(world, "2"), ["VOLUME /other"])
      try await world.apply(Self.workload(world))
      try await Self.write("kept", in: world)
      try await world.apply(Self.workload(world, "2"))
      let observation = try await world.provider.observe(world.key)
      #expect(observation.volumes.filter(observation.isDetached).map(\.name) == ["db.data"])
      #expect(try await world.plan(Self.workload(world, "2")).detachedVolumes.map(\.name) == ["db.data"])
      try await world.reach(.release(1))
      #expect(try await Self.read(in: world) == "kept\n")
    }
  }

  @Test("Volumes within one another are each kept") func volumesWithinOneAnotherAreEachKept() async throws {
    try await withDocker { world in
      try await world.makeImage(Self.image(world), ["VOLUME /var/lib/db/data/", "VOLUME /etc/db"])
      func workload(_ level: String) -> Workload {
        Self.workload(world) {
          $0.env = ["LEVEL": level]
          $0.volumes = [.at("/var/lib/db", .persistent, "lib"), .at("/etc/db/more", .persistent, "more")]
          $0.configFiles = [.at("/etc/db/db.conf", "level \(level)\n")]
        }
      }
      try await world.apply(workload("1"))
      for path in ["/var/lib/db/f", "/var/lib/db/data/f", "/etc/db/f", "/etc/db/more/f"] {
        try await Self.write(path, to: path, in: world)
      }
      try await world.apply(workload("2"))
      for path in ["/var/lib/db/f", "/var/lib/db/data/f", "/etc/db/f", "/etc/db/more/f"] {
        #expect(try await Self.read(path, in: world) == "\(path)\n")
      }
      #expect(try await Self.read("/etc/db/db.conf", in: world) == "level 2\n")
      #expect(try await world.drift().actions.isEmpty)
    }
  }

  // MARK: Named later

  @Test("A volume that the spec names later takes over") func aVolumeThatTheSpecNamesLaterTakesOver()
    async throws
  {
    try await withDocker { world in
      try await world.makeImage(Self.image(world), ["VOLUME /data"])
      try await world.apply(Self.workload(world))
      try await Self.write("kept", in: world)
      let named = Self.workload(world) { $0.volumes = [.at("/data", .persistent, "store")] }
      let result = try await world.apply(named)
      #expect(result.plan.notes.filter { $0.code == .imageVolumeNamed }.count == 1)
      #expect(result.plan.detachedVolumes.isEmpty)
      #expect(try await Self.read(in: world) == "kept\n")
      #expect(try await world.plan(named).actions.isEmpty)
      #expect(try await world.plan(named).notes.isEmpty)
      #expect(try await world.provider.observe(world.key).volumes.map(\.name) == ["store"])

      // It is the volume's from now on, wherever that is mounted.
      let moved = Self.workload(world) { $0.volumes = [.at("/elsewhere", .persistent, "store")] }
      try await world.apply(moved)
      #expect(try await Self.read("/elsewhere/f", in: world) == "kept\n")
      try await world.reach(.destroy(volumes: true))
      #expect(try await Self.volumes(of: world).kept.isEmpty)
    }
  }

  @Test("One volume for all takes none of several") func oneVolumeForAllTakesNoneOfSeveral() async throws {
    try await withDocker { world in
      try await world.makeImage(Self.image(world), ["VOLUME /data"])
      var workload = Self.workload(world)
      workload.replicas = 2
      try await world.apply(workload)
      try await Self.write("of the first", in: world)
      workload.replicas = 1
      workload.services[0].volumes = [.at("/data", .persistent, "store")]
      let result = try await world.apply(workload)
      #expect(result.plan.notes.contains { $0.code == .imageVolumeLeft })
      #expect(result.plan.detachedVolumes.map(\.ordinal) == [0, 1])
      #expect(try await world.output(of: "ls /data", in: "db") == "")
      // What was left is where it was.
      workload.services[0].volumes = []
      workload.strategy.type = .recreate
      try await world.apply(workload)
      #expect(try await Self.read(in: world) == "of the first\n")
    }
  }

  // MARK: Volumes without a name

  @Test("What an older berth left without a name is carried over")
  func whatAnOlderBerthLeftWithoutANameIsCarriedOver() async throws {
    try await withDocker { world in
      try await world.makeImage(Self.image(world), ["VOLUME /data"])
      try await Self.makeWithoutName(world)
      try await Self.write("old", in: world)
      let unnamed = try #require(try await Self.volumes(of: world).mounted.first)
      #expect(unnamed.count == 64)
      #expect(try await world.provider.observe(world.key).volumes.map(\.name) == ["db.data"])

      try await world.apply(Self.workload(world) { $0.env = ["LEVEL": "debug"] })
      #expect(try await Self.read(in: world) == "old\n")
      // Gone and made again, it is still known where the data is.
      try await world.reach(.destroy(volumes: false))
      try await world.apply(Self.workload(world))
      #expect(try await Self.read(in: world) == "old\n")
      try await world.apply(Self.workload(world) { $0.volumes = [.at("/data", .persistent, "store")] })
      #expect(try await Self.read(in: world) == "old\n")
      try await world.reach(.destroy(volumes: true))
      #expect(try await Self.volumes(of: world).kept.isEmpty)
      let client = try await world.connection.client()
      #expect(try await ifFound { try await client.volumes.inspect(unnamed) } == nil)
    }
  }

  @Test("What an older berth left is known when its container goes")
  func whatAnOlderBerthLeftIsKnownWhenItsContainerGoes() async throws {
    try await withDocker { world in
      try await world.makeImage(Self.image(world), ["VOLUME /data"])
      try await Self.makeWithoutName(world, [InstanceID(0), InstanceID(1)])
      try await Self.write("old", in: world)
      var workload = Self.workload(world)
      workload.replicas = 2
      try await world.apply(workload)
      try await world.reach(.destroy(volumes: false))
      #expect(try await world.provider.observe(world.key).volumes.map(\.ordinal) == [0, 1])
      try await world.apply(workload)
      #expect(try await Self.read(in: world) == "old\n")
      try await world.reach(.destroy(volumes: true))
      #expect(try await Self.volumes(of: world).kept.isEmpty)
    }
  }
}
