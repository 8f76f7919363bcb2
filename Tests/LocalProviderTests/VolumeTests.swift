import Planning
import ProviderKit
import Synchronization
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

/// What services do to the places of their volumes, with mounts and with links.
@Suite struct VolumeTests {
  static let both = [true, false]

  /// A service whose volume holds a file.
  private func workload(
    _ path: String = "/data", _ type: VolumeType = .persistent, script: String = "exec sleep 1000"
  ) -> Workload {
    .of(
      .script("api", "test -e .\(path)/log || echo first > .\(path)/log; touch up; \(script)") {
        $0.volumes = [volume("data", path, type)]
      })
  }

  private func volume(_ name: String, _ path: String, _ type: VolumeType = .persistent) -> Volume {
    var volume = Volume()
    volume.name = name
    volume.mountPath = path
    volume.type = type
    return volume
  }

  private func text(_ path: String) throws -> String? {
    try Files.read(path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Makes the service, and waits until its volume has what it writes first.
  private func start(_ workload: Workload, in world: LocalWorld) async throws {
    try await world.perform(.create, "api", of: workload)
    try await world.eventually("it is up") { Files.kind(world.folder().root(of: "api") + "/up") != nil }
  }

  private func data(_ world: LocalWorld) -> String {
    world.layout.volume("data", ordinal: nil, of: world.key).data
  }

  /// What was moved away from the place of the volume.
  private func recovered(_ world: LocalWorld) throws -> [String] {
    try Files.names(in: world.layout.volumes).filter { $0.contains(".recovered-") }.map {
      world.layout.volumes + "/" + $0
    }
  }

  /// Whether the service sees its volume, by what is observed.
  private func seesVolume(_ world: LocalWorld) async throws -> Bool {
    try await world.service("api").live.service.volumes.map(\.mountPath)
      == workload().services[0].volumes.map(\.mountPath)
  }

  // MARK: Mounted

  @Test(
    "Nothing takes the place of a mounted volume",
    .enabled(if: LocalWorld.mayMount),
    arguments: [
      "rm -rf data; mkdir -p data", "mv data other", "rmdir data", "rm -f data", "ln -sfn /tmp data",
      "mkdir t t/data; echo second > t/data/more; tar -C t -cf b.tar data; tar -xf b.tar",
      "mkdir t t/data; tar -C t -cf b.tar data; tar --recursive-unlink -xf b.tar",
      "python3 -c 'import os; os.mkdir(\"new\"); os.rename(\"new\", \"data\")'",
    ])
  func nothingTakesThePlaceOfAMountedVolume(script: String) async throws {
    try await withWorld { world in
      try await start(workload(), in: world)
      _ = try await world.shell(script)
      let run = try await world.shell("echo second >> data/log")
      #expect(run.exitCode == 0)
      #expect(try text(data(world) + "/log")?.hasSuffix("second\n") == true)
      #expect(try await seesVolume(world))
      #expect(try await world.notes(on: workload()).isEmpty)
      try await world.perform(.replace, "api", of: workload(), run: "run-2")
      #expect(try text(data(world) + "/log")?.contains("second\n") == true)
      #expect(try recovered(world).isEmpty)
    }
  }

  @Test("No other process sees the mounts", .enabled(if: LocalWorld.mayMount)) func nobodyElseSeesTheMounts()
    async throws
  {
    try await withWorld { world in
      try await start(workload(), in: world)
      let root = world.folder().root(of: "api")
      #expect(MountTable.mount(below: world.home) == nil)
      #expect(try Files.names(in: root + "/data") == [])
      let service = try await world.service("api")
      #expect(try text("/proc/\(try #require(service.processID))/root\(root)/data/log") == "first\n")
      #expect(try await world.shell("cat data/log").text == "first\n")
      #expect(try Files.read(world.folder().supervisorLog) == [])
      // Deleting the folder while everything runs deletes nothing of the volume.
      try Files.remove(world.folder().services)
      #expect(try text(data(world) + "/log") == "first\n")
    }
  }

  @Test("A dead supervisor leaves no mounts", .enabled(if: LocalWorld.mayMount))
  func aDeadSupervisorLeavesNoMounts() async throws {
    try await withWorld { world in
      try await start(workload(), in: world)
      let process = try #require(try await world.service("api").processID)
      let space = try #require(Files.linkTarget("/proc/\(process)/ns/mnt"))
      kill(try #require(world.supervisor), SIGKILL)
      try await world.eventually("no process is in the namespace") {
        !ProcessTable.all().contains { Files.linkTarget("/proc/\($0.process)/ns/mnt") == space }
      }
      try await world.perform(.create, "api", of: workload(), run: "run-2")
      #expect(try await world.shell("cat data/log").text == "first\n")
      #expect(try await seesVolume(world))
      #expect(try recovered(world).isEmpty)
      try await world.deleteInstance()
      #expect(try text(data(world) + "/log") == "first\n")
    }
  }

  @Test("A folder in which something is mounted is not deleted", .enabled(if: LocalWorld.mayMount))
  func aFolderInWhichSomethingIsMountedIsNotDeleted() async throws {
    try await withWorld { world in
      let (kept, mounted) = (world.home + "/kept", world.home + "/gone/a b/mounted")
      for folder in [kept, mounted] { try Files.makeFolders(folder) }
      try Files.replace(kept + "/file", with: [1], durably: false)
      #expect(mount(kept, mounted, nil, UInt(MS_BIND), nil) == 0)
      let error = #expect(throws: SystemError.self) { try Files.remove(world.home + "/gone") }
      #expect(error?.code == EBUSY)
      #expect(Files.kind(kept + "/file") != nil)
      #expect(umount(mounted) == 0)
      try Files.remove(world.home + "/gone")
      #expect(Files.kind(world.home + "/gone") == nil)
    }
  }

  // MARK: Linked

  /// What is done by a service, and what must be found beside the volume then, from the path that was moved away.
  private static let replacements: [(script: String, words: String, path: String?)] = [
    ("rm data; mkdir data; echo second > data/log", "a folder", "/log"),
    ("mkdir t t/data; echo second > t/data/log; tar -C t -cf b.tar data; tar -xf b.tar", "a folder", "/log"),
    ("mv data other; mkdir data; echo second > data/log", "a folder", "/log"),
    ("rm data; echo second > data", "a file", ""),
    ("rm data; mkdir real; echo second > real/log; ln -s real data", "a link to real", "/log"),
    (
      "rm data; mkdir $BERTH_ROOT/real; echo second > real/log; ln -s $BERTH_ROOT/real data", "a link to ",
      "/log"
    ),
    ("rm data; ln -s /nowhere data", "a link to /nowhere", nil), ("rm data", "nothing", nil),
    ("rm data; mkdir data", "a folder", nil),
  ]

  private enum Way: CaseIterable {
    case restart, replace, stopAndStart, newSupervisor, deleteService, deleteInstance, deleteDeadInstance
  }

  private func go(
    _ way: Way, _ workload: Workload, in world: LocalWorld, _ report: @escaping @Sendable (String) -> Void
  ) async throws {
    func perform(_ kind: ActionKind) async throws {
      try await world.perform(kind, "api", of: workload, run: "run-2", report: report)
    }
    switch way {
    case .restart: try await perform(.restart)
    case .replace: try await perform(.replace)
    case .stopAndStart:
      try await perform(.stop)
      try await perform(.start)
    case .newSupervisor:
      kill(try #require(world.supervisor), SIGKILL)
      try await perform(.create)
    case .deleteService: try await perform(.delete)
    case .deleteInstance: try await world.deleteInstance(report: report)
    case .deleteDeadInstance:
      kill(try #require(world.supervisor), SIGKILL)
      try await world.deleteInstance(report: report)
    }
  }

  @Test("What takes the place of a linked volume is seen and moved aside", arguments: replacements.indices)
  func whatTakesThePlaceOfALinkedVolumeIsSeenAndMovedAside(index: Int) async throws {
    let (script, words, path) = Self.replacements[index]
    for way in Way.allCases {
      try await withWorld(mountsVolumes: false) { world in
        try await start(workload(), in: world)
        #expect(try await seesVolume(world))
        #expect(try await world.shell(script).exitCode == 0)
        #expect(try await !seesVolume(world))
        let notes = try await world.notes(on: workload())
        #expect(notes.map(\.code) == [.volumeReplaced])
        #expect(notes.first?.message.contains(words) == true, "\(notes.map(\.message))")

        let told = Mutex<[String]>([])
        try await go(way, workload(), in: world) { line in told.withLock { $0.append(line) } }
        #expect(try text(data(world) + "/log") == "first\n", "\(way): the volume is what it was")
        let recovered = try recovered(world)
        if let path {
          #expect(recovered == [data(world).dropLastPart + ".recovered-1"])
          #expect(try text((recovered.first ?? "") + path) == "second\n", "\(way)")
          #expect(told.withLock { $0 }.contains { $0.hasSuffix("was moved to \(recovered.first ?? "")") })
        } else {
          #expect(recovered.allSatisfy { Files.kind($0) == S_IFLNK })
        }
        guard try await world.observe().instance(InstanceID(0))?.service("api") != nil else { return }
        #expect(try await seesVolume(world))
        #expect(try await world.shell("cat data/log").text == "first\n")
        let after = try await world.notes(on: workload())
        #expect(after.map(\.code) == recovered.map { _ in .volumeRecovered })
      }
    }
  }

  @Test("What is moved aside twice is kept twice") func whatIsMovedAsideTwiceIsKeptTwice() async throws {
    try await withWorld(mountsVolumes: false) { world in
      try await start(workload(), in: world)
      for (number, content) in ["one", "two", "three"].enumerated() {
        _ = try await world.shell("rm -rf data; mkdir data; echo \(content) > data/log")
        try await world.perform(.replace, "api", of: workload(), run: "run-\(number + 2)")
      }
      let contents = try recovered(world).map { try text($0 + "/log") }
      #expect(contents == ["one\n", "two\n", "three\n"])
      #expect(try text(data(world) + "/log") == "first\n")
      // They are no volumes, and stay when the volume is deleted.
      #expect(try await world.observe().volumes.map(\.name) == ["data"])
      try await world.deleteInstance()
      try await world.provider.perform(
        Action(.delete, .volume("data", ordinal: nil)), in: world.context(nil))
      #expect(try recovered(world).count == 3)
    }
  }

  @Test("What is there of an ephemeral volume is moved aside in its instance")
  func whatIsThereOfAnEphemeralVolumeIsMovedAsideInItsInstance() async throws {
    try await withWorld(mountsVolumes: false) { world in
      let workload = workload("/data", .ephemeral)
      try await start(workload, in: world)
      _ = try await world.shell("rm data; mkdir data; echo second > data/log")
      try await world.perform(.replace, "api", of: workload, run: "run-2")
      #expect(try text(world.folder().volume("data") + "/log") == "first\n")
      #expect(try text(world.folder().volume("data") + ".recovered-1/log") == "second\n")
      try await world.deleteInstance()
      #expect(try Files.names(in: world.layout.instances).isEmpty)
    }
  }

  // MARK: Both

  /// What is above a volume can be replaced, whether the volume itself can be or not.
  @Test(
    "A folder above a volume can be replaced",
    arguments: both,
    [
      "mv var old; mkdir -p var/lib/shop; echo second > var/lib/shop/log",
      "mv var/lib old; mkdir -p real/shop; echo second > real/shop/log; ln -s ../real var/lib",
    ])
  func aFolderAboveAVolumeCanBeReplaced(mounts: Bool, script: String) async throws {
    for way in Way.allCases {
      try await withWorld(mountsVolumes: mounts) { world in
        let workload = workload("/var/lib/shop")
        try await start(workload, in: world)
        #expect(try await world.shell(script).exitCode == 0)
        #expect(try await world.service("api").live.service.volumes.map(\.mountPath) == [""])
        #expect(try await world.notes(on: workload).map(\.code) == [.volumeReplaced])
        try await go(way, workload, in: world) { _ in }
        #expect(try text(data(world) + "/log") == "first\n")
        let contents = try recovered(world).compactMap { try text($0 + "/log") }
        #expect(contents == ["second\n"], "\(way)")
        guard try await world.observe().instance(InstanceID(0))?.service("api") != nil else { return }
        #expect(try await world.service("api").live.service == workload.services[0])
        #expect(try await world.shell("cat var/lib/shop/log").text == "first\n")
      }
    }
  }

  @Test("A volume whose folder is gone is seen and made anew", arguments: both)
  func aVolumeWhoseFolderIsGoneIsSeenAndMadeAnew(mounts: Bool) async throws {
    try await withWorld(mountsVolumes: mounts) { world in
      try await start(workload(), in: world)
      try Files.remove(data(world).dropLastPart)
      #expect(try await !seesVolume(world))
      #expect(try await world.notes(on: workload()).map(\.code) == [.volumeGone])
      try await world.perform(.replace, "api", of: workload(), run: "run-2")
      #expect(try await seesVolume(world))
      try await world.eventually("it writes to the new one") { try text(data(world) + "/log") == "first\n" }
    }
  }

  @Test("Services of an instance see one volume", arguments: both) func servicesOfAnInstanceSeeOneVolume(
    mounts: Bool
  ) async throws {
    try await withWorld(mountsVolumes: mounts) { world in
      var workload = workload()
      workload.services.append(
        .script("backup", "exec sleep 1000", role: .sidecar) { $0.volumes = [volume("data", "/srv/in/copy")] }
      )
      try await start(workload, in: world)
      try await world.perform(.create, "backup", of: workload)
      _ = try await world.exec(["sh", "-c", "echo second >> srv/in/copy/log"], in: "backup")
      #expect(try await world.shell("cat data/log").text == "first\nsecond\n")
      try await world.perform(.delete, "backup", of: workload)
      #expect(try await world.shell("cat data/log").text == "first\nsecond\n")
    }
  }

  @Test("A volume can lie within another", arguments: both) func aVolumeCanLieWithinAnother(
    mounts: Bool
  ) async throws {
    try await withWorld(mountsVolumes: mounts) { world in
      var workload = workload()
      workload.services[0].volumes.append(volume("inner", "/data/a/in", .ephemeral))
      try await start(workload, in: world)
      _ = try await world.shell("echo deep > data/a/in/file")
      #expect(try text(world.folder().volume("inner") + "/file") == "deep\n")
      for kind in [ActionKind.restart, .replace] {
        try await world.perform(kind, "api", of: workload, run: "run-\(kind)")
        #expect(try await world.shell("cat data/a/in/file data/log").text == "deep\nfirst\n")
        #expect(try await world.service("api").live.service == workload.services[0])
      }
      try await world.deleteInstance()
      #expect(try text(data(world) + "/log") == "first\n")
      #expect(try recovered(world).isEmpty)
    }
  }

  /// What the outer volume held before is not moved about when an inner one is mounted over it.
  @Test("What a volume holds stays below another", .enabled(if: LocalWorld.mayMount))
  func whatAVolumeHoldsStaysBelowAnother() async throws {
    try await withWorld { world in
      try await start(workload(), in: world)
      _ = try await world.shell("mkdir data/in; echo below > data/in/file")
      var workload = workload()
      workload.services[0].volumes.append(volume("inner", "/data/in", .ephemeral))
      try await world.perform(.replace, "api", of: workload, run: "run-2")
      #expect(try await world.shell("ls data/in").text == "")
      #expect(try text(data(world) + "/in/file") == "below\n")
      try await world.deleteInstance()
      #expect(try text(data(world) + "/in/file") == "below\n")
      #expect(try recovered(world).isEmpty)
    }
  }

  @Test("Programs in a volume run", arguments: both) func programsInAVolumeRun(mounts: Bool) async throws {
    try await withWorld(mountsVolumes: mounts) { world in
      let folder = world.layout.volume("data", ordinal: nil, of: world.key).data
      try Files.makeFolders(folder)
      let script = "#!/bin/sh\nexec sleep 1000\n"
      try Files.replace(folder + "/run", with: Array(script.utf8), mode: 0o755, durably: false)
      try Files.replace(folder + "/check", with: Array("#!/bin/sh\n".utf8), mode: 0o755, durably: false)
      var workload = workload()
      workload.services[0].command = ["data/run"]
      workload.services[0].env["PATH"] = "${root}/data:/usr/bin:/bin"
      var check = HealthCheck()
      check.command = ["check"]
      workload.services[0].healthCheck = check
      try await world.perform(.create, "api", of: workload)
      #expect(try await world.exec(["check"]).exitCode == 0)
    }
  }

  @Test("A service that starts again sees its volume", arguments: both)
  func aServiceThatStartsAgainSeesItsVolume(mounts: Bool) async throws {
    try await withWorld(mountsVolumes: mounts) { world in
      try await start(workload(), in: world)
      kill(pid_t(try #require(try await world.service("api").processID)), SIGKILL)
      try await world.eventually("it runs again") {
        let service = try await world.service("api")
        return service.isReady && service.restarts == 1
      }
      #expect(try await world.shell("cat data/log").text == "first\n")
      #expect(try await seesVolume(world))
    }
  }

  /// After an upgrade, what was made with links is taken over, and what was made with mounts the other way round.
  @Test("Mounts and links give way to each other", .enabled(if: LocalWorld.mayMount), arguments: both)
  func mountsAndLinksGiveWayToEachOther(mountsFirst: Bool) async throws {
    try await withWorld(mountsVolumes: mountsFirst) { world in
      try await start(workload(), in: world)
      kill(try #require(world.supervisor), SIGKILL)
      try await world.eventually("nothing runs") { world.processes.isEmpty }
      let other = try LocalWorld(mountsVolumes: !mountsFirst)
      let provider = LocalProvider(home: world.home, store: EmptyStore(), executable: other.program)
      try await provider.perform(
        Action(.create, .service(InstanceID(0), "api")), in: world.context(workload(), run: "run-2"))
      #expect(Files.kind(world.folder().root(of: "api") + "/data") == (mountsFirst ? S_IFLNK : S_IFDIR))
      #expect(try await world.shell("cat data/log").text == "first\n")
      #expect(try recovered(world).isEmpty)
      try await other.end()
    }
  }
}
