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

/// Config files in volumes, which outlive what wrote them.
@Suite struct ConfigFileTests {
  /// A service with a volume at `/data` and config files, by path.
  private func workload(_ files: [String: String], mountPath: String = "/data") -> Workload {
    .of(
      .script("api", "exec sleep 1000") {
        var volume = Volume()
        volume.name = "data"
        volume.mountPath = mountPath
        volume.type = .persistent
        $0.volumes = [volume]
        $0.configFiles = files.sorted { $0.key < $1.key }.enumerated().map { index, file in
          var config = ConfigFile()
          config.name = "file-\(index)"
          config.path = file.key
          config.content = file.value
          return config
        }
      })
  }

  private func data(_ world: LocalWorld) -> String {
    world.layout.volume("data", ordinal: nil, of: world.key).data
  }

  private func text(_ path: String) throws -> String? {
    try Files.read(path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("A config file that leaves the spec leaves the volume", arguments: [ActionKind.restart, .replace])
  func aConfigFileThatLeavesTheSpecLeavesTheVolume(kind: ActionKind) async throws {
    try await withWorld { world in
      let secrets = ["db": "hunter2"]
      let before = workload(["/data/conf.d/a": "root=${root}\n", "/data/conf.d/b": "pw=${secret.db}\n"])
      try await world.perform(.create, "api", of: before, secrets: secrets)
      #expect(try Files.names(in: data(world) + "/conf.d") == ["a", "b"])
      #expect(try await world.service("api").live.service == before.services[0])
      _ = try await world.shell("echo own > data/conf.d/own")
      // One goes, and one moves.
      let after = workload(["/data/moved": "pw=${secret.db}\n"])
      #expect(try await world.notes(on: after).isEmpty)
      try await world.perform(kind, "api", of: after, run: "run-2", secrets: secrets)
      #expect(try Files.names(in: data(world) + "/conf.d") == ["own"])
      #expect(try text(data(world) + "/moved") == "pw=hunter2\n")
    }
  }

  @Test("A config file that was changed stays and is told", arguments: ["changed=yes\n", ""])
  func aConfigFileThatWasChangedStaysAndIsTold(content: String) async throws {
    try await withWorld { world in
      let told = Mutex<[String]>([])
      let before = workload(["/data/a": "root=${root}\n", "/data/b": "pw=${secret.db}\n", "/c": "c\n"])
      try await world.perform(.create, "api", of: before, secrets: ["db": "hunter2"])
      for name in ["data/a", "data/b", "c"] {
        #expect(try await world.exec(["sh", "-c", "printf '\(content)' > \(name)"]).exitCode == 0)
      }
      let after = workload([:])
      let notes = try await world.notes(on: after)
      #expect(notes.map(\.code) == [.configFileKept, .configFileKept])
      try await world.perform(.restart, "api", of: after, run: "run-2") { line in
        told.withLock { $0.append(line) }
      }
      #expect(try text(data(world) + "/a") == content)
      #expect(try text(data(world) + "/b") == content)
      #expect(Files.kind(world.folder().root(of: "api") + "/c") == nil)
      #expect(told.withLock { $0 }.filter { $0.contains("and stays: \(data(world))/") }.count == 2)
      #expect(try await world.notes(on: after).isEmpty)
    }
  }

  @Test("A volume that moves is not left with its config files")
  func aVolumeThatMovesIsNotLeftWithItsConfigFiles() async throws {
    try await withWorld { world in
      try await world.perform(.create, "api", of: workload(["/data/a": "a\n"]))
      let after = workload(["/data/a": "a\n"], mountPath: "/other")
      try await world.perform(.replace, "api", of: after, run: "run-2")
      #expect(try Files.names(in: data(world)) == [])
      #expect(try text(world.folder().root(of: "api") + "/data/a") == "a\n")
    }
  }

  @Test("A deleted instance takes its config files along") func aDeletedInstanceTakesItsConfigFilesAlong()
    async throws
  {
    try await withWorld { world in
      let before = workload(["/data/a": "a\n", "/data/b": "b\n", "/data/c": "c\n"])
      try await world.perform(.create, "api", of: before)
      _ = try await world.shell("echo changed > data/c; echo own > data/own")
      // Another instance still wants one of them, with other words in it.
      let after = workload(["/data/b": "new\n"])
      try await world.perform(.create, "api", of: after, instance: 1, run: "run-2")
      try await world.deleteInstance(of: after)
      #expect(try Files.names(in: data(world)) == ["b", "c", "own"])
      #expect(try text(data(world) + "/b") == "new\n")
      try await world.deleteInstance(1)
      #expect(try Files.names(in: data(world)) == ["c", "own"])
    }
  }

  @Test("A deleted service takes its config files along") func aDeletedServiceTakesItsConfigFilesAlong()
    async throws
  {
    try await withWorld { world in
      var before = workload(["/data/a": "a\n", "/data/b": "b\n"])
      before.services.append(.script("proxy", "exec sleep 1000", role: .sidecar))
      for name in ["api", "proxy"] { try await world.perform(.create, name, of: before) }
      var after = before
      after.services.removeFirst()
      // Another service takes one of them over.
      after.services[0].volumes = before.services[0].volumes
      after.services[0].configFiles = [before.services[0].configFiles[0]]
      try await world.perform(.delete, "api", of: after, run: "run-2")
      #expect(try Files.names(in: data(world)) == ["a"])
    }
  }

  /// An object that a service puts in place of a config file must not hold up an observation.
  @Test(
    "Only files are read as config files",
    arguments: [
      "mkfifo etc/app", "ln -s /dev/zero etc/app", "mkdir etc/app", "ln -s /etc/passwd etc/app",
      "rm -r etc; ln -s /proc etc",
    ])
  func onlyFilesAreReadAsConfigFiles(script: String) async throws {
    try await withWorld { world in
      try await world.perform(.create, "api", of: workload(["/etc/app": "a\n"]))
      #expect(try await world.shell("rm etc/app; \(script)").exitCode == 0)
      #expect(try await world.service("api").live.service.configFiles.isEmpty)
    }
  }
}
