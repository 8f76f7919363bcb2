import DockerAPI
import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// How one container takes the place of another, and what becomes of it when that was broken off.
@Suite(.serialized, TestEngine.isThere) struct ReplacementTests {
  private static let id = InstanceID(0)

  private func workload(_ word: String, _ change: (inout Service) -> Void = { _ in }) -> Workload {
    .of(.idle("api") { $0.env = ["WORD": word] }).with(change)
  }

  /// The containers of the world: their names without what all share, their ids and whether they run.
  private func containers(of world: DockerWorld) async throws -> [String: (id: String, runs: Bool)] {
    let prefix = EngineNames(key: world.key).prefix
    let summaries = try await world.connection.client().containers.list(filters: ["name": ["^/?\(prefix)"]])
    return Dictionary(
      summaries.map { (String($0.names[0].dropFirst(prefix.count)), ($0.id, $0.state == "running")) }
    ) { $1 }
  }

  @Test("The new container takes the name of the old") func theNewContainerTakesTheNameOfTheOld() async throws
  {
    try await withDocker { world in
      try await world.create(workload("old"))
      let old = try #require(try await containers(of: world)["0_api"])
      try await world.perform(.replace, "api", of: workload("new"))
      let after = try await containers(of: world)
      #expect(after.keys.sorted() == ["0_api"])
      #expect(after["0_api"]?.id != old.id && after["0_api"]?.runs == true)
      #expect(try await world.output(of: "echo $WORD", in: "api") == "new\n")
      // Once more is nothing.
      try await world.perform(.replace, "api", of: workload("new"))
      #expect(try await containers(of: world)["0_api"]?.id == after["0_api"]?.id)
    }
  }

  @Test("What the engine refuses costs nothing") func whatTheEngineRefusesCostsNothing() async throws {
    try await withDocker { world in
      try await world.create(workload("old"))
      let old = try #require(try await containers(of: world)["0_api"])
      let refused = workload("new") { $0.resources.cpu = CPUQuantity("5000") }
      let error = await #expect(throws: ActionFailure.self) {
        try await world.perform(.replace, "api", of: refused)
      }
      #expect(error?.message.contains("CPUs") == true)
      let after = try await containers(of: world)
      #expect(after.keys.sorted() == ["0_api"])
      #expect(after["0_api"]?.id == old.id && after["0_api"]?.runs == true)
      #expect(try await world.observed("api").isReady)
    }
  }

  /// What happened to the containers of the world while one of them was replaced, in order.
  private func events(
    in world: DockerWorld, replacing old: String, _ body: () async throws -> Void
  ) async throws -> [(what: String, container: String)] {
    // Not asked for afterwards: an engine remembers only the last few events of all that happens on it.
    let stream = try await world.connection.client().system.events(
      filters: ["type": ["container"], "label": ["\(Label.namespace)=\(world.namespace)"]])
    let collecting = Task {
      var events: [(String, String)] = []
      for try await event in stream {
        events.append((event.action, event.actor.id))
        // The new one may have started before the old one is gone, or after that.
        let isGone = events.contains { $0 == ("destroy", old) }
        if isGone, events.contains(where: { $0.0 == "start" && $0.1 != old }) { break }
      }
      return events
    }
    do {
      try await body()
    } catch {
      collecting.cancel()
      throw error
    }
    return try await collecting.value
  }

  /// Where something happened to a container, among all that happened.
  private func place(
    of what: String, _ container: String, in events: [(what: String, container: String)]
  ) throws -> Int {
    try #require(events.lastIndex { $0 == (what, container) }, "\(what)")
  }

  @Test("The new one starts when nothing of the old one runs", arguments: [false, true])
  func theNewOneStartsWhenNothingOfTheOldOneRuns(holdsHostPort: Bool) async throws {
    try await withDocker { world in
      // It takes its time to end, and begins only when it is told to.
      func workload(_ word: String) -> Workload {
        .of(
          .shell("api", "trap 'sleep 1; exit 0' TERM; sleep 1000 & wait") {
            $0.env = ["WORD": word]
            guard holdsHostPort else { return }
            $0.ports = [.at(8080, host: 34_567)]
          })
      }
      try await world.create(workload("old"))
      let old = try #require(try await containers(of: world)["0_api"]).id
      let events = try await events(in: world, replacing: old) {
        try await world.perform(.replace, "api", of: workload("new"))
      }
      let new = try #require(try await containers(of: world)["0_api"]).id
      let order = [
        try place(of: "create", new, in: events), try place(of: "kill", old, in: events),
        try place(of: "die", old, in: events), try place(of: "start", new, in: events),
      ]
      #expect(order == order.sorted())
      // A port of the host is free only when the old one has lost its network.
      let stop = try place(of: "stop", old, in: events)
      if holdsHostPort { #expect(stop < order[3]) }
      #expect(try place(of: "destroy", old, in: events) > stop)
    }
  }

  // MARK: Broken off

  /// How far a replacement came.
  enum Progress: CaseIterable {
    case renamed, created, stopped, started
  }

  /// What comes next.
  enum Next: CaseIterable {
    case replace, back, restart, stop, delete, deleteInstance
  }

  /// Replaces the container of a service up to some point, as a run that was killed there.
  private func breakOff(
    _ world: DockerWorld, at progress: Progress, _ script: String = Service.idling
  ) async throws {
    let client = try await world.connection.client()
    let names = EngineNames(key: world.key)
    let name = names.container(of: "api", in: Self.id)
    try await world.create(workload("old") { $0.command[2] = script })
    let replaced = names.container(of: "api", in: Self.id, as: .replaced)
    try await client.containers.rename(name, to: replaced)
    if progress == .renamed { return }
    let new = workload("new")
    let builder = ContainerBuilder(
      workload: new, id: Self.id, context: world.context(new, run: "killed"), table: .standard)
    try await client.containers.create(named: name, try builder.container(of: new.services[0]))
    if progress == .created { return }
    try await client.containers.stop(replaced, grace: 5)
    if progress == .started { try await client.containers.start(name) }
  }

  @Test("It is taken up", arguments: Progress.allCases, Next.allCases)
  func itIsTakenUp(progress: Progress, next: Next) async throws {
    try await withDocker { world in
      try await breakOff(world, at: progress)
      let before = try await containers(of: world)
      let (old, new) = (try #require(before["0_api.replaced"]), before["0_api"])
      // It is one service, the old one, and not as it should be.
      let observed = try await world.observed("api")
      #expect(observed.live.service.env == ["WORD": "old"])
      #expect(!observed.isReady && observed.exitCode == nil && observed.message != nil)
      #expect(observed.isUnsettled)
      #expect(observed.state == (old.runs ? .running : .stopped))

      switch next {
      case .replace: try await world.perform(.replace, "api", of: workload("new"))
      case .back: try await world.perform(.start, "api", of: workload("old"))
      case .restart: try await world.perform(.restart, "api", of: workload("old"))
      case .stop: try await world.perform(.stop, "api", of: workload("old"))
      case .delete: try await world.perform(.delete, "api", of: workload("old"))
      case .deleteInstance:
        try await world.provider.perform(Action(.delete, .instance(Self.id)), in: world.context(nil))
      }

      let after = try await containers(of: world)
      switch next {
      case .replace:
        #expect(after.keys.sorted() == ["0_api"])
        #expect(try await world.output(of: "echo $WORD", in: "api") == "new\n")
        // What has taken over already is not interrupted once more.
        if progress == .started { #expect(after["0_api"]?.id == new?.id) }
        #expect(try await world.observed("api").isReady)
      case .back, .restart:
        #expect(after.keys.sorted() == ["0_api"])
        #expect(after["0_api"]?.id == old.id)
        let observed = try await world.observed("api")
        #expect(observed.isReady && !observed.isUnsettled)
      case .stop:
        #expect(after.keys.sorted() == ["0_api.stopped"])
        #expect(after["0_api.stopped"]?.id == old.id && after["0_api.stopped"]?.runs == false)
      case .delete, .deleteInstance: #expect(after.isEmpty)
      }
    }
  }

  @Test("What was told to stop is started again") func whatWasToldToStopIsStartedAgain() async throws {
    try await withDocker { world in
      let slow = "trap 'sleep 1; exit 0' TERM; sleep 1000 & wait"
      try await breakOff(world, at: .created, slow)
      let client = try await world.connection.client()
      let old = try #require(try await containers(of: world)["0_api.replaced"]).id
      // The run is killed after it has asked the engine to stop it.
      let stopping = Task { try await client.containers.stop(old, grace: 10) }
      try await Task.sleep(for: .milliseconds(300))
      try await world.perform(
        .start, "api", of: workload("old") { $0.command[2] = slow })
      _ = await stopping.result
      try await Task.sleep(for: .seconds(1))
      #expect(try await containers(of: world)["0_api"]?.runs == true)
    }
  }

  /// Waits until the engine waits a while before it starts a container again.
  private func awaitRestarting(_ name: String, in world: DockerWorld) async throws {
    let client = try await world.connection.client()
    try await eventually("`\(name)` is started again and again") {
      let state = try await client.containers.inspect(name).state
      return state.status == "restarting" && state.exitCode == 4
    }
  }

  @Test("A container that the engine keeps restarting is stopped") func whatEndsAgainAndAgainIsStopped()
    async throws
  {
    try await withDocker { world in
      let failing = Workload.of(.shell("api", "exit 4"))
      await #expect(throws: ActionFailure.self) { try await world.create(failing) }
      let names = EngineNames(key: world.key)
      try await awaitRestarting(names.container(of: "api", in: Self.id), in: world)
      try await world.perform(.stop, "api", of: failing)
      let after = try await containers(of: world)
      #expect(after.count == 1 && after.values.allSatisfy { !$0.runs })
      let observed = try await world.observed("api")
      #expect(observed.state == .stopped)
    }
  }

  @Test("A container that was to be replaced, and that the engine keeps restarting, is the service again")
  func whatWasToBeReplacedAndEndsAgainAndAgainIsTheServiceAgain() async throws {
    try await withDocker { world in
      // It gets its other name while it runs.
      let failing = Workload.of(.shell("api", "until test -e /end; do sleep 0.1; done; exit 4"))
      try await world.create(failing)
      let client = try await world.connection.client()
      let names = EngineNames(key: world.key)
      let replaced = names.container(of: "api", in: Self.id, as: .replaced)
      try await client.containers.rename(names.container(of: "api", in: Self.id), to: replaced)
      _ = try await outputOfExec("touch /end", in: world)
      try await awaitRestarting(replaced, in: world)
      await #expect(throws: ActionFailure.self) { try await world.perform(.start, "api", of: failing) }
      #expect(try await containers(of: world).keys.sorted() == ["0_api"])
    }
  }

  @Test("A successor of another image is not taken") func aSuccessorOfAnotherImageIsNotTaken() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let (service, image) = try await world.createWithTagOfItsOwn("api")
      let names = EngineNames(key: world.key)
      let name = names.container(of: "api", in: Self.id)
      try await client.containers.rename(name, to: names.container(of: "api", in: Self.id, as: .replaced))
      let builder = ContainerBuilder(
        workload: .of(service), id: Self.id, context: world.context(.of(service), run: "killed"),
        table: .standard)
      try await client.containers.create(named: name, try builder.container(of: service))
      try await client.containers.start(name)
      let killed = try #require(try await containers(of: world)["0_api"]).id
      // The tag leads elsewhere by now.
      let base = try await client.containers.archive(name, path: "/").collect(upTo: 64 << 20)
      _ = try await client.images.importArchive(base, as: image)
      try await world.perform(.replace, "api", of: .of(service))
      let after = try await containers(of: world)
      #expect(after.keys.sorted() == ["0_api"] && after["0_api"]?.id != killed)
      #expect(try await world.observed("api").imageMove == nil)
      try await world.provider.perform(Action(.delete, .instance(Self.id)), in: world.context(nil))
      try await client.images.remove(image, force: true)
    }
  }

  @Test("A command runs in what serves") func aCommandRunsInWhatServes() async throws {
    try await withDocker { world in
      try await breakOff(world, at: .created)
      let output = try await outputOfExec("echo $WORD", in: world)
      #expect(output == "old\n")
    }
  }

  private func outputOfExec(_ script: String, in world: DockerWorld) async throws -> String {
    let collected = Collected()
    _ = try await world.provider.exec(
      ExecRequest(key: world.key, instance: Self.id, service: "api", command: ["sh", "-c", script]),
      input: AsyncStream<ExecInput> { $0.finish() }
    ) { output in
      if !output.isError { await collected.add(output.bytes) }
    }
    return await collected.text
  }
}

private actor Collected {
  private(set) var text = ""
  func add(_ bytes: [UInt8]) { text += String(decoding: bytes, as: UTF8.self) }
}

extension Workload {
  fileprivate func with(_ change: (inout Service) -> Void) -> Workload {
    var copy = self
    change(&copy.services[0])
    return copy
  }
}
