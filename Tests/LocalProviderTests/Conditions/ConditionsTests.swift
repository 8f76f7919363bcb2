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

/// What services are started under, seen by the services themselves and by the kernel.
@Suite struct ConditionsTests {
  /// Runs a service, and gives the world to a body once the service has written what it is asked for, line by line, to
  /// the file `seen` of its root.
  private func run(
    _ script: String, isReachable: Bool = false, _ change: (inout Service) -> Void,
    _ body: (LocalWorld, Workload, _ seen: [String]) async throws -> Void
  ) async throws {
    try await withWorld(isReachable: isReachable) { world in
      let workload = Workload.of(
        .script(
          "api",
          "{ \(script); } > $BERTH_ROOT/seen.new 2>&1; mv $BERTH_ROOT/seen.new $BERTH_ROOT/seen; exec sleep 1000",
          change)
      )
      try await world.perform(.create, "api", of: workload)
      let path = world.folder().root(of: "api") + "/seen"
      try await world.eventually("it has looked") { Files.kind(path) != nil }
      let bytes = try #require(try Files.read(path))
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      try await body(world, workload, lines)
    }
  }

  /// The word behind a name in `/proc/self/status`.
  private func status(_ name: String) -> String { "grep ^\(name): /proc/self/status | cut -f2" }

  private func live(_ world: LocalWorld) async throws -> Service {
    try await world.service("api").live.service
  }

  // MARK: Where

  @Test("It starts in its working folder") func itStartsInItsWorkingFolder() async throws {
    try await run("pwd; touch here", { $0.workingDir = "/srv/app" }) { world, _, seen in
      let folder = world.folder().root(of: "api") + "/srv/app"
      #expect(seen == [folder])
      #expect(Files.kind(folder + "/here") == S_IFREG)
      #expect(try await world.shell("pwd").text == folder + "\n")
      let live = try await self.live(world)
      #expect(live.workingDir == "/srv/app")
    }
  }

  @Test("A working folder may lie in a volume") func aWorkingFolderMayLieInAVolume() async throws {
    try await run(
      "pwd; touch here",
      {
        var volume = Volume()
        (volume.name, volume.mountPath) = ("data", "/data")
        $0.volumes = [volume]
        $0.workingDir = "/data/deep"
      }
    ) { world, _, seen in
      #expect(seen == [world.folder().root(of: "api") + "/data/deep"])
      #expect(Files.kind(world.folder().volume("data") + "/deep/here") == S_IFREG)
    }
  }

  // MARK: Who

  @Test("It runs as its user", .enabled(if: Rights.mayChangeUser)) func itRunsAsItsUser() async throws {
    let nobody = try #require(Rights.nobody)
    var file = ConfigFile()
    (file.name, file.path, file.content) = ("app", "/etc/app.conf", "level = info")
    var secret = SecretReference()
    (secret.key, secret.type, secret.as) = ("token", .file, "/run/token")
    try await withWorld(isReachable: true) { world in
      var volume = Volume()
      (volume.name, volume.mountPath, volume.type) = ("data", "/data", .persistent)
      let workload = Workload.of(
        .script(
          "api",
          """
          { id -u; id -g; id -G; cat etc/app.conf; echo; cat run/token; echo; echo $HOME; touch data/mine new && echo wrote;
            cat $BERTH_ROOT/../../../state.json 2>/dev/null || echo hidden; } > $BERTH_ROOT/seen.new
          mv seen.new seen; echo printed > /dev/stdout; exec sleep 1000
          """
        ) {
          $0.user = "nobody"
          $0.groups = ["daemon"]
          (file.path, $0.volumes) = ("/etc/app.conf", [volume])
          ($0.configFiles, $0.secrets) = ([file], [secret])
        })
      #expect(try await world.notes(on: workload).map(\.message) == [])
      try await world.perform(.create, "api", of: workload, secrets: ["token": "hunter2"])
      let root = world.folder().root(of: "api")
      try await world.eventually("it has looked") { Files.kind(root + "/seen") != nil }
      let text = String(decoding: try #require(try Files.read(root + "/seen")), as: UTF8.self)
      let daemon = try #require(Accounts.groupNumber("daemon"))
      let groups = Set(nobody.groups + [daemon]).sorted()
      let lines = text.split(separator: "\n").map(String.init)
      try #require(lines.count == 8)
      #expect(lines.prefix(2) == ["\(nobody.id)", "\(nobody.group)"])
      #expect(Set(lines[2].split(separator: " ").compactMap { UInt32($0) }) == Set(groups))
      #expect(lines.dropFirst(3) == ["level = info", "hunter2", nobody.home, "wrote", "hidden"])
      try await world.eventually("it has printed") { try await world.lines("api") == ["printed"] }
      let live = try await self.live(world)
      #expect(live.user == "nobody" && live.groups == ["daemon"])
      // Commands beside it are run by the same user.
      #expect(try await world.shell("id -u").text == "\(nobody.id)\n")

      // Another user begins with a new root, and the volume stays what it is.
      var changed = workload
      changed.services[0].user = nil
      changed.services[0].groups = []
      changed.services[0].command = ["/bin/sh", "-c", "id -u > seen; exec sleep 1000"]
      let again = try await world.service("api").processID.map { pid_t($0) }
      try await world.perform(.replace, "api", of: changed, run: "run-2", secrets: ["token": "hunter2"])
      #expect(kill(try #require(again), 0) != 0)
      #expect(Files.kind(world.layout.volume("data", ordinal: nil, of: world.key).data + "/mine") == S_IFREG)
    }
  }

  @Test("It dies with its supervisor, as any user", .enabled(if: Rights.mayChangeUser))
  func itDiesWithItsSupervisorWhoeverItRunsAs() async throws {
    try await run("id -u", isReachable: true, { $0.user = "nobody" }) { world, _, _ in
      let process = pid_t(try #require(try await world.service("api").processID))
      kill(try #require(world.supervisor), SIGKILL)
      try await world.eventually("it is gone", within: .seconds(20)) {
        ProcessTable.entry(of: process).map(\.hasEnded) ?? true
      }
    }
  }

  @Test("A file belongs to whom the spec names", .enabled(if: Rights.mayChangeUser))
  func aFileBelongsToWhomTheSpecNames() async throws {
    var file = ConfigFile()
    (file.name, file.path, file.content, file.mode, file.owner) = (
      "app", "/etc/app.conf", "x", "0640", "1234:4321"
    )
    var secret = SecretReference()
    (secret.key, secret.type, secret.as, secret.mode, secret.owner) = (
      "token", .file, "/run/token", "0440", "77"
    )
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") { ($0.configFiles, $0.secrets) = ([file], [secret]) })
      try await world.perform(.create, "api", of: workload, secrets: ["token": "hunter2"])
      let root = world.folder().root(of: "api")
      var status = stat()
      #expect(stat(root + "/etc/app.conf", &status) == 0)
      #expect((status.st_uid, status.st_gid, status.st_mode & 0o777) == (1234, 4321, 0o640))
      #expect(stat(root + "/run/token", &status) == 0)
      #expect((status.st_uid, status.st_gid, status.st_mode & 0o777) == (77, 77, 0o440))
    }
  }

  // MARK: What it may do

  @Test("It gets no new privileges") func itGetsNoNewPrivileges() async throws {
    try await run(status("NoNewPrivs"), { $0.security.noNewPrivileges = true }) { world, _, seen in
      #expect(seen == ["1"])
      let live = try await self.live(world)
      #expect(live.security.noNewPrivileges)
      #expect(try await world.shell(status("NoNewPrivs")).text == "1\n")
    }
  }

  @Test("Root loses what is dropped", .enabled(if: Rights.mayDropCapabilities)) func rootLosesWhatIsDropped()
    async throws
  {
    try await run(
      "\(status("CapEff")); \(status("CapBnd"))",
      {
        $0.security.capabilities.drop = ["ALL"]
        $0.security.capabilities.add = ["NET_BIND_SERVICE", "CHOWN"]
      }
    ) { world, _, seen in
      #expect(seen == ["0000000000000401", "0000000000000401"])
      let live = try await self.live(world).security.capabilities
      #expect(live.drop == ["ALL"] && live.add == ["CHOWN", "NET_BIND_SERVICE"])
    }
  }

  @Test("One is dropped and the others stay", .enabled(if: Rights.mayDropCapabilities))
  func oneIsDroppedAndTheOthersStay() async throws {
    try await run(status("CapEff"), { $0.security.capabilities.drop = ["NET_RAW"] }) { _, _, seen in
      let left = Rights.own.capabilities & ~(1 << 13)
      #expect(seen.first.flatMap { UInt64($0, radix: 16) } == left)
    }
  }

  @Test("Another user is given what is added", .enabled(if: Rights.mayDropCapabilities))
  func anotherUserIsGivenWhatIsAdded() async throws {
    try await run(
      "\(status("CapEff")); \(status("CapAmb")); id -u", isReachable: true,
      {
        $0.user = "nobody"
        $0.security.capabilities.add = ["NET_BIND_SERVICE"]
        $0.security.noNewPrivileges = true
      }
    ) { _, _, seen in
      let nobody = try #require(Rights.nobody)
      #expect(seen == ["0000000000000400", "0000000000000400", "\(nobody.id)"])
    }
  }

  @Test("Its root cannot be written to", .enabled(if: LocalWorld.mayMount)) func itsRootCanNotBeWrittenTo()
    async throws
  {
    try await withWorld { world in
      var volume = Volume()
      (volume.name, volume.mountPath) = ("data", "/data")
      let workload = Workload.of(
        .script("api", "touch mine 2>/dev/null && echo root > data/seen; touch data/ready; exec sleep 1000") {
          $0.volumes = [volume]
          $0.security.readOnlyRoot = true
        })
      try await world.perform(.create, "api", of: workload)
      let data = world.folder().volume("data")
      try await world.eventually("it has tried") { Files.kind(data + "/ready") != nil }
      #expect(Files.kind(data + "/seen") == nil)
      #expect(try await world.shell("touch mine").exitCode != 0)
      let live = try await self.live(world)
      #expect(live.security.readOnlyRoot)
      // It can be written to again when that is not asked for any more.
      var changed = workload
      changed.services[0].security.readOnlyRoot = false
      try await world.perform(.restart, "api", of: changed, run: "run-2")
      #expect(try await world.shell("touch mine").exitCode == 0)
    }
  }

  // MARK: How it is connected

  @Test("Without a network it has its loopback only", .enabled(if: Rights.mayMakeNetworks))
  func withoutANetworkItHasItsLoopbackOnly() async throws {
    try await run(
      "tail -n +3 /proc/net/dev | cut -d: -f1; readlink /proc/self/ns/net",
      { $0.network.mode = .none }
    ) { world, _, seen in
      #expect(seen.first?.filter { $0 != " " } == "lo" && seen.count == 2)
      #expect(seen.last != Files.linkTarget("/proc/self/ns/net"))
      // A command beside it is in the same one, whose loopback is up.
      #expect(try await world.shell("readlink /proc/self/ns/net").text == "\(seen.last ?? "")\n")
      let run = try await world.shell(
        "python3 -c 'import socket; s = socket.create_server((\"127.0.0.1\", 80)); socket.create_connection((\"127.0.0.1\", 80))'"
      )
      #expect(run.exitCode == 0)
      let live = try await self.live(world)
      #expect(live.network.mode == .none)
    }
  }

  @Test("It has a name of its own", .enabled(if: Rights.mayMakeHostNames)) func itHasANameOfItsOwn()
    async throws
  {
    try await run("uname -n", { $0.hostname = "api.example.com" }) { world, _, seen in
      #expect(seen == ["api.example.com"])
      #expect(MachineFacts.hostName != "api.example.com")
      let live = try await self.live(world)
      #expect(live.hostname == "api.example.com")
      #expect(try await world.shell("uname -n").text == "api.example.com\n")
    }
  }

  // MARK: What it may use

  @Test("Its limits are set") func itsLimitsAreSet() async throws {
    func limit(_ name: String, _ soft: Int, _ hard: Int? = nil) -> Ulimit {
      var limit = Ulimit()
      (limit.name, limit.soft, limit.hard) = (name, soft, hard)
      return limit
    }
    try await run(
      "ulimit -Sn; ulimit -Hn; ulimit -Sc; ulimit -Hc",
      { $0.resources.ulimits = [limit("nofile", 123, 456), limit("core", 0)] }
    ) { world, _, seen in
      #expect(seen == ["123", "456", "0", "0"])
      let live = try await self.live(world)
      #expect(live.resources.ulimits == [limit("nofile", 123, 456), limit("core", 0)])
    }
  }

  @Test("It is ended sooner for want of memory") func itIsEndedSoonerForWantOfMemory() async throws {
    try await run("cat /proc/self/oom_score_adj", { $0.resources.oomScore = 321 }) { world, _, seen in
      #expect(seen == ["321"])
      let live = try await self.live(world)
      #expect(live.resources.oomScore == 321)
    }
  }

  @Test("It runs on its processors") func itRunsOnItsProcessors() async throws {
    let own = try #require(ProcessorList.own?.numbers.max())
    try await run(status("Cpus_allowed_list"), { $0.resources.cpuset = "\(own)" }) { world, _, seen in
      #expect(seen == ["\(own)"])
      let live = try await self.live(world)
      #expect(live.resources.cpuset == "\(own)")
    }
  }

  // MARK: How it stops

  @Test("It is asked to stop by its signal") func itIsAskedToStopByItsSignal() async throws {
    try await withWorld { world in
      var workload = Workload.of(
        .script(
          "api",
          "trap 'echo quit > quit; exit 0' QUIT; trap 'echo term > term; exit 0' TERM; touch up; while :; do sleep 0.05; done"
        ))
      try await world.perform(.create, "api", of: workload)
      let root = world.folder().root(of: "api")
      try await world.eventually("it listens") { Files.kind(root + "/up") != nil }
      let process = try await world.service("api").processID
      workload.services[0].stopSignal = "SIGQUIT"
      try await world.perform(.update, "api", of: workload, run: "run-2")
      let changed = try await world.service("api")
      #expect(changed.processID == process && changed.live.service.stopSignal == "SIGQUIT")
      try await world.provider.perform(
        Action(.stop, .service(InstanceID(0), "api")), in: world.context(workload))
      #expect(Files.kind(root + "/quit") != nil && Files.kind(root + "/term") == nil)
    }
  }

  // MARK: Failures

  /// What the kernel refuses is said, by the name of the field.
  @Test("What cannot be had is said") func whatCanNotBeHadIsSaid() async throws {
    try await withWorld { world in
      var limit = Ulimit()
      (limit.name, limit.soft, limit.hard) = ("nofile", 10, 5)
      let workload = Workload.of(.script("api", "exec sleep 1000") { $0.resources.ulimits = [limit] })
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "api", of: workload)
      }
      #expect(failure?.message.contains("can't set its `ulimits`") == true)
    }
  }
}
