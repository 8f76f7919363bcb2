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

@Suite struct SupervisorLifeTests {
  static let workload = Workload.of(
    .script("api", "sleep 1000 & setsid -f sleep 1001; exec sleep 1002"),
    .script("proxy", "exec sleep 1003", role: .sidecar))

  private func create(in world: LocalWorld, run: String = "run-1") async throws {
    for service in Self.workload.services {
      try await world.perform(.create, service.name, of: Self.workload, run: run)
    }
  }

  @Test("A dead supervisor leaves nothing running") func aDeadSupervisorLeavesNothingRunning() async throws {
    try await withWorld { world in
      try await create(in: world)
      kill(try #require(world.supervisor), SIGKILL)
      try await world.eventually("nothing runs") { world.processes.isEmpty }
    }
  }

  @Test("A dead supervisor is seen and mended") func aDeadSupervisorIsSeenAndMended() async throws {
    try await withWorld { world in
      try await create(in: world)
      let before = try await world.service("api")
      let dead = try #require(world.supervisor)
      kill(dead, SIGKILL)
      try await world.eventually("it is seen") {
        try await world.observe().instance(InstanceID(0))?.isAlive == false
      }
      let instance = try #require(try await world.observe().instance(InstanceID(0)))
      #expect(instance.state == .failed)
      #expect(instance.message == "its supervisor, process \(dead), ended")
      let remains = try #require(instance.service("api"))
      #expect(remains.state == .failed)
      #expect(!remains.isReady)
      #expect(remains.processID == nil)
      #expect(remains.stamp == before.stamp)
      #expect(remains.live == before.live)

      try await create(in: world, run: "run-2")
      let mended = try await world.observe()
      #expect(mended.instance(InstanceID(0))?.isReady == true)
      #expect(world.processes.count == 4)
    }
  }

  /// With its guard killed too, what is left can only be found by the next command.
  @Test("What no supervisor watches is swept before a new supervisor starts")
  func whatNobodyWatchesIsSweptBeforeANewSupervisorStarts() async throws {
    try await withWorld { world in
      try await create(in: world)
      let supervisor = try #require(world.supervisor)
      let guards = ProcessTable.all().filter { $0.parent == supervisor && $0.session == $0.process }
        .filter { entry in !world.processes.contains(entry.process) }
      #expect(guards.count == 1)
      // Stopped, it can't react; the supervisor does not see its child's end before its own.
      for entry in guards { kill(entry.process, SIGSTOP) }
      kill(supervisor, SIGKILL)
      for entry in guards { kill(entry.process, SIGKILL) }
      try await world.eventually("the services' own processes have ended") { world.processes.count <= 2 }
      let orphans = Set(world.processes)
      #expect(orphans.count == 2)
      try await create(in: world, run: "run-2")
      #expect(orphans.isDisjoint(with: world.processes))
      #expect(world.processes.count == 4)
    }
  }

  @Test("A dead guard is replaced") func aDeadGuardIsReplaced() async throws {
    try await withWorld { world in
      try await create(in: world)
      let supervisor = try #require(world.supervisor)
      func guards() -> [pid_t] {
        let services = Set(world.processes)
        return ProcessTable.all().filter { $0.parent == supervisor && $0.state != UInt8(ascii: "Z") }
          .map(\.process).filter { !services.contains($0) }
      }
      let first = try #require(guards().first)
      kill(first, SIGKILL)
      try await world.eventually("there is another") { guards().count == 1 && guards() != [first] }
      kill(supervisor, SIGKILL)
      try await world.eventually("nothing runs") { world.processes.isEmpty }
    }
  }

  @Test("A supervisor that does not answer is a gap and not an absence")
  func aSupervisorThatDoesNotAnswerIsAGapAndNotAnAbsence() async throws {
    try await withWorld { world in
      try await create(in: world)
      let supervisor = try #require(world.supervisor)
      kill(supervisor, SIGSTOP)
      let observation = try await world.observe()
      kill(supervisor, SIGCONT)
      #expect(observation.instances.isEmpty)
      #expect(observation.gaps.count == 1)
      #expect(observation.gaps.first?.contains("does not answer") == true)
    }
  }

  @Test("Actions that find no supervisor together start one")
  func actionsThatFindNoSupervisorTogetherStartOne() async throws {
    try await withWorld { world in
      var workload = Self.workload
      for number in 0..<4 {
        workload.services.append(.script("extra-\(number)", "exec sleep 1000", role: .sidecar))
      }
      for run in ["run-1", "run-2"] {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for service in workload.services {
            group.addTask { [workload] in
              try await world.perform(.create, service.name, of: workload, run: run)
            }
          }
          try await group.waitForAll()
        }
        let instance = try #require(try await world.observe().instance(InstanceID(0)))
        #expect(instance.isReady)
        #expect(instance.services.count == 6)
        #expect(world.processes.count == 8)
        if run == "run-1" { kill(try #require(world.supervisor), SIGKILL) }
      }
    }
  }

  @Test("A dead instance can be deleted") func aDeadInstanceCanBeDeleted() async throws {
    try await withWorld { world in
      try await create(in: world)
      kill(try #require(world.supervisor), SIGKILL)
      try await world.deleteInstance()
      #expect(try await world.observe().instances.isEmpty)
      #expect(world.processes.isEmpty)
    }
  }

  @Test("A supervisor whose folder is taken away ends") func aSupervisorWhoseFolderIsTakenAwayEnds()
    async throws
  {
    try await withWorld { world in
      try await create(in: world)
      let supervisor = try #require(world.supervisor)
      try Files.rename(world.folder().path, to: world.home + "/elsewhere")
      try await world.eventually("it has ended", within: .seconds(40)) {
        ProcessTable.entry(of: supervisor) == nil
      }
    }
  }

  @Test("A home with a long path works") func aHomeWithALongPathWorks() async throws {
    try await withWorld(depth: 6) { world in
      #expect(world.folder().path.utf8.count > 300)
      try await create(in: world)
      #expect(try await world.observe().instance(InstanceID(0))?.isReady == true)
      try await world.deleteInstance()
    }
  }

  @Test("The supervisor runs a copy of the program") func theSupervisorRunsACopyOfTheProgram() async throws {
    try await withWorld { world in
      try await create(in: world)
      let program = try #require(try InstanceRecord.read(world.folder().state)?.program)
      #expect(try Files.names(in: world.layout.programs) == [program])
      let running = Files.linkTarget("/proc/\(try #require(world.supervisor))/exe")
      #expect(running == "\(world.layout.programs)/\(program)")
    }
  }

  @Test("Everything is for the owner only") func everythingIsForTheOwnerOnly() async throws {
    try await withWorld { world in
      try await create(in: world)
      func mode(_ path: String) throws -> mode_t {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_mode & 0o777
      }
      let folder = world.folder()
      for path in [world.layout.instances, folder.path, folder.services, folder.logs, folder.root(of: "api")]
      {
        #expect(try mode(path) == 0o700, "\(path)")
      }
      for path in [folder.state, folder.log(of: "api"), folder.lock, folder.supervisorLog]
      where Files.kind(path) != nil {
        #expect(try mode(path) == 0o600, "\(path)")
      }
      #expect(try mode(folder.path + "/" + InstanceFolder.socketName) & 0o077 == 0)
      #expect(try Files.read(folder.supervisorLog) == [])
    }
  }

  @Test("A request that is not understood is refused") func aRequestThatIsNotUnderstoodIsRefused()
    async throws
  {
    try await withWorld { world in
      try await create(in: world)
      let client = try #require(try SupervisorClient.connect(to: world.folder()))
      guard case .refused = try client.ask(.hello(versions: [99])) else {
        Issue.record("an unknown version was taken")
        return
      }
      guard case .record(let record) = try client.ask(.observe) else {
        Issue.record("the connection did not survive")
        return
      }
      #expect(record.services.map(\.name) == ["api", "proxy"])
    }
  }
}
