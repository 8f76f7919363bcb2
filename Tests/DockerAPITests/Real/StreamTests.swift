import DockerAPI
import Testing

// Skipped where BERTH_TEST_DOCKER_HOST names no engine.
@Suite(.enabled(if: RealEngine.isThere)) struct StreamTests {
  // MARK: Logs

  @Test("Logs come apart with times") func logsComeApartWithTimes() async throws {
    let docker = try await RealEngine.connect()
    let long = 40_000
    let script = "echo out; echo err >&2; head -c \(long) /dev/zero | tr '\\0' x; echo; echo last"
    try await RealEngine.withContainer(docker, command: ["sh", "-c", script]) { id in
      _ = try await docker.containers.wait(id).exitCode()
      var lines: [ContainerLogLine] = []
      for try await line in try await docker.containers.logs(id, ContainerLogQuery(times: true)) {
        lines.append(line)
      }
      let created = try await docker.containers.inspect(id).created
      #expect(lines.allSatisfy { $0.time ?? .never > created })
      let output = lines.filter { $0.stream == .output }.map { String(decoding: $0.bytes, as: UTF8.self) }
      #expect(output == ["out", String(repeating: "x", count: long), "last"])
      #expect(
        lines.filter { $0.stream == .error }.map { String(decoding: $0.bytes, as: UTF8.self) } == ["err"])

      var tail: [String] = []
      for try await line in try await docker.containers.logs(id, ContainerLogQuery(tail: 1)) {
        #expect(line.time == nil)
        tail.append(String(decoding: line.bytes, as: UTF8.self))
      }
      // Which of the two streams comes last is for the engine to tell.
      #expect(tail == ["last"] || tail == ["err"])

      let since = try #require(lines.last { $0.stream == .output }?.time)
      var later: [String] = []
      for try await line in try await docker.containers.logs(
        id, ContainerLogQuery(error: false, since: since))
      {
        later.append(String(decoding: line.bytes, as: UTF8.self))
      }
      #expect(later == ["last"])
    }
  }

  @Test("Logs are followed to the end") func logsAreFollowedToTheEnd() async throws {
    let docker = try await RealEngine.connect()
    try await RealEngine.withContainer(
      docker, command: ["sh", "-c", "echo one; read line; echo $line"],
      change: {
        $0.config.opensInput = true
      }
    ) { id in
      var lines: [String] = []
      for try await line in try await docker.containers.logs(id, ContainerLogQuery(follows: true)) {
        lines.append(String(decoding: line.bytes, as: UTF8.self))
        // It goes on for as long as it runs.
        try await docker.containers.kill(id)
      }
      #expect(lines == ["one"])
    }
  }

  @Test("Following ends when it is cancelled") func followingEndsWhenItIsCancelled() async throws {
    let docker = try await RealEngine.connect()
    try await RealEngine.withContainer(docker, command: ["sh", "-c", "echo one; exec sleep 1000"]) { id in
      let (seen, continuation) = AsyncStream.makeStream(of: Void.self)
      let follower = Task {
        for try await _ in try await docker.containers.logs(id, ContainerLogQuery(follows: true)) {
          continuation.finish()
        }
      }
      for await _ in seen {}
      follower.cancel()
      await #expect(throws: CancellationError.self) { try await follower.value }
      let container = try await docker.containers.inspect(id)
      #expect(container.state.running)
    }
  }

  // MARK: Commands

  private static func run(
    _ docker: DockerClient, _ creation: ExecCreation, in id: String, input: [[UInt8]] = []
  ) async throws -> (output: String, error: String, code: Int?) {
    let exec = try await docker.execs.create(in: id, creation)
    var texts: [OutputChunk.Stream: [UInt8]] = [:]
    try await docker.execs.start(exec, terminal: creation.terminal) { streams in
      for bytes in input { try await streams.input.write(bytes) }
      streams.input.finish()
      for try await chunk in streams.output { texts[chunk.stream, default: []] += chunk.bytes }
    }
    let ended = try await docker.execs.inspect(exec)
    #expect(!ended.running)
    return (
      String(decoding: texts[.output] ?? [], as: UTF8.self),
      String(decoding: texts[.error] ?? [], as: UTF8.self),
      ended.exitCode
    )
  }

  @Test("A command is given input and ends") func aCommandIsGivenInputAndEnds() async throws {
    let docker = try await RealEngine.connect()
    try await RealEngine.withContainer(docker, command: ["sleep", "1000"]) { id in
      let large = [UInt8](repeating: UInt8(ascii: "y"), count: 1 << 20)
      let counted = try await Self.run(
        docker, ExecCreation(command: ["wc", "-c"], takesInput: true), in: id, input: [large, large, large])
      #expect(counted == ("\(3 << 20)\n", "", 0))

      let mixed = try await Self.run(
        docker,
        ExecCreation(
          command: ["sh", "-c", "echo $WHO; pwd >&2; exit 9"], environment: ["WHO=me"],
          workingDirectory: "/tmp"),
        in: id)
      #expect(mixed == ("me\n", "/tmp\n", 9))

      let echoed = try await Self.run(
        docker, ExecCreation(command: ["cat"], takesInput: true), in: id, input: [large])
      #expect(echoed.output.utf8.count == large.count)

      let absent = try await Self.run(docker, ExecCreation(command: ["no-such-program"]), in: id)
      #expect(absent.code == 126 || absent.code == 127)
    }
  }

  @Test("A terminal has a size") func aTerminalHasASize() async throws {
    let docker = try await RealEngine.connect()
    try await RealEngine.withContainer(docker, command: ["sleep", "1000"]) { id in
      let exec = try await docker.execs.create(
        in: id,
        ExecCreation(command: ["sh", "-c", "read line; stty size; exit 3"], terminal: true, takesInput: true))
      var text = ""
      try await docker.execs.start(exec, terminal: true) { streams in
        try await docker.execs.resize(exec, columns: 91, rows: 17)
        try await streams.input.write(Array("go\r".utf8))
        for try await chunk in streams.output { text += String(decoding: chunk.bytes, as: UTF8.self) }
      }
      #expect(text.hasSuffix("17 91\r\n"))
      #expect(try await docker.execs.inspect(exec).exitCode == 3)
    }
  }

  @Test("A command outlives the client that lets go of its streams") func aCommandOutlivesWhoLetsGoOfIt()
    async throws
  {
    let docker = try await RealEngine.connect()
    try await RealEngine.withContainer(docker, command: ["sleep", "1000"]) { id in
      let exec = try await docker.execs.create(
        in: id, ExecCreation(command: ["sh", "-c", "echo a; sleep 1000"]))
      let first = try await docker.execs.start(exec, terminal: false) { streams in
        for try await chunk in streams.output { return chunk.bytes }
        return []
      }
      #expect(first == Array("a\n".utf8))
      #expect(try await docker.execs.inspect(exec).running)
    }
  }

  @Test("A command needs a container that runs") func aCommandNeedsAContainerThatRuns() async throws {
    let docker = try await RealEngine.connect()
    try await RealEngine.withContainer(docker, command: ["true"], starting: false) { id in
      await #expect { try await docker.execs.create(in: id, ExecCreation(command: ["true"])) } throws: {
        ($0 as? DockerError)?.isConflict == true
      }
    }
    await #expect { try await docker.execs.start("nothing", terminal: false) { _ in } } throws: {
      ($0 as? DockerError)?.isNotFound == true
    }
  }

  // MARK: Files

  @Test("Files go in and out") func filesGoInAndOut() async throws {
    let docker = try await RealEngine.connect()
    try await RealEngine.withContainer(docker, command: ["cat", "/etc/app/config"], starting: false) { id in
      let entries = [
        TarEntry.folder("app", mode: 0o750, user: 5, group: 6),
        .file(
          "app/config", Array("workers: 4\n".utf8), mode: 0o400, user: 7, group: 8, modified: 1_795_661_220),
      ]
      try await docker.containers.putArchive(TarWriter.archive(entries), in: id, path: "/etc")
      let stat = try await docker.containers.stat(id, path: "/etc/app/config")
      #expect(stat.name == "config")
      #expect(stat.size == 11)
      #expect(stat.permissions == 0o400)
      #expect(stat.modified == EngineTime(seconds: 1_795_661_220))
      #expect(!stat.isFolder)
      #expect(try await docker.containers.stat(id, path: "/etc/app").isFolder)
      let archive = try await docker.containers.archive(id, path: "/etc/app").collect(upTo: 1 << 20)
      let read = try TarReader.entries(of: archive)
      #expect(read.map(\.path) == ["app", "app/config"])
      #expect(read.last?.contents == Array("workers: 4\n".utf8))
      #expect(read.last?.user == 7)
      #expect(read.last?.group == 8)
      #expect(read.last?.mode == 0o400)
      await #expect(throws: DockerError.self) {
        try await docker.containers.archive(id, path: "/etc/app").collect(upTo: 100)
      }
      for path in ["/etc/none", "/nowhere/at/all"] {
        await #expect { try await docker.containers.stat(id, path: path) } throws: {
          ($0 as? DockerError)?.isNotFound == true
        }
      }
    }
  }

  @Test("An empty image holds a container that never runs") func anEmptyImageHoldsAContainerThatNeverRuns()
    async throws
  {
    let docker = try await RealEngine.connect()
    let name = "\(RealEngine.uniqueName()):1"
    let id = try await docker.images.importArchive(
      TarWriter.archive([]), as: name, changes: ["LABEL berth-test=\(name)", "CMD [\"/none\"]"])
    let image = try await docker.images.inspect(name)
    #expect(image.id == id)
    #expect(image.tags == [name])
    #expect(image.config?.command == ["/none"])
    #expect(image.config?.labels == ["berth-test": name])
    #expect(try await docker.images.list(filters: ["label": ["berth-test=\(name)"]]).map(\.id) == [id])
    try await RealEngine.withContainer(
      docker, command: [], starting: false,
      change: {
        $0.config.image = name
        $0.config.command = nil
      }
    ) { container in
      try await docker.containers.putArchive(
        TarWriter.archive([.file("kept", [1, 2, 3])]), in: container, path: "/")
      let archive = try await docker.containers.archive(container, path: "/kept").collect(upTo: 1 << 20)
      #expect(try TarReader.entries(of: archive).first?.contents == [1, 2, 3])
    }
    try await docker.images.tag(name, as: "\(name)-too")
    #expect(try await docker.images.inspect(id).tags?.count == 2)
    try await docker.images.remove(name)
    try await docker.images.remove("\(name)-too")
    await #expect { try await docker.images.inspect(id) } throws: { ($0 as? DockerError)?.isNotFound == true }
  }

  @Test("Pulling fails without a registry") func pullingFailsWithoutARegistry() async throws {
    let docker = try await RealEngine.connect()
    await #expect(throws: DockerError.self) {
      for try await _ in try await docker.images.pull("localhost:1/none:1") {}
    }
  }

  // MARK: Events

  @Test("Events tell what happens") func eventsTellWhatHappens() async throws {
    let docker = try await RealEngine.connect()
    try await RealEngine.withContainer(docker, command: ["sh", "-c", "exit 5"], starting: false) { id in
      let events = try await docker.system.events(filters: ["container": [id], "type": ["container"]])
      try await docker.containers.start(id)
      var actions: [String] = []
      for try await event in events {
        #expect(event.actor.id == id)
        actions.append(event.action)
        if event.action == "die" {
          #expect(event.actor.attributes?["exitCode"] == "5")
          break
        }
      }
      #expect(actions == ["start", "die"])
    }
  }
}
