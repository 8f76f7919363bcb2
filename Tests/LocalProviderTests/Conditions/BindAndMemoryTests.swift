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

/// Volumes that are paths of the machine, or memory, with mounts and with links.
@Suite struct BindAndMemoryTests {
  private func volume(_ name: String, _ path: String, _ type: VolumeType, source: String? = nil) -> Volume {
    var volume = Volume()
    (volume.name, volume.mountPath, volume.type, volume.source) = (name, path, type, source)
    return volume
  }

  private func text(_ path: String) throws -> String? {
    try Files.read(path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Runs a body with a folder of the machine in which a file is.
  private func withSource(_ body: (String) async throws -> Void) async throws {
    var template = Array("/tmp/berth-source-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    try Files.replace(path + "/file", with: Array("old".utf8), mode: 0o640, durably: false)
    do { try await body(path) } catch {
      try? Files.remove(path)
      throw error
    }
    try Files.remove(path)
  }

  // MARK: Binds

  @Test("A folder of the machine is seen and kept", arguments: VolumeTests.both)
  func aFolderOfTheMachineIsSeenAndKept(mounts: Bool) async throws {
    try await withSource { source in
      try await withWorld(mountsVolumes: mounts) { world in
        let workload = Workload.of(
          .script("api", "cat media/file > media/copy; touch up; exec sleep 1000") {
            $0.volumes = [volume("media", "/media", .bind, source: source)]
          })
        #expect(try await world.notes(on: workload).map(\.code) == [])
        try await world.perform(.create, "api", of: workload)
        try await world.eventually("it is up") { Files.kind(world.folder().root(of: "api") + "/up") != nil }
        #expect(try text(source + "/copy") == "old")
        #expect(try await world.service("api").live.service.volumes == workload.services[0].volumes)
        // Nothing of it goes with the service, its replacement or the instance.
        try await world.perform(.replace, "api", of: workload, run: "run-2")
        try await world.provider.perform(
          Action(.delete, .service(InstanceID(0), "api")), in: world.context(workload))
        try await world.deleteInstance()
        #expect(try Files.names(in: source) == ["copy", "file"])
      }
      #expect(try text(source + "/file") == "old")
    }
  }

  @Test("A file of the machine is seen and kept", arguments: VolumeTests.both)
  func aFileOfTheMachineIsSeenAndKept(mounts: Bool) async throws {
    try await withSource { source in
      try await withWorld(mountsVolumes: mounts) { world in
        let workload = Workload.of(
          .script("api", "cat etc/app.conf > seen; echo new > etc/app.conf; touch up; exec sleep 1000") {
            $0.volumes = [volume("conf", "/etc/app.conf", .bind, source: source + "/file")]
          })
        #expect(try await world.notes(on: workload).map(\.code) == [])
        try await world.perform(.create, "api", of: workload)
        let root = world.folder().root(of: "api")
        try await world.eventually("it is up") { Files.kind(root + "/up") != nil }
        #expect(try text(root + "/seen") == "old")
        #expect(try text(source + "/file") == "new\n")
        #expect(try await world.notes(on: workload).map(\.message) == [])
        try await world.perform(.restart, "api", of: workload, run: "run-2")
        #expect(try await world.notes(on: workload).map(\.message) == [])
        try await world.deleteInstance()
      }
      var status = stat()
      #expect(stat(source + "/file", &status) == 0 && status.st_mode & 0o777 == 0o640)
      #expect(status.st_uid == geteuid())
    }
  }

  @Test("What is read only cannot be written to", .enabled(if: LocalWorld.mayMount))
  func whatIsReadOnlyCanNotBeWrittenTo() async throws {
    try await withSource { source in
      try await withWorld { world in
        var bind = volume("media", "/media", .bind, source: source)
        var file = volume("conf", "/conf", .bind, source: source + "/file")
        var data = volume("data", "/data", .ephemeral)
        (bind.readOnly, file.readOnly, data.readOnly) = (true, true, true)
        let workload = Workload.of(.script("api", "exec sleep 1000") { $0.volumes = [bind, file, data] })
        try await world.perform(.create, "api", of: workload)
        for path in ["media/new", "conf", "data/new"] {
          #expect(try await world.shell("echo x > \(path)").exitCode != 0, "\(path)")
        }
        #expect(try await world.shell("cat media/file conf").text == "oldold")
      }
      #expect(try Files.names(in: source) == ["file"])
    }
  }

  @Test("What is not there or no file is said before anything is done")
  func whatIsNotThereOrNoFileIsSaidBeforeAnythingIsDone() async throws {
    try await withSource { source in
      try await withWorld { world in
        #expect(mkfifo(source + "/pipe", 0o600) == 0)
        let socket = try Sockets.make(AF_UNIX, Sockets.stream)
        defer { close(socket) }
        #expect(try Sockets.withUnixAddress(source + "/socket") { bind(socket, $0, $1) } == 0)
        for (name, words) in [
          ("absent", "and nothing is there"), ("pipe", "which is a pipe"), ("socket", "which is a socket"),
        ] {
          let workload = Workload.of(
            .script("api", "exec sleep 1000") {
              $0.volumes = [volume("media", "/media", .bind, source: "\(source)/\(name)")]
            })
          let notes = try await world.notes(on: workload)
          #expect(notes.map(\.code) == [.badBindSource])
          #expect(notes.first?.message.hasSuffix("\(source)/\(name), \(words)") == true)
        }
        let device = Workload.of(
          .script("api", "exec sleep 1000") {
            $0.volumes = [volume("media", "/media", .bind, source: "/dev/null")]
          })
        #expect(try await world.notes(on: device).map(\.code) == [.badBindSource])
      }
    }
  }

  @Test("berth writes nothing into a bind or into memory") func berthWritesNothingIntoABindOrIntoMemory()
    async throws
  {
    try await withSource { source in
      try await withWorld { world in
        var file = ConfigFile()
        (file.name, file.path, file.content) = ("app", "/media/app.conf", "x")
        var secret = SecretReference()
        (secret.key, secret.type, secret.as) = ("token", .file, "/run/token")
        let workload = Workload.of(
          .script("api", "exec sleep 1000") {
            $0.volumes = [
              volume("media", "/media", .bind, source: source), volume("run", "/run", .memory),
              volume("data", "/media/data", .persistent),
            ]
            ($0.configFiles, $0.secrets) = ([file], [secret])
          })
        let notes = try await world.notes(on: workload)
        #expect(notes.map(\.code) == [.providerRefuses, .providerRefuses, .providerRefuses])
      }
    }
  }

  // MARK: Memory

  @Test("Memory is mounted and forgotten", .enabled(if: LocalWorld.mayMount))
  func memoryIsMountedAndForgotten() async throws {
    try await withWorld { world in
      var memory = volume("cache", "/cache", .memory)
      (memory.size, memory.mode) = (ByteQuantity("1Mi"), "0750")
      let workload = Workload.of(
        .script("api", "test -e cache/x && touch again; echo x > cache/x; touch up; exec sleep 1000") {
          $0.volumes = [memory]
        })
      try await world.perform(.create, "api", of: workload)
      let root = world.folder().root(of: "api")
      #expect(try await world.shell("stat -f -c %T cache; stat -c %a cache").text == "tmpfs\n750\n")
      #expect(try await world.shell("head -c 2000000 /dev/zero > cache/full").exitCode != 0)
      #expect(try await world.notes(on: workload).map(\.message) == [])
      try await restartsWithNothing(root, world)
      #expect(try await world.shell("stat -f -c %T cache").text == "tmpfs\n")
    }
  }

  @Test("Memory is a folder where nothing can be mounted") func memoryIsAFolderWhereNothingCanBeMounted()
    async throws
  {
    try await withWorld(mountsVolumes: false) { world in
      let workload = Workload.of(
        .script("api", "test -e cache/x && touch again; echo x > cache/x; touch up; exec sleep 1000") {
          $0.volumes = [volume("cache", "/cache", .memory)]
        })
      try await world.perform(.create, "api", of: workload)
      try await restartsWithNothing(world.folder().root(of: "api"), world)
      let facts = EngineFacts(obstacles: ["volumes.size": "berth may not mount anything here"])
      let findings = LocalFields.on(facts).findings(on: workload)
      #expect(
        findings.map(\.message) == [
          "`cache` of `api` is to be memory, and is a folder here that is emptied at each start: berth may not mount anything here"
        ])
    }
  }

  /// Kills the process, and looks whether its successor finds what it wrote into memory.
  private func restartsWithNothing(_ root: String, _ world: LocalWorld) async throws {
    try await world.eventually("it is up") { Files.kind(root + "/up") != nil }
    try Files.remove(root + "/up")
    kill(pid_t(try #require(try await world.service("api").processID)), SIGKILL)
    try await world.eventually("it is up again") { Files.kind(root + "/up") != nil }
    #expect(Files.kind(root + "/again") == nil)
  }
}
