import Diagnostics
import DockerAPI
import Engine
import Planning
import ProviderKit
import Synchronization
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// What adoption must not do to data: two writers on one volume, a volume that is forgotten or belongs to others.
@Suite(.serialized, TestEngine.isThere) struct AdoptedDataTests {
  private static let path = "/data"

  /// A database whose data is in a volume.
  private static func workload(_ edit: (inout Service) -> Void = { _ in }) -> Workload {
    .of(
      .idle("db") {
        $0.volumes = [.at(path, .persistent, "data")]
        edit(&$0)
      })
  }

  /// A compose project that runs beside a world, with one service `db` and one volume.
  private struct Project {
    let world: DockerWorld
    let client: DockerClient
    var name = "cp"
    var image = TestEngine.image
    /// The volume that its containers mount.
    var volume: String { "\(world.namespace)_\(name)_data" }

    init(in world: DockerWorld) async throws {
      self.world = world
      client = try await world.connection.client()
    }

    func makeVolume(
      _ labels: [String: String]? = nil, driver: String? = nil, options: [String: String] = [:]
    ) async throws {
      try await client.volumes.create(
        VolumeCreation(
          name: volume, driver: driver, labels: labels ?? [ComposeLabel.project: name], options: options))
    }

    func container(_ number: Int = 1, of service: String = "db") -> String {
      "\(world.namespace)_\(name)-\(service)-\(number)"
    }

    /// Starts a container as compose does, which mounts the volume and goes on as a workload's would.
    ///
    /// - Parameter mount: what it mounts in place of the volume; one without a source is a volume without a name.
    @discardableResult
    func start(
      _ number: Int = 1, service named: String = "db", readOnly: Bool = false, mount: MountSpec? = nil
    ) async throws -> String {
      let service = AdoptedDataTests.workload().services[0]
      var creation = ContainerCreation()
      creation.config.image = image
      creation.config.entrypoint = service.command
      creation.config.command = service.args.isEmpty ? nil : service.args
      creation.config.labels = [
        ComposeLabel.project: name, ComposeLabel.service: named,
        "com.docker.compose.container-number": "\(number)",
      ]
      creation.host.restartPolicy = ContainerFields.restartPolicy(of: service)
      creation.host.mounts = [
        mount ?? MountSpec(source: volume, target: AdoptedDataTests.path, readOnly: readOnly ? true : nil)
      ]
      let id = try await client.containers.create(named: container(number, of: named), creation).id
      try await client.containers.start(id)
      return id
    }

    func remove(_ number: Int = 1) async throws {
      try await client.containers.remove(container(number), force: true)
    }
  }

  /// Runs a body beside a project that runs.
  private static func withProject(_ body: (Project) async throws -> Void) async throws {
    try await withDocker { world in
      let project = try await Project(in: world)
      try await project.makeVolume()
      try await project.start()
      try await body(project)
    }
  }

  private static func request(
    _ workload: Workload, _ project: Project, as key: WorkloadKey? = nil, adopts: Bool = true
  ) -> WorkloadRequest {
    WorkloadRequest(
      key: key ?? project.world.key, goal: .spec(workload, services: nil),
      adoption: adopts ? AdoptionRequest(from: project.name) : nil)
  }

  @discardableResult
  private static func adopt(
    _ project: Project, _ workload: Workload = workload(), as key: WorkloadKey? = nil
  ) async throws -> RunResult {
    let result = try await Engine(provider: project.world.provider, target: "docker").apply(
      request(workload, project, as: key))
    #expect(result.outcome == .succeeded, "\(result.failures)")
    return result
  }

  /// What a plan is refused with.
  private static func refusal(_ request: WorkloadRequest, in world: DockerWorld) async throws -> [Diagnostic]
  {
    let error = await #expect(throws: DiagnosticError.self) {
      try await EngineReader(reader: world.provider, target: "docker").plan(request)
    }
    return (error?.diagnostics ?? Diagnostics()).filter { $0.severity == .error }
  }

  /// What runs told.
  private final class Notes: Sendable {
    private let told = Mutex<[String]>([])
    var all: [String] { told.withLock { $0 } }
    func add(_ text: String) { told.withLock { $0.append(text) } }
  }

  // MARK: One writer

  @Test("A project that comes back is no second writer") func aProjectThatComesBackIsNoSecondWriter()
    async throws
  {
    try await Self.withProject { project in
      let world = project.world
      try await Self.adopt(project)
      let own = EngineNames(key: world.key).container(of: "db", in: InstanceID(0))
      try await project.client.containers.remove(own, force: true)
      try await project.start(2)
      let again = Self.request(Self.workload(), project, adopts: false)
      let refusal = try await Self.refusal(again, in: world)
      #expect(refusal.map(\.code) == [.dataInUse])
      #expect(refusal.first?.message.contains(project.container(2)) == true)
      #expect(refusal.first?.help?.contains("--adopt-from \(project.name)") == true)
      try await project.client.containers.pause(project.container(2))
      #expect(try await Self.refusal(again, in: world).map(\.code) == [.dataInUse])

      // What only reads, or has ended, does no harm; nor do many where many may write.
      try await project.remove(2)
      try await project.start(3, readOnly: true)
      #expect(try await world.plan(Self.workload()).actions.isEmpty == false)
      try await project.remove(3)
      try await project.start(4)
      #expect(
        try await world.plan(Self.workload { $0.volumes[0].access = .many }).actions.isEmpty == false)
      try await project.client.containers.stop(project.container(4), grace: 0)
      try await world.apply(Self.workload())

      // An operator who starts it again is told as well.
      try await world.reach(.operation(.stop(.all)))
      try await project.client.containers.start(project.container(4))
      let start = WorkloadRequest(key: world.key, goal: .operation(.start(.all)))
      #expect(try await Self.refusal(start, in: world).map(\.code) == [.dataInUse])
    }
  }

  @Test("None comes beside data that a destruction kept") func noneComesBesideDataThatADestructionKept()
    async throws
  {
    try await Self.withProject { project in
      let world = project.world
      try await Self.adopt(project)
      try await world.reach(.destroy(volumes: false))
      try await project.start()
      let again = Self.request(Self.workload(), project, adopts: false)
      #expect(try await Self.refusal(again, in: world).map(\.code) == [.dataInUse])
      // It can be adopted anew, with the same data.
      try await Self.adopt(project)
      #expect(try await world.plan(Self.workload()).actions.isEmpty)
    }
  }

  @Test("What is left of a project and can't be adopted now goes on beside, which a plan refuses")
  func whatCanNotBeAdoptedIsNotMadeBeside() async throws {
    try await Self.withProject { project in
      let world = project.world
      try await Self.adopt(project)
      var two = Self.workload { $0.volumes[0].access = .many }
      two.replicas = 2
      try await project.start(2)
      try await project.client.containers.pause(project.container(2))
      let beside = try await Self.refusal(Self.request(two, project, adopts: false), in: world)
      #expect(beside.map(\.code) == [.cannotAdopt])
      #expect(beside.first?.message.contains("paused") == true)
    }
  }

  // MARK: Whose a volume is

  @Test("A volume of another project, or of none, is not the workload's own", arguments: ["other", nil])
  func aVolumeOfOthersIsNotTakenOver(_ owner: String?) async throws {
    try await withDocker { world in
      let project = try await Project(in: world)
      try await project.makeVolume(owner.map { [ComposeLabel.project: $0] } ?? [:])
      try await project.start()
      let refusal = try await Self.refusal(Self.request(Self.workload(), project), in: world)
      #expect(refusal.map(\.code) == [.cannotAdopt])
      #expect(refusal.first?.help?.contains("type: external") == true)

      // As one of others it is used, and stays.
      let allowing = world.allowing([.externalVolumes])
      let external = Self.workload {
        $0.volumes[0].type = .external
        $0.volumes[0].source = project.volume
      }
      let engine = Engine(provider: allowing.provider, target: "docker")
      let key = WorkloadKey(namespace: world.namespace, name: "other")
      #expect(try await engine.apply(Self.request(external, project, as: key)).outcome == .succeeded)
      #expect(
        try await engine.apply(WorkloadRequest(key: key, goal: .destroy(volumes: true))).outcome == .succeeded
      )
      #expect(try await project.client.volumes.inspect(project.volume).name == project.volume)
    }
  }

  @Test("One volume is one workloads") func oneVolumeIsOneWorkloads() async throws {
    try await Self.withProject { project in
      let world = project.world
      try await Self.adopt(project)
      try await world.reach(.destroy(volumes: false))
      try await project.start()
      let other = WorkloadKey(namespace: world.namespace, name: "other")
      let refusal = try await Self.refusal(
        Self.request(Self.workload(), project, as: other), in: world)
      #expect(refusal.map(\.code) == [.cannotAdopt])
      #expect(refusal.first?.message.contains("has adopted it") == true)

      // What two have nevertheless goes with neither.
      let names = EngineNames(key: other)
      var labels = Label.volume(.shared("data"), size: nil, other, run: RunID("older"))
      labels[Label.data] = project.volume
      try await project.client.volumes.create(
        VolumeCreation(name: names.volume(.shared("data")), labels: labels))
      try await project.remove()
      let notes = Notes()
      try await world.reach(.destroy(volumes: true)) { notes.add($0) }
      #expect(notes.all.contains { $0.contains("has its data there, too") }, "\(notes.all)")
      #expect(try await project.client.volumes.inspect(project.volume).name == project.volume)
      try await project.client.volumes.remove(names.volume(.shared("data")))
      try await project.start()
      try await Self.adopt(project)
      try await world.reach(.destroy(volumes: true))
      await #expect(throws: DockerError.self) { try await project.client.volumes.inspect(project.volume) }
    }
  }

  @Test("One volume is not that of several instances") func oneVolumeIsNotThatOfSeveralInstances()
    async throws
  {
    try await Self.withProject { project in
      try await project.start(2)
      var set = Self.workload()
      set.kind = .statefulSet
      set.replicas = 2
      let refusal = try await Self.refusal(Self.request(set, project), in: project.world)
      #expect(refusal.map(\.code) == [.cannotAdopt])
      #expect(refusal.first?.message.contains("at once") == true)
    }
  }

  // MARK: Nothing is forgotten

  @Test("A volume at a path that the image declares has to have a name in the spec")
  func dataThatTheSpecDoesNotNameIsNotForgotten() async throws {
    try await withDocker { world in
      var project = try await Project(in: world)
      project.image = "\(world.namespace)/db:1"
      try await world.makeImage(project.image, ["VOLUME \(Self.path)/"])
      try await project.makeVolume()
      try await project.start()
      // Whether an image declares it or not: what has a name is meant to be kept.
      let elsewhere = Self.workload { $0.volumes[0].mountPath = "/elsewhere" }
      #expect(
        try await Self.refusal(Self.request(elsewhere, project), in: world).map(\.code) == [.cannotAdopt])
      let image = project.image
      let without = Self.workload {
        $0.image = image
        $0.volumes = []
      }
      let refusal = try await Self.refusal(Self.request(without, project), in: world)
      #expect(refusal.map(\.code) == [.cannotAdopt])
      #expect(refusal.first?.help?.contains("mountPath: \(Self.path)") == true)
      try await Self.adopt(project, Self.workload { $0.image = image })
      _ = try await world.output(of: "echo row > \(Self.path)/f; sync", in: "db")
      try await world.apply(
        Self.workload {
          $0.image = image
          $0.env = ["A": "b"]
        })
      #expect(try await world.output(of: "cat \(Self.path)/f", in: "db") == "row\n")
    }
  }

  @Test("Where the data is stays known when its container and the volume that says so are gone")
  func theStampTellsOfTheDataToTheLast() async throws {
    try await Self.withProject { project in
      let world = project.world
      let names = EngineNames(key: world.key)
      try await Self.adopt(project)
      _ = try await world.output(of: "echo row > \(Self.path)/f; sync", in: "db")
      let pointer = names.volume(.shared("data"))

      // An adoption that was broken off after its stamp has made no pointer yet.
      try await project.client.volumes.remove(pointer)
      try await world.apply(Self.workload { $0.resources.memory = ByteQuantity("64Mi") })
      #expect(try await project.client.volumes.inspect(pointer).dataName == project.volume)

      try await project.client.containers.remove(
        names.container(of: "db", in: InstanceID(0)), force: true)
      try await project.client.volumes.remove(pointer)
      try await world.apply(Self.workload())
      #expect(try await world.output(of: "cat \(Self.path)/f", in: "db") == "row\n")
    }
  }

  @Test("A volume that is gone comes back as it is stated and that is told")
  func aVolumeThatIsGoneComesBackAsItIsStatedAndThatIsTold() async throws {
    try await withDocker { world in
      let world = world.allowing([.driverOptions])
      let project = try await Project(in: world)
      let options = ["type": "tmpfs", "device": "tmpfs", "o": "size=1m"]
      try await project.makeVolume(options: options)
      try await project.start()
      let workload = Self.workload {
        $0.volumes[0].driver.name = "local"
        for (key, value) in options { $0.volumes[0].driver.options[key] = value }
      }
      try await Self.adopt(project, workload)
      try await project.client.containers.remove(
        EngineNames(key: world.key).container(of: "db", in: InstanceID(0)), force: true)
      try await project.client.volumes.remove(project.volume)
      let notes = Notes()
      try await world.reach(.spec(workload, services: nil)) { notes.add($0) }
      #expect(notes.all.contains { $0.contains(project.volume) && $0.contains("is empty") }, "\(notes.all)")
      #expect(try await project.client.volumes.inspect(project.volume).options == options)
    }
  }

  @Test("A run that fails takes nothing back as long as no release holds what was adopted")
  func whatWasAdoptedStaysAlthoughItWasMadeAnew() async throws {
    try await Self.withProject { project in
      let world = project.world
      // The container is adopted and replaced by one that does not become ready.
      for adopts in [true, false] {
        let failing = Self.notReady(Self.workload { $0.env = ["ADOPTS": "\(adopts)"] })
        let result = try await Self.atomic(world).apply(Self.request(failing, project, adopts: adopts))
        #expect(result.outcome == .failed)
        #expect(result.recoveryProblems.map(\.code) == [.adoptionStays])
      }
      #expect(try await world.provider.observe(world.key).adopted.isEmpty)
      #expect(try await world.provider.observe(world.key).instances.isEmpty == false)
    }
  }

  // MARK: Data that goes by another name

  /// A project whose image declares a volume, in which compose has given it none of its own.
  private static func withImageVolume(_ body: (Project, Workload) async throws -> Void) async throws {
    try await withDocker { world in
      var project = try await Project(in: world)
      project.image = "\(world.namespace)/db:1"
      try await world.makeImage(project.image, ["VOLUME \(path)"])
      let image = project.image
      let unnamed = workload {
        $0.image = image
        $0.volumes = []
      }
      try await body(project, unnamed)
    }
  }

  private static func named(_ workload: Workload, _ edit: (inout Service) -> Void = { _ in }) -> Workload {
    var named = workload
    named.services[0].volumes = [.at(path, .persistent, "data")]
    edit(&named.services[0])
    return named
  }

  private static func write(_ word: String, in world: DockerWorld) async throws {
    _ = try await world.output(of: "echo \(word) >> \(path)/f; sync", in: "db")
  }

  private static func rows(in world: DockerWorld) async throws -> String {
    try await world.output(of: "cat \(path)/f", in: "db").split(separator: "\n").joined(separator: ",")
  }

  /// A workload whose service never becomes ready.
  private static func notReady(_ workload: Workload) -> Workload {
    var failing = workload
    var check = HealthCheck()
    check.command = ["/bin/false"]
    failing.services[0].healthCheck = check
    return failing
  }

  /// An engine that goes back where something does not become ready.
  private static func atomic(_ world: DockerWorld) -> Engine {
    Engine(
      provider: world.provider, target: "docker", options: EngineOptions(timeout: .seconds(5), atomic: true))
  }

  /// Applies what does not become ready, and goes back.
  private static func fail(_ workload: Workload, in world: DockerWorld) async throws -> RunResult {
    let result = try await atomic(world).apply(
      WorkloadRequest(key: world.key, goal: .spec(notReady(workload), services: nil)))
    #expect(result.outcome == .failed)
    return result
  }

  @Test("A volume without a name is found again when its container is gone, named, and named no more")
  func aVolumeWithoutNameIsNotForgotten() async throws {
    try await Self.withImageVolume { project, unnamed in
      let world = project.world
      let container = EngineNames(key: world.key).container(of: "db", in: InstanceID(0))
      try await project.start(mount: MountSpec(target: Self.path))
      try await Self.adopt(project, unnamed)
      try await Self.write("one", in: world)
      try await project.client.containers.remove(container, force: true)
      try await world.apply(unnamed)
      #expect(try await Self.rows(in: world) == "one")

      try await world.apply(Self.named(unnamed))
      #expect(try await Self.rows(in: world) == "one")
      try await Self.write("two", in: world)
      try await world.reach(.release(1))
      #expect(try await Self.rows(in: world) == "one,two")

      // A run that fails and is taken back has not made the data.
      _ = try await Self.fail(Self.named(unnamed), in: world)
      #expect(try await Self.rows(in: world) == "one,two")
      try await world.reach(.destroy(volumes: false))
      _ = try await Self.fail(Self.named(unnamed), in: world)
      try await world.apply(Self.named(unnamed))
      #expect(try await Self.rows(in: world) == "one,two")
    }
  }

  @Test("What a failed run takes away is not data that was there under another name")
  func atomicKeepsWhatWasThere() async throws {
    try await Self.withImageVolume { project, unnamed in
      let world = project.world
      try await world.apply(unnamed)
      try await Self.write("one", in: world)
      try await world.reach(.destroy(volumes: false))
      let result = try await Self.fail(Self.named(unnamed), in: world)
      #expect(result.recovery?.plan.actions.contains { $0.subject == .volume("data", ordinal: nil) } != true)
      try await world.apply(Self.named(unnamed))
      #expect(try await Self.rows(in: world) == "one")
    }
  }

  @Test("A project that takes an unnamed volume along is no second writer")
  func aProjectThatTakesAnUnnamedVolumeAlongIsNoSecondWriter() async throws {
    try await Self.withImageVolume { project, unnamed in
      let world = project.world
      let old = try await project.start(mount: MountSpec(target: Self.path))
      let volume = try #require(
        try await project.client.containers.inspect(old).mounts?.first?.name)
      try await Self.adopt(project, unnamed)
      try await project.client.containers.remove(old, force: true)
      try await project.start(2, mount: MountSpec(source: volume, target: Self.path))
      let again = Self.request(unnamed, project, adopts: false)
      #expect(try await Self.refusal(again, in: world).map(\.code) == [.dataInUse])
    }
  }

  @Test("One volume is not that of two services, adopted at once or one after the other")
  func oneVolumeIsNotThatOfTwoServices() async throws {
    try await Self.withProject { project in
      let world = project.world
      var two = Self.workload()
      var backup = Service.idle("bak", role: .sidecar)
      backup.volumes = [.at(Self.path, .persistent, "copy")]
      try await Self.adopt(project)
      try await project.start(service: "bak")
      for type in [VolumeType.persistent, .ephemeral] {
        backup.volumes[0].type = type
        two.services = [two.services[0], backup]
        let refusal = try await Self.refusal(Self.request(two, project), in: world)
        #expect(refusal.map(\.code) == [.cannotAdopt])
        #expect(refusal.first?.message.contains("at once") == true)
      }
      // That the volume is gone which says where the data is makes no difference.
      try await project.client.volumes.remove(EngineNames(key: world.key).volume(.shared("data")))
      #expect(
        try await Self.refusal(Self.request(two, project), in: world).map(\.code) == [.cannotAdopt])
    }
  }

  @Test("What a spec has once called external stays, whatever comes after", arguments: [0, 1, 2, 3])
  func aVolumeThatTheSpecCallsExternalSinceStays(_ course: Int) async throws {
    try await Self.withProject { project in
      let world = project.world.allowing([.externalVolumes])
      try await Self.adopt(project)
      let external = Self.workload {
        $0.volumes[0].type = .external
        $0.volumes[0].source = project.volume
      }
      switch course {
      // Given up by a run that failed.
      case 1: _ = try await Self.fail(external, in: world)
      default: try await world.apply(external)
      }
      switch course {
      // Destroyed first, and with its volumes later.
      case 2: try await world.reach(.destroy(volumes: false))
      // Used no more.
      case 3: try await world.apply(Self.workload { $0.volumes = [] })
      default: break
      }
      if course == 1 {
        // Going back makes it the workload's own again.
        try await world.apply(Self.workload())
        try await world.apply(external)
      }
      try await world.reach(.destroy(volumes: true))
      #expect(try await project.client.volumes.inspect(project.volume).name == project.volume)
      // Nothing leads to it any more: it is given up, and another workload can have it.
      try await project.start()
      let other = WorkloadKey(namespace: world.namespace, name: "other")
      try await Self.adopt(project, as: other)
    }
  }

  @Test("Going back to a release finds data that was given up")
  func goingBackToAReleaseFindsDataThatWasGivenUp() async throws {
    try await Self.withProject { project in
      let world = project.world.allowing([.externalVolumes])
      try await Self.adopt(project)
      try await Self.write("one", in: world)
      try await world.apply(
        Self.workload {
          $0.volumes[0].type = .external
          $0.volumes[0].source = project.volume
        })
      try await world.reach(.release(1))
      #expect(try await Self.rows(in: world) == "one")
      try await world.reach(.destroy(volumes: true))
      await #expect(throws: DockerError.self) { try await project.client.volumes.inspect(project.volume) }
    }
  }

  @Test("A volume that the image declares has one writer after its adoption as well")
  func aVolumeOfTheImageHasOneWriter() async throws {
    try await Self.withImageVolume { project, unnamed in
      let world = project.world
      try await project.start(mount: MountSpec(target: Self.path))
      try await Self.adopt(project, unnamed)
      let observation = try await world.provider.observe(world.key)
      #expect(observation.instances.flatMap(\.services).map(\.imageVolumes.count) == [1])
      var changed = unnamed
      changed.services[0].env = ["A": "b"]
      let plan = try await world.plan(changed)
      #expect(plan.actions.filter(\.kind.isPerformed).map(\.kind) == [.replace], "\(plan.actions.map(\.id))")
    }
  }

  @Test("Data that has a name is not that of the next name") func dataThatHasANameIsNotThatOfTheNextName()
    async throws
  {
    try await Self.withImageVolume { project, unnamed in
      let world = project.world
      try await project.start(mount: MountSpec(target: Self.path))
      try await Self.adopt(project, unnamed)
      try await Self.write("one", in: world)
      try await world.apply(Self.named(unnamed))
      try await world.apply(Self.named(unnamed) { $0.volumes[0].name = "data2" })
      #expect(try await world.output(of: "ls \(Self.path)", in: "db") == "")
      try await world.apply(Self.named(unnamed))
      #expect(try await Self.rows(in: world) == "one")
    }
  }

  @Test("Data can be adopted again under another name") func dataCanBeAdoptedAgainUnderAnotherName()
    async throws
  {
    try await Self.withProject { project in
      let world = project.world
      try await Self.adopt(project)
      try await Self.write("one", in: world)
      try await world.reach(.destroy(volumes: false))
      try await project.start()
      try await Self.adopt(project, Self.workload { $0.volumes[0].name = "rows" })
      #expect(try await Self.rows(in: world) == "one")
    }
  }

  @Test("The stamp of a container that is gone counts for all services of the workload")
  func aStampCountsForAllServices() async throws {
    try await Self.withProject { project in
      let world = project.world
      let names = EngineNames(key: world.key)
      var two = Self.workload { $0.volumes[0].access = .many }
      try await Self.adopt(project, two)
      try await Self.write("one", in: world)
      try await project.client.containers.remove(
        names.container(of: "db", in: InstanceID(0)), force: true)
      try await project.client.volumes.remove(names.volume(.shared("data")))
      // A reader that starts first.
      two.services.append(
        .idle("reader", role: .sidecar) {
          $0.volumes = [.at(Self.path, .persistent, "data")]
          $0.volumes[0].access = .many
        })
      two.services[0].dependsOn = ["reader"]
      try await world.apply(two)
      #expect(try await Self.rows(in: world) == "one")

      // With one writer, what the project started again is seen by the stamp alone.
      #expect(try await world.provider.observe(world.key).volumes.map(\.data) == [project.volume])
    }
  }

  @Test("Where only the stamp tells of the data no second writer is made")
  func whereOnlyTheStampTellsOfTheDataNoSecondWriterIsMade() async throws {
    try await Self.withProject { project in
      let world = project.world
      let names = EngineNames(key: world.key)
      try await Self.adopt(project)
      try await project.client.containers.remove(
        names.container(of: "db", in: InstanceID(0)), force: true)
      try await project.client.volumes.remove(names.volume(.shared("data")))
      try await project.start(2)
      let again = Self.request(Self.workload(), project, adopts: false)
      #expect(try await Self.refusal(again, in: world).map(\.code) == [.dataInUse])

      // Nor does another workload mount it.
      let allowing = world.allowing([.externalVolumes])
      let external = Self.workload {
        $0.volumes[0].type = .external
        $0.volumes[0].source = project.volume
      }
      let key = WorkloadKey(namespace: world.namespace, name: "other")
      let refusal = try await Self.refusal(
        WorkloadRequest(key: key, goal: .spec(external, services: nil)), in: allowing)
      #expect(refusal.map(\.code) == [.providerRefuses])
      #expect(refusal.first?.help?.contains("readOnly: true") == true)
      let reader = Self.workload {
        $0.volumes = external.services[0].volumes
        $0.volumes[0].readOnly = true
      }
      let plan = try await EngineReader(reader: allowing.provider, target: "docker").plan(
        WorkloadRequest(key: key, goal: .spec(reader, services: nil)))
      #expect(!plan.actions.isEmpty)
    }
  }

  @Test("Going back makes nothing beside what is left of a project either")
  func goingBackMakesNothingBeside() async throws {
    try await Self.withProject { project in
      let world = project.world
      var both = Self.workload { $0.volumes[0].access = .many }
      both.services.append(.idle("web", role: .sidecar))
      try await Self.adopt(project, both)
      var left = Self.workload { $0.volumes[0].access = .many }
      left.services[0].env = [:]
      try await world.apply(left)
      try await project.start(service: "web", mount: MountSpec(type: "tmpfs", target: "/scratch"))
      let back = WorkloadRequest(key: world.key, goal: .release(1))
      #expect(try await Self.refusal(back, in: world).map(\.code) == [.adoptionUnfinished])
    }
  }

  @Test("A path of the machine is no volume that berth makes")
  func aPathIsNotReplacedByAnEmptyVolume() async throws {
    try await withDocker { world in
      let project = try await Project(in: world)
      try await project.start(mount: MountSpec(type: "bind", source: "/tmp", target: Self.path))
      let refusal = try await Self.refusal(Self.request(Self.workload(), project), in: world)
      #expect(refusal.map(\.code) == [.cannotAdopt])
      #expect(refusal.first?.help?.contains("type: bind, source: /tmp") == true)
    }
  }
}
