import DockerAPI
import Planning
import Synchronization
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// Config files in volumes that leave the spec.
@Suite(.serialized, TestEngine.isThere) struct FormerFilesTests {
  private static func workload(_ files: [String], image: String = TestEngine.image) -> Workload {
    var workload = Workload.of(
      .shell("api", "trap 'exit 0' TERM; /bin/sleep 1000 & wait") {
        $0.image = image
        $0.volumes = [.at("/data", .persistent, "data")]
        $0.configFiles = files.map { .at($0, "text of \($0)\n") }
      })
    workload.strategy.type = .recreate
    return workload
  }

  private static func files(in world: DockerWorld) async throws -> String {
    try await world.output(of: "cd /data; ls", in: "api")
  }

  @Test("A file that leaves the spec leaves its volume") func aFileThatLeavesTheSpecLeavesItsVolume()
    async throws
  {
    try await withDocker { world in
      try await world.apply(Self.workload(["/data/a.conf", "/data/b.conf", "/data/c.conf", "/etc/d.conf"]))
      _ = try await world.output(of: "echo by the service >> /data/b.conf; echo mine > /data/mine", in: "api")
      let notes = Mutex<[String]>([])
      try await world.reach(.spec(Self.workload(["/data/c.conf"]), services: nil)) { note in
        notes.withLock { $0.append(note) }
      }
      // What the service wrote to is its own.
      #expect(try await Self.files(in: world) == "b.conf\nc.conf\nmine\n")
      #expect(notes.withLock { $0.filter { $0.contains("/data/b.conf") }.count } == 1)
      #expect(try await world.output(of: "cat /data/c.conf", in: "api") == "text of /data/c.conf\n")
      let client = try await world.connection.client()
      #expect(
        try await client.containers.list(filters: ["label": ["\(Label.namespace)=\(world.namespace)"]]).count
          == 1)
    }
  }

  @Test("A file that the image cannot remove is told of") func aFileThatTheImageCanNotRemoveIsToldOf()
    async throws
  {
    try await withDocker { world in
      let image = "\(world.namespace)/bare:1"
      try await world.makeImage(image, ["ENV PATH=/nowhere"])
      try await world.apply(Self.workload(["/data/a.conf"], image: image))
      let notes = Mutex<[String]>([])
      try await world.reach(.spec(Self.workload([], image: image), services: nil)) { note in
        notes.withLock { $0.append(note) }
      }
      #expect(notes.withLock { $0.contains { $0.contains("/data/a.conf") && $0.contains("no `rm`") } })
      let client = try await world.connection.client()
      #expect(
        try await client.containers.list(filters: ["label": ["\(Label.namespace)=\(world.namespace)"]]).count
          == 1)
    }
  }
}
