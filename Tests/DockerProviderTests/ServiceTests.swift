import DockerAPI
import Planning
import ProviderKit
import Synchronization
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import DockerProvider

/// What services find in their containers, and what is seen of them from outside.
@Suite(.serialized, TestEngine.isThere) struct ServiceTests {
  @Test("Services find each other by name") func servicesFindEachOtherByName() async throws {
    try await withDocker { world in
      try await world.create(
        .of(.idle("api"), .idle("proxy", role: .sidecar)))
      for name in ["api", "proxy"] {
        #expect(
          try await world.output(of: "ping -c 1 -W 5 \(name) >/dev/null && echo found", in: "proxy")
            == "found\n")
      }
    }
  }

  @Test("A service finds its files and its environment") func aServiceFindsItsFilesAndItsEnvironment()
    async throws
  {
    try await withDocker { world in
      var service = Service.idle("api")
      service.env = ["DATA": "${root}/data", "LEVEL": "info"]
      service.configFiles = [.at("/etc/shop/app.conf", "root = ${root}/data\n")]
      service.secrets = [.of("env:TOKEN", .env, "TOKEN"), .of("file:token", .file, "/run/secrets/token")]
      let workload = Workload.of(service)
      try await world.create(workload, secrets: ["file:token": "s3cret", "env:TOKEN": "t0ken"])
      #expect(try await world.output(of: "cat /etc/shop/app.conf", in: "api") == "root = /data\n")
      #expect(
        try await world.output(of: "stat -c %a /etc/shop/app.conf /run/secrets/token", in: "api")
          == "644\n400\n")
      #expect(try await world.output(of: "cat /run/secrets/token", in: "api") == "s3cret")
      #expect(
        try await world.output(of: "echo $DATA $LEVEL $TOKEN $BERTH_SERVICE $BERTH_INSTANCE", in: "api")
          == "/data info t0ken api 0\n")
      let before = try await world.observed("api")
      #expect(before.live.service == service)
      #expect(Set(before.secretDigests.keys) == ["file//run/secrets/token", "env/TOKEN"])
      try await world.perform(.restart, "api", of: workload)
      #expect(try await world.output(of: "cat /run/secrets/token", in: "api") == "s3cret")
      #expect(try await world.observed("api").live.service == service)
    }
  }

  @Test("A service whose root is read only finds its files in its volumes")
  func aServiceWhoseRootIsReadOnlyFindsItsFilesInItsVolumes() async throws {
    try await withDocker { world in
      var service = Service.idle("api")
      service.security.readOnlyRoot = true
      service.volumes = ["/etc/shop", "/etc/shop/inner", "/run"].enumerated().map { index, path in
        var volume = WorkloadSpec.Volume()
        (volume.name, volume.mountPath) = ("v\(index)", path)
        return volume
      }
      service.configFiles = [
        .at("/etc/shop/a.conf", "one\n"), .at("/etc/shop/sub/b.conf", "two\n"),
        .at("/etc/shop/inner/c.conf", "three\n"),
      ]
      service.secrets = [.of("file:token", .file, "/run/secrets/token")]
      let workload = Workload.of(service)
      try await world.create(workload, secrets: ["file:token": "s3cret"])
      let files = "/etc/shop/a.conf /etc/shop/sub/b.conf /etc/shop/inner/c.conf /run/secrets/token"
      #expect(try await world.output(of: "cat \(files)", in: "api") == "one\ntwo\nthree\ns3cret")
      #expect(try await world.output(of: "touch /etc/other 2>/dev/null || echo no", in: "api") == "no\n")
      let live = try await world.observed("api").live.service
      #expect(Set(live.configFiles.map(\.content)) == Set(service.configFiles.map(\.content)))
      try await world.perform(.restart, "api", of: workload)
      #expect(try await world.output(of: "cat \(files)", in: "api") == "one\ntwo\nthree\ns3cret")
    }
  }

  @Test("Secrets belong to the user of the image") func secretsBelongToTheUserOfTheImage() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let image = "\(world.namespace)/user:1"
      try await world.makeImage(image, ["USER 1234:99"])
      var service = Service.idle("api")
      service.image = image
      service.secrets = [.of("file:token", .file, "/token")]
      let result = await Result { try await world.create(.of(service), secrets: ["file:token": "s3cret"]) }
      let read = await Result {
        try await world.output(of: "stat -c '%u %g %a' /token; cat /token", in: "api")
      }
      for container in try await client.containers.list() where container.names[0].hasPrefix(world.namespace)
      {
        try await client.containers.remove(container.id, force: true)
      }
      try await client.images.remove(image, force: true)
      try result.get()
      #expect(try read.get() == "1234 99 400\ns3cret")
    }
  }

  @Test("An edited config file is seen with its content") func anEditedConfigFileIsSeenWithItsContent()
    async throws
  {
    try await withDocker { world in
      var service = Service.idle("api")
      service.configFiles = [.at("/etc/app", "one\n"), .at("/etc/other", "other\n")]
      try await world.create(.of(service))
      _ = try await world.output(of: "echo by hand > /etc/app; rm /etc/other", in: "api")
      let live = try await world.observed("api").live.service
      #expect(live.configFiles.map(\.path) == ["/etc/app"])
      #expect(live.configFiles.first?.content == "by hand\n")
      // What was written to and is the same is no difference.
      _ = try await world.output(of: "echo one > /etc/app; echo other > /etc/other", in: "api")
      #expect(try await world.observed("api").live.service == service)
    }
  }

  @Test("A deep look reads what pretends to be untouched") func aDeepLookReadsWhatPretendsToBeUntouched()
    async throws
  {
    try await withDocker { world in
      var service = Service.idle("api")
      service.configFiles = [.at("/etc/app", "one\n"), .at("/etc/other", "other\n")]
      try await world.create(.of(service))
      _ = try await world.output(
        of: "echo by hand > /etc/app; touch -d @\(GivenFile.modified) /etc/app", in: "api")
      #expect(try await world.observed("api").live.service == service)
      let deep = try await world.provider.observe(world.key, deeply: true)
      let live = try #require(deep.instance(InstanceID(0))?.service("api")).live.service
      #expect(live.configFiles.map(\.content) == ["by hand\n", "other\n"])
    }
  }

  @Test("A tag that moved is seen") func aTagThatMovedIsSeen() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let (service, image) = try await world.createWithTagOfItsOwn("api")
      #expect(try await world.observed("api").imageMove == nil)
      let old = try await client.images.inspect(image).id
      let new = try await client.images.importArchive(TarWriter.archive([.file("new", [])]), as: image)
      let observed = try await world.observed("api")
      #expect(observed.imageMove == ImageMove(from: old, to: new))
      #expect(observed.live.service == service)
      // A name that leads nowhere any more has not moved.
      try await client.images.remove(image)
      #expect(try await world.observed("api").imageMove == nil)
    }
  }

  @Test(
    "The engine starts a service again as often as its spec lets it, and the number is changed while it runs")
  func theEngineStartsAServiceAgainAsOftenAsItsSpecLetsIt() async throws {
    try await withDocker { world in
      var workload = Workload.of(
        .shell("api", "until [ -e /tmp/fail ]; do sleep 0.1; done; exit 3") {
          $0.restart = .onFailure
          $0.maxRestarts = 1
        })
      try await world.create(workload)
      let before = try await world.observed("api")
      #expect(before.live.service == workload.services[0])
      for limit in [2, nil, 3] {
        workload.services[0].maxRestarts = limit
        try await world.perform(.update, "api", of: workload)
        #expect(try await world.observed("api").live.service == workload.services[0])
      }
      let client = try await world.connection.client()
      let name = EngineNames(key: world.key).container(of: "api", in: InstanceID(0))
      // From now on, it fails whenever it runs.
      _ = try await world.output(of: "touch /tmp/fail", in: "api")
      try await eventually("the engine has started it 3 times again") {
        let container = try await client.containers.inspect(name)
        return container.state.status == "exited" && container.restartCount == 3
      }
      // By hand, it is a difference of the field, and of nothing else.
      try await client.containers.update(
        name, ContainerUpdate(restartPolicy: RestartPolicy(name: "on-failure", maximumRetries: 9)))
      #expect(try await world.observed("api").live.service.maxRestarts == 9)
      #expect(try await world.observed("api").deviations.isEmpty)
      try await client.containers.update(
        name, ContainerUpdate(restartPolicy: RestartPolicy(name: "unless-stopped")))
      #expect(try await world.observed("api").live.service.maxRestarts == nil)
      #expect(try await world.observed("api").live.service.restart == .always)
    }
  }

  @Test("Limits are changed while it runs") func limitsAreChangedWhileItRuns() async throws {
    try await withDocker { world in
      var workload = Workload.of(
        .idle("api") {
          $0.resources.memory = ByteQuantity("64Mi")
          $0.resources.cpu = CPUQuantity("500m")
        })
      try await world.create(workload)
      let before = try await world.observed("api")
      workload.services[0].resources.memory = ByteQuantity("32Mi")
      workload.services[0].resources.cpu = CPUQuantity("250m")
      workload.services[0].restart = .onFailure
      try await world.perform(.update, "api", of: workload)
      var after = try await world.observed("api")
      #expect(after.processID == before.processID)
      #expect(after.live.service == workload.services[0])
      // By hand, it is a difference.
      let client = try await world.connection.client()
      let name = EngineNames(key: world.key).container(of: "api", in: InstanceID(0))
      try await client.containers.update(name, ContainerUpdate(memory: 48 << 20, memorySwap: 48 << 20))
      after = try await world.observed("api")
      #expect(after.live.service.resources.memory == ByteQuantity("48Mi"))
    }
  }

  @Test("Health is asked over the network") func healthIsAskedOverTheNetwork() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      var service = Service.shell(
        "api", "mkdir /www; echo up >/www/up; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait")
      service.healthCheck = HealthCheck()
      service.healthCheck?.path = "/up"
      service.healthCheck?.port = 8080
      service.ports = [.of(8080)]
      try await world.create(.of(service))
      var observed = try await world.observed("api")
      #expect(observed.isReady)
      let endpoint = try #require(observed.endpoints.first)
      #expect(endpoint.containerPort == 8080)
      let name = EngineNames(key: world.key).container(of: "api", in: InstanceID(0))
      _ = try await world.output(of: "rm /www/up", in: "api")
      observed = try await world.observed("api")
      #expect(!observed.isReady)
      #expect(observed.message?.contains("answers 404") == true, "\(observed.message ?? "")")
      // A server that hangs is one that does not answer.
      try await client.containers.kill(name, signal: "SIGSTOP")
      _ = try await world.output(of: "killall -STOP httpd", in: "api")
      observed = try await world.observed("api")
      #expect(observed.message?.contains("does not answer") == true, "\(observed.message ?? "")")
    }
  }

  @Test("What only berth reads changes without touching a container")
  func whatOnlyBerthReadsChangesWithoutTouchingAContainer() async throws {
    try await withDocker { world in
      var workload = Workload.of(
        .shell("api", "mkdir /www; echo up >/www/up; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait") {
          $0.volumes = [.at("/cache", .ephemeral, "cache")]
        },
        .idle("proxy", role: .sidecar))
      workload.replicas = 1
      try await world.apply(workload)
      let before = try await world.observed("api")
      let edits: [(inout Service) -> Void] = [
        { service in
          service.healthCheck = HealthCheck()
          service.healthCheck?.path = "/no"
          service.healthCheck?.port = 8080
        },
        { $0.healthCheck?.path = "/up" }, { $0.healthCheck?.interval = .seconds(1) },
        { $0.healthCheck?.timeout = .seconds(1) }, { $0.healthCheck?.retries = 1 },
        { $0.healthCheck?.path = nil }, { $0.stopGrace = .seconds(60) },
        { $0.resources.disk = ByteQuantity("1Gi") }, { $0.volumes[0].size = ByteQuantity("1Gi") },
        { $0.dependsOn = ["proxy"] }, { $0.healthCheck = nil },
      ]
      for (index, edit) in edits.enumerated() {
        edit(&workload.services[0])
        let plan = try await world.plan(workload)
        #expect(plan.actions.map(\.id.description) == ["record workload"], "edit \(index)")
        #expect(plan.actions.first?.changes.isEmpty == false, "edit \(index)")
        try await world.apply(workload)
        // The check that was recorded last is the one that is made.
        #expect(try await world.observed("api").isReady == (index != 0), "edit \(index)")
        #expect(try await world.plan(workload).isEmpty, "edit \(index)")
        #expect(try await world.drift().isEmpty, "edit \(index)")
      }
      let after = try await world.observed("api")
      #expect(after.processID == before.processID)
      #expect(after.live.service.dependsOn == ["proxy"])
      // What the engine checks, it has to be told.
      workload.services[0].healthCheck = HealthCheck()
      workload.services[0].healthCheck?.command = ["true"]
      let plan = try await world.plan(workload)
      #expect(plan.actions.contains { $0.kind != .record })
    }
  }

  @Test("A service stops within the time that was recorded last")
  func aServiceStopsWithinTheTimeThatWasRecordedLast() async throws {
    try await withDocker { world in
      func workload(_ grace: SpecDuration) -> Workload {
        var workload = Workload.of(
          .idle("api"),
          .shell("slow", "trap '' TERM; sleep 1000 & wait; wait", role: .sidecar) { $0.stopGrace = grace })
        workload.replicas = 1
        return workload
      }
      try await world.apply(workload(.seconds(300)))
      try await world.apply(workload(.seconds(1)))
      var without = workload(.seconds(1))
      without.services.removeLast()
      let start = ContinuousClock.now
      try await world.apply(without)
      #expect(ContinuousClock.now - start < .seconds(60))
    }
  }

  @Test("A service that the engine keeps restarting is given up")
  func aServiceThatEndsAgainAndAgainIsGivenUp()
    async throws
  {
    try await withDocker { world in
      let failure = try await #require(throws: ActionFailure.self) {
        try await world.create(.of(.shell("api", "echo no; exit 4")))
      }
      #expect(failure.message.contains("exited with code 4"))
      #expect(failure.logTail.last?.text == "no")
    }
  }

  @Test("A program that is not there is a clear failure") func aProgramThatIsNotThereIsAClearFailure()
    async throws
  {
    try await withDocker { world in
      let failure = try await #require(throws: ActionFailure.self) {
        try await world.create(.of(.idle("api") { $0.command = ["/no/such/program"] }))
      }
      #expect(failure.message.contains("/no/such/program"))
      let observed = try await world.observed("api")
      #expect(observed.state == .failed)
      #expect(observed.message?.contains("/no/such/program") == true)
    }
  }

  @Test("An image that is not there is a clear failure") func anImageThatIsNotThereIsAClearFailure()
    async throws
  {
    try await withDocker { world in
      let failure = try await #require(throws: ActionFailure.self) {
        try await world.create(
          .of(
            .idle("api") {
              $0.image = "berth-test/missing:1"
              $0.pullPolicy = .never
            }))
      }
      #expect(failure.message.contains("pullPolicy: never"))
    }
  }

  @Test("Volumes live as long as they should") func volumesLiveAsLongAsTheyShould() async throws {
    try await withDocker { world in
      var workload = Workload.of(
        .idle("api") {
          $0.volumes = [.at("/data", .persistent, "data"), .at("/cache", .ephemeral, "cache")]
        },
        .idle("proxy", role: .sidecar) { $0.volumes = [.at("/seen", .ephemeral, "cache")] })
      workload.kind = .statefulSet
      try await world.create(workload)
      _ = try await world.output(of: "echo kept > /data/f; echo shared > /cache/f", in: "api")
      #expect(try await world.output(of: "cat /seen/f", in: "proxy") == "shared\n")
      let names = EngineNames(key: world.key)
      var cache = ObservedVolume(name: "cache", ordinal: 0, type: .ephemeral)
      cache.data = names.volume(.instance("cache", InstanceID(0)))
      var data = ObservedVolume(name: "data", ordinal: 0, type: .persistent)
      data.data = names.volume(.ordinal("data", 0))
      #expect(try await world.provider.observe(world.key).volumes == [cache, data])
      try await world.perform(.replace, "api", of: workload)
      #expect(try await world.output(of: "cat /data/f /cache/f", in: "api") == "kept\nshared\n")
      try await world.provider.perform(Action(.delete, .instance(InstanceID(0))), in: world.context(nil))
      #expect(try await world.provider.observe(world.key).volumes.map(\.name) == ["data"])
      try await world.create(workload, run: "run-3")
      #expect(try await world.output(of: "cat /data/f", in: "api") == "kept\n")
    }
  }

  @Test("Logs are followed from one container to the next") func logsAreFollowedFromOneContainerToTheNext()
    async throws
  {
    try await withDocker { world in
      func workload(_ word: String) -> Workload { .of(.shell("api", "echo \(word); \(Service.idling)")) }
      try await world.create(workload("first"))
      let seen = Mutex<[String]>([])
      let following = Task {
        do {
          for try await line in world.provider.logs(of: world.key, matching: LogQuery(follow: true)) {
            seen.withLock { $0.append(line.text) }
          }
          seen.withLock { $0.append("(the log ended)") }
        } catch is CancellationError {
        } catch {
          seen.withLock { $0.append("(the log broke off: \(error))") }
        }
      }
      defer { following.cancel() }
      try await expectEventually(["first"], "the line of the first container") { seen.withLock { $0 } }
      try await world.perform(.restart, "api", of: workload("first"))
      try await expectEventually(["first", "first"], "the line after a restart") { seen.withLock { $0 } }
      try await world.perform(.replace, "api", of: workload("second"), run: "run-3")
      try await expectEventually(["first", "first", "second"], "the line of the second container") {
        seen.withLock { $0 }
      }
    }
  }

  @Test("A read that breaks off since its container goes is an end, and any other is an error")
  func aLogGoesBeforeItsContainer() async throws {
    try await withDocker { world in
      try await world.create(.of(.idle("api")))
      let client = try await world.connection.client()
      let id = try await client.containers.inspect(
        EngineNames(key: world.key).container(of: "api", in: InstanceID(0))
      ).id
      let log = ContainerLog(client: client, container: id, instance: InstanceID(0), service: "api")
      let breaking: @Sendable () throws -> Int = {
        throw DockerError("the engine can't go on: open json.log: no such file or directory")
      }
      await #expect(throws: DockerError.self) { try await log.ifThere(breaking) }
      try await client.containers.remove(id, force: true)
      #expect(try await log.ifThere(breaking) == nil)
    }
  }

  @Test("A line of any length is one line, byte by byte, and the last lines are counted as lines")
  func linesAreWhole() async throws {
    try await withDocker { world in
      // An engine keeps 16 KiB in a message, and what is no UTF-8 as a replacement: that is lost before it is read.
      let script = #"""
        printf 'first\r\n'; head -c 120000 /dev/zero | tr '\000' y; printf '\351\n'
        head -c 16384 /dev/zero | tr '\000' z; echo; echo last; \#(Service.idling)
        """#
      try await world.create(.of(.shell("api", script)))
      let expected: [[UInt8]] = [
        Array("first\r".utf8), [UInt8](repeating: 0x79, count: 120_000) + Array("\u{FFFD}".utf8),
        [UInt8](repeating: 0x7A, count: 16384), Array("last".utf8),
      ]
      func lines(_ tail: Int?) async throws -> [LogLine] {
        var lines: [LogLine] = []
        for try await line in world.provider.logs(of: world.key, matching: LogQuery(tail: tail)) {
          lines.append(line)
        }
        return lines
      }
      try await eventually("all lines") { try await lines(nil).map(\.bytes) == expected }
      for tail in 0...5 {
        #expect(try await lines(tail).map(\.bytes) == Array(expected.suffix(tail)), "the last \(tail)")
      }
      #expect(try await lines(nil).allSatisfy { !$0.goesOn })
    }
  }

  @Test("With none of the earlier lines asked for, following begins with what comes")
  func followingBeginsWithWhatComes() async throws {
    try await withDocker { world in
      let workload = Workload.of(.shell("api", "echo early; \(Service.idling)"))
      try await world.create(workload)
      let seen = Mutex<[String]>([])
      let following = Task {
        for try await line in world.provider.logs(of: world.key, matching: LogQuery(tail: 0, follow: true)) {
          seen.withLock { $0.append(line.text) }
        }
      }
      defer { following.cancel() }
      try await Task.sleep(for: .seconds(2))
      try await world.perform(.restart, "api", of: workload)
      try await eventually("the line after the restart") { seen.withLock { !$0.isEmpty } }
      try await Task.sleep(for: .seconds(1))
      #expect(seen.withLock { $0 } == ["early"])
    }
  }

  // MARK: What others left

  @Test("A container that was not started is finished") func aContainerThatWasNotStartedIsFinished()
    async throws
  {
    try await withDocker { world in
      var service = Service.idle("api")
      service.configFiles = [.at("/etc/app", "one\n")]
      let workload = Workload.of(service)
      let client = try await world.connection.client()
      let names = EngineNames(key: world.key)
      try await world.provider.perform(Action(.create, .instance(InstanceID(0))), in: world.context(workload))
      let builder = ContainerBuilder(
        workload: workload, id: InstanceID(0), context: world.context(workload, run: "killed"),
        table: .standard)
      try await client.containers.create(
        named: names.container(of: "api", in: InstanceID(0)), try builder.container(of: service))
      #expect(try await world.observed("api").state == .stopped)
      try await world.provider.perform(
        Action(.create, .service(InstanceID(0), "api")), in: world.context(workload))
      let observed = try await world.observed("api")
      #expect(observed.isReady)
      #expect(observed.stamp.run == RunID("killed"))
      #expect(observed.live.service == service)
    }
  }

  @Test("What berth did not create is not touched") func whatBerthDidNotCreateIsNotTouched() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let names = EngineNames(key: world.key)
      var config = ContainerConfig()
      config.image = TestEngine.image
      let container = names.container(of: "api", in: InstanceID(0))
      try await client.containers.create(named: container, ContainerCreation(config: config))
      try await client.networks.create(NetworkCreation(name: names.network(of: InstanceID(1))))
      try await client.volumes.create(VolumeCreation(name: names.volume(.shared("data"))))
      let observation = try await world.provider.observe(world.key)
      #expect(observation.instances.isEmpty)
      #expect(
        observation.foreign.map(\.name) == [
          container, names.network(of: InstanceID(1)), names.volume(.shared("data")),
        ])
      let workload = Workload.of(.idle("api"))
      for kind in [ActionKind.create, .replace, .delete, .stop] {
        await #expect(throws: ActionFailure.self) { try await world.perform(kind, "api", of: workload) }
      }
      await #expect(throws: ActionFailure.self) {
        try await world.provider.perform(
          Action(.create, .instance(InstanceID(1))), in: world.context(workload))
      }
      try await world.provider.perform(Action(.delete, .instance(InstanceID(1))), in: world.context(nil))
      try await world.provider.perform(
        Action(.delete, .volume("data", ordinal: nil)), in: world.context(nil))
      #expect(try await world.provider.observe(world.key).foreign == observation.foreign)
    }
  }

  @Test("Labels of another version are a gap") func labelsOfAnotherVersionAreAGap() async throws {
    try await withDocker { world in
      try await world.create(.of(.idle("api")))
      let client = try await world.connection.client()
      let name = EngineNames(key: world.key).container(of: "api", in: InstanceID(0))
      var config = try await client.containers.inspect(name).config
      try await client.containers.remove(name, force: true)
      config.labels?[Label.version] = "2"
      try await client.containers.create(named: name, ContainerCreation(config: config))
      #expect(try await world.provider.observe(world.key).gaps.count == 1)
    }
  }
}

/// Waits until something is so, and fails if that takes too long.
func eventually(_ what: Comment, _ condition: () async throws -> Bool) async throws {
  let end = ContinuousClock.now + .seconds(120)
  while ContinuousClock.now < end {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(50))
  }
  Issue.record(what)
}

/// Waits until a value is the expected one; if that takes too long, the test fails and shows the value.
func expectEventually<Value: Equatable>(
  _ expected: Value, _ what: String, _ value: () async throws -> Value
) async throws {
  var last: Value?
  let end = ContinuousClock.now + .seconds(120)
  while ContinuousClock.now < end {
    last = try await value()
    if last == expected { return }
    try await Task.sleep(for: .milliseconds(50))
  }
  Issue.record("\(what): expected \(expected), found \(last.map { "\($0)" } ?? "nothing")")
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}

extension SecretReference {
  fileprivate static func of(_ key: String, _ type: SecretType, _ place: String) -> SecretReference {
    var secret = SecretReference()
    secret.key = key
    secret.type = type
    secret.as = place
    return secret
  }
}

extension Port {
  fileprivate static func of(_ container: Int) -> Port {
    var port = Port()
    port.container = container
    return port
  }
}
