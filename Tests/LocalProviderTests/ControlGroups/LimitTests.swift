import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this machine can limit.
private enum Machine {
  static let search = ControlGroupSearch()
  static let canLimit = search.groups.memory != nil && search.groups.cpu != nil
  static let obstacle = search.memoryObstacle ?? search.cpuObstacle ?? ""
  static let canKillGroups = search.groups.unified != nil
}

/// Limits that the kernel of this machine enforces, where it lets us.
@Suite(.enabled(if: Machine.canLimit, "limits can't be tried here: \(Machine.obstacle)")) struct LimitTests {

  /// A shell's variable that grows until the shell is stopped.
  private static let greedy = "x=0123456789; while :; do x=$x$x; done"

  private func group(of service: String, in world: LocalWorld) -> ServiceGroup {
    world.folder().group(of: service, in: Machine.search.groups)
  }

  /// The names of the world's groups in every folder.
  private func groups(of world: LocalWorld) -> [String] {
    let probe = world.folder()
    return Machine.search.groups.folders.flatMap { folder in
      ((try? Files.names(in: folder)) ?? []).filter { probe.owner(ofGroup: $0) != nil }
    }
  }

  @Test("A service that takes too much is killed and that is said")
  func aServiceThatTakesTooMuchIsKilledAndThatIsSaid() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", Self.greedy) {
          $0.resources.memory = ByteQuantity("32Mi")
          $0.restart = .never
        })
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "api", of: workload)
      }
      #expect(failure?.message == "was killed: out of memory (limit 32Mi) before it was ready")
      let service = try await world.service("api")
      #expect(service.message == "was killed: out of memory (limit 32Mi)")
    }
  }

  @Test("A part that is killed is said too") func aPartThatIsKilledIsSaidToo() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("migrate", "sh -c '\(Self.greedy)'; exit 4", role: .`init`) {
          $0.resources.memory = ByteQuantity("32Mi")
        }, .script("api", "true"))
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "migrate", of: workload)
      }
      #expect(
        failure?.message
          == "exited with code 4 after a process of it was killed: out of memory (limit 32Mi)")
    }
  }

  @Test("Processor time is measured out") func processorTimeIsMeasuredOut() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "while :; do :; done") { $0.resources.cpu = CPUQuantity("100m") })
      try await world.perform(.create, "api", of: workload)
      let (parent, name) = (try #require(Machine.search.groups.cpu), try #require(groups(of: world).first))
      try await world.eventually("it was held back") {
        (GroupFile.number(of: "nr_throttled", in: "\(parent)/\(name)/cpu.stat") ?? 0) > 2
      }
    }
  }

  @Test("Limits are changed while the service runs") func limitsAreChangedWhileTheServiceRuns() async throws {
    try await withWorld { world in
      var workload = Workload.of(
        .script("api", "exec sleep 1000") { $0.resources.memory = ByteQuantity("32Mi") })
      try await world.perform(.create, "api", of: workload)
      let before = try await world.service("api")
      #expect(group(of: "api", in: world).memoryLimit == 32 << 20)
      workload.services[0].resources.memory = ByteQuantity("64Mi")
      try await world.perform(.update, "api", of: workload, run: "run-2")
      #expect(group(of: "api", in: world).memoryLimit == 64 << 20)
      workload.services[0].resources.memory = nil
      try await world.perform(.update, "api", of: workload, run: "run-3")
      #expect(group(of: "api", in: world).memoryLimit == nil)
      let after = try await world.service("api")
      #expect(after.processID == before.processID)
      #expect(after.live.service.resources.memory == nil)
    }
  }

  @Test(
    "Processes are counted and the limit is changed while it runs",
    .enabled(if: Machine.search.groups.pids != nil))
  func processesAreCountedAndTheLimitIsChangedWhileItRuns() async throws {
    try await withWorld { world in
      var workload = Workload.of(
        .script(
          "api", "(for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done) 2>/dev/null; exec sleep 1000"
        ) { $0.resources.pids = 5 })
      try await world.perform(.create, "api", of: workload)
      let process = try await world.service("api").processID
      let pids = try #require(Machine.search.groups.pids)
      let name = try #require(groups(of: world).first)
      try await world.eventually("it has no room left") {
        GroupFile.number(of: "max", in: "\(pids)/\(name)/pids.events") ?? 0 > 0
      }
      workload.services[0].resources.pids = 50
      try await world.perform(.update, "api", of: workload, run: "run-2")
      #expect(GroupFile.number("\(pids)/\(name)/pids.max") == 50)
      let service = try await world.service("api")
      #expect(service.processID == process && service.live.service.resources.pids == 50)
    }
  }

  @Test("Reservations are given while it runs") func reservationsAreGivenWhileItRuns() async throws {
    try await withWorld { world in
      var workload = Workload.of(.script("api", "exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      workload.services[0].resources.reservations.cpu = CPUQuantity("500m")
      workload.services[0].resources.reservations.memory = ByteQuantity("32Mi")
      try await world.perform(.update, "api", of: workload, run: "run-2")
      let live = try await world.service("api").live.service.resources.reservations
      #expect(live == workload.services[0].resources.reservations)
      let (search, name) = (Machine.search.groups, try #require(groups(of: world).first))
      let (memory, cpu) = (try #require(search.memory), try #require(search.cpu))
      let file = memory == search.unified ? "memory.low" : "memory.soft_limit_in_bytes"
      #expect(GroupFile.number("\(memory)/\(name)/\(file)") == 32 << 20)
      let weight = cpu == search.unified ? ("cpu.weight", UInt64(20)) : ("cpu.shares", 512)
      #expect(GroupFile.number("\(cpu)/\(name)/\(weight.0)") == weight.1)
    }
  }

  @Test("Usage knows the limit") func usageKnowsTheLimit() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") { $0.resources.memory = ByteQuantity("32Mi") })
      try await world.perform(.create, "api", of: workload)
      let usage = try #require(try await world.provider.usage(of: world.key).first)
      #expect(usage.memoryLimit == 32 << 20)
      #expect(usage.processes == 1)
    }
  }

  /// Also commands beside it are within its limits.
  @Test("A command is in the group of its service") func aCommandIsInTheGroupOfItsService() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") { $0.resources.memory = ByteQuantity("32Mi") })
      try await world.perform(.create, "api", of: workload)
      let run = try await world.shell(Self.greedy)
      #expect(run.exitCode == 137)
      #expect(try await world.service("api").isReady)
    }
  }

  // MARK: What is left

  /// A process that left its session and forgot its environment is known by its group alone.
  @Test(
    "No process escapes from the group",
    .enabled(if: Machine.canKillGroups, "no group can be killed as a whole here"))
  func nobodyEscapesFromTheGroup() async throws {
    try await withWorld { world in
      let mark = "berth-escaped-\(getpid())-\(UInt32.random(in: 0 ... .max))"
      let workload = Workload.of(
        .script(
          "api", "env -i /usr/bin/setsid -f /bin/sh -c 'while :; do sleep 0.1; done' \(mark); exec sleep 1000"
        ))
      try await world.perform(.create, "api", of: workload)
      func escaped() -> Bool {
        ProcessTable.all().contains { entry in
          let words = (try? Files.read("/proc/\(entry.process)/cmdline")).flatMap { $0 } ?? []
          return entry.state != UInt8(ascii: "Z")
            && String(decoding: words, as: UTF8.self).contains("done\0\(mark)")
        }
      }
      try await world.eventually("it has escaped") { escaped() }
      try await world.provider.perform(
        Action(.stop, .service(InstanceID(0), "api")), in: world.context(workload))
      try await world.eventually("it is gone") { !escaped() }
      try await world.perform(.start, "api", of: workload)
      try await world.eventually("it has escaped again") { escaped() }
      kill(try #require(world.supervisor), SIGKILL)
      try await world.eventually("it died with the supervisor") { !escaped() }
    }
  }

  @Test("Groups go with their services") func groupsGoWithTheirServices() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000"), .script("proxy", "exec sleep 1001", role: .sidecar))
      for service in workload.services { try await world.perform(.create, service.name, of: workload) }
      let count = Machine.search.groups.folders.count
      #expect(groups(of: world).count == 2 * count)
      try await world.provider.perform(
        Action(.delete, .service(InstanceID(0), "proxy")), in: world.context(workload))
      #expect(groups(of: world).count == count)
      try await world.deleteInstance()
      #expect(groups(of: world).isEmpty)
    }
  }

  @Test("Groups go with a dead supervisor") func groupsGoWithADeadSupervisor() async throws {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      kill(try #require(world.supervisor), SIGKILL)
      try await world.eventually("the guard took them away") { groups(of: world).isEmpty }
    }
  }

  /// Of an instance whose folder was deleted by hand after its supervisor and guard were killed.
  @Test("What no record tells of is taken away by the next supervisor")
  func whatNobodyKnowsOfIsTakenAwayByTheNextSupervisor() async throws {
    try await withWorld { world in
      let stranger = InstanceFolder(path: world.layout.instances + "/default_gone_0")
      try stranger.group(of: "api", in: Machine.search.groups).make()
      let elsewhere = InstanceFolder(path: "/tmp/another-home/instances/default_gone_0")
      try elsewhere.group(of: "api", in: Machine.search.groups).make()
      defer { elsewhere.removeGroups(in: Machine.search.groups) }
      try await world.perform(.create, "api", of: .of(.script("api", "exec sleep 1000")))
      #expect(stranger.group(of: "api", in: Machine.search.groups).processes == nil)
      #expect(elsewhere.group(of: "api", in: Machine.search.groups).processes == [])
    }
  }

  /// A generation's name starts with that of its ordinal.
  @Test("Instances do not take each others groups") func instancesDoNotTakeEachOthersGroups() async throws {
    try await withWorld { world in
      let folders = [InstanceID(0), InstanceID(0, generation: 1)].map { world.folder($0) }
      for folder in folders { try folder.group(of: "api", in: Machine.search.groups).make() }
      folders[0].removeGroups(in: Machine.search.groups)
      #expect(folders[0].group(of: "api", in: Machine.search.groups).processes == nil)
      #expect(folders[1].group(of: "api", in: Machine.search.groups).processes == [])
      folders[1].removeGroups(in: Machine.search.groups)
    }
  }
}
