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

@Suite struct ServiceLifeTests {
  @Test("A service starts and becomes ready") func aServiceStartsAndBecomesReady() async throws {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "echo hello; exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      let service = try await world.service("api")
      #expect(service.state == .running)
      #expect(service.isReady)
      #expect(service.restarts == 0)
      #expect(service.processID != nil)
      #expect(service.stamp.run == RunID("run-1"))
      #expect(service.live.service == workload.services[0])
      #expect(try await world.lines("api") == ["hello"])
    }
  }

  @Test("What is there is left alone when it is created again")
  func whatIsThereIsLeftAloneWhenItIsCreatedAgain() async throws {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      let before = try await world.service("api")
      try await world.perform(.create, "api", of: workload, run: "run-2")
      try await world.perform(.start, "api", of: workload, run: "run-2")
      #expect(try await world.service("api") == before)
    }
  }

  @Test("A repeated replace replaces once") func aRepeatedReplaceReplacesOnce() async throws {
    try await withWorld { world in
      let old = Workload.of(.script("api", "exec sleep 1000"))
      let new = Workload.of(.script("api", "exec sleep 1001"))
      try await world.perform(.create, "api", of: old)
      let first = try await world.service("api")
      try await world.perform(.replace, "api", of: new, run: "run-2")
      let second = try await world.service("api")
      #expect(second.processID != first.processID)
      #expect(second.stamp.run == RunID("run-2"))
      #expect(second.live.service == new.services[0])
      try await world.perform(.replace, "api", of: new, run: "run-2")
      #expect(try await world.service("api").processID == second.processID)
      try await world.perform(.replace, "api", of: new, run: "run-3")
      #expect(try await world.service("api").processID != second.processID)
    }
  }

  @Test("An update keeps the process") func anUpdateKeepsTheProcess() async throws {
    try await withWorld { world in
      let old = Workload.of(.script("api", "exec sleep 1000"))
      var new = old
      new.labels = ["team": "checkout"]
      new.services[0].annotations = ["owner": "checkout"]
      new.services[0].restart = .never
      var check = HealthCheck()
      check.command = ["/bin/true"]
      new.services[0].healthCheck = check
      try await world.perform(.create, "api", of: old)
      let before = try await world.service("api")
      try await world.perform(.update, "api", of: new, run: "run-2")
      let after = try await world.service("api")
      #expect(after.processID == before.processID)
      #expect(after.live.service == new.services[0])
      #expect(after.live.labels == new.labels)
      #expect(after.stamp.run == RunID("run-2"))
      #expect(after.stamp.digest != before.stamp.digest)

      // The new restart policy counts at once.
      kill(pid_t(try #require(after.processID)), SIGKILL)
      try await world.eventually("it stays ended") { try await world.service("api").state == .failed }
      #expect(try await world.service("api").exitCode == 137)
    }
  }

  @Test("A service that fails is started again as often as its spec lets it be, and an update counts at once")
  func aServiceThatFailsIsStartedAgainAsOftenAsItsSpecLetsItBe() async throws {
    try await withWorld { world in
      var workload = Workload.of(
        .script("api", "exec sleep 1000") {
          $0.restart = .onFailure
          $0.maxRestarts = 1
        })
      try await world.perform(.create, "api", of: workload)
      try await fail(in: world, times: 1)
      let again = try await world.service("api")
      #expect(again.restarts == 1 && again.live.service == workload.services[0])

      // One more than it has had.
      workload.services[0].maxRestarts = 2
      try await world.perform(.update, "api", of: workload, run: "run-2")
      #expect(try await world.service("api").processID == again.processID)
      #expect(try await world.service("api").live.service == workload.services[0])
      try await fail(in: world, times: 1)
      kill(pid_t(try #require(try await world.service("api").processID)), SIGKILL)
      try await world.eventually("it stays ended") { try await world.service("api").state == .failed }
      let ended = try await world.service("api")
      #expect(ended.restarts == 2 && ended.processID == nil)
      #expect(ended.message == "was ended by signal 9, after 2 restarts")

      // What asks for a start counts anew, and without the limit there is no end.
      workload.services[0].maxRestarts = nil
      try await world.perform(.start, "api", of: workload, run: "run-3")
      #expect(try await world.service("api").restarts == 0)
      #expect(try await world.service("api").live.service == workload.services[0])
      try await fail(in: world, times: 1)
    }
  }

  @Test("A service that fails before it was ready is not waited for beyond its last start")
  func aServiceThatFailsBeforeItWasReadyIsNotWaitedForBeyondItsLastStart() async throws {
    for program in ["/bin/sh", "/no/such/program"] {
      try await withWorld { world in
        let workload = Workload.of(
          .script("api", "exit 4") {
            $0.command[0] = program
            ($0.restart, $0.maxRestarts) = (.onFailure, 1)
          })
        let failure = await #expect(throws: ActionFailure.self) {
          try await world.perform(.create, "api", of: workload)
        }
        let message = "exited with code 4 before it was ready, 2 times"
        #expect((failure?.message == message) == (program == "/bin/sh"))
        try await world.eventually("it stays ended") {
          let service = try await world.service("api")
          return service.state == .failed && service.restarts == 1
        }
      }
    }
  }

  /// Kills the process of `api` so often, and waits each time until another one runs.
  private func fail(in world: LocalWorld, times: Int) async throws {
    for _ in 0..<times {
      let process = try #require(try await world.service("api").processID)
      kill(pid_t(process), SIGKILL)
      try await world.eventually("it runs again") {
        let service = try await world.service("api")
        return service.isReady && service.processID != process
      }
    }
  }

  @Test("What only berth reads changes without a new process")
  func whatOnlyBerthReadsChangesWithoutANewProcess() async throws {
    try await withWorld { world in
      var workload = Workload.of(
        .script("api", "exec sleep 1000") {
          $0.healthCheck = HealthCheck()
          $0.healthCheck?.command = ["/bin/true"]
        }, .script("proxy", "exec sleep 1000", role: .sidecar))
      try await world.perform(.create, "api", of: workload)
      let process = try await world.service("api").processID
      let edits: [(inout Service) -> Void] = [
        { $0.dependsOn = ["proxy"] }, { $0.stopGrace = .seconds(3) },
        { $0.healthCheck?.interval = .seconds(1) },
        { $0.healthCheck?.timeout = .seconds(1) }, { $0.healthCheck?.retries = 1 }, { $0.healthCheck = nil },
      ]
      for (index, edit) in edits.enumerated() {
        let last = workload
        edit(&workload.services[0])
        let diff = try #require(
          SnapshotDiff(from: last, to: workload).services.first?.changes)
        let statement = world.provider.impact(
          of: ServiceChange(desired: workload.services[0], changes: diff), on: EngineFacts())
        #expect(statement.impact == .inPlace, "edit \(index)")
        try await world.perform(.update, "api", of: workload, run: "run-\(index + 2)")
        let service = try await world.service("api")
        #expect(service.processID == process, "edit \(index)")
        #expect(service.live.service == workload.services[0], "edit \(index)")
      }
    }
  }

  @Test("A killed service is started again") func aKilledServiceIsStartedAgain() async throws {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      let first = try #require(try await world.service("api").processID)
      kill(pid_t(first), SIGKILL)
      try await world.eventually("it runs again") {
        let service = try await world.service("api")
        return service.isReady && service.processID != first
      }
      let service = try await world.service("api")
      #expect(service.restarts == 1)
      #expect(service.exitCode == 137)
    }
  }

  @Test(
    "A service that cannot become ready is a failure",
    arguments: [
      (RestartPolicy.never, "exit 0", "exited with code 0 before it was ready"),
      (.never, "exit 3", "exited with code 3 before it was ready"),
      (.onFailure, "exit 0", "exited with code 0 before it was ready"),
      (.onFailure, "exit 4", "exited with code 4 before it was ready, 3 times"),
      (.always, "exit 0", "exited with code 0 before it was ready, 3 times"),
      (.always, "kill -15 $$", "was ended by signal 15 before it was ready, 3 times"),
    ])
  func aServiceThatCannotBecomeReadyIsAFailure(
    policy: RestartPolicy, script: String, message: String
  )
    async throws
  {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "echo trying; echo why >&2; \(script)") { $0.restart = policy })
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "api", of: workload)
      }
      #expect(failure?.message == message)
      #expect(failure?.logTail.prefix(2).map(\.text).sorted() == ["trying", "why"])
      #expect(Set(failure?.logTail.map(\.isError) ?? []) == [true, false])
    }
  }

  @Test("A failure shows the lines of its own attempt only") func aFailureShowsTheLinesOfItsOwnAttemptOnly()
    async throws
  {
    try await withWorld { world in
      let good = Workload.of(.script("api", "echo good; exec sleep 1000"))
      let bad = Workload.of(.script("api", "echo bad; exit 1") { $0.restart = .never })
      try await world.perform(.create, "api", of: good)
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.replace, "api", of: bad, run: "run-2")
      }
      #expect(failure?.logTail.map(\.text) == ["bad"])
      try await world.perform(.replace, "api", of: good, run: "run-3")
      #expect(try await world.service("api").isReady)
    }
  }

  @Test(
    "A program that cannot be executed is a failure at once",
    arguments: [
      ("berth-no-such-program", 127, "can't execute berth-no-such-program: no such program"),
      ("/etc/passwd", 126, "can't execute /etc/passwd: Permission denied"),
      ("/tmp", 126, "can't execute /tmp: Is a directory"),
    ])
  func aProgramThatCannotBeExecutedIsAFailureAtOnce(program: String, code: Int, message: String) async throws
  {
    try await withWorld { world in
      var workload = Workload.of(.script("api", ""))
      workload.services[0].command = [program]
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "api", of: workload)
      }
      #expect(failure?.message == message)
      let service = try await world.service("api")
      #expect(service.exitCode == code)
    }
  }

  @Test("A health check that cannot be executed says why") func aHealthCheckThatCannotBeExecutedSaysWhy()
    async throws
  {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") {
          var check = HealthCheck()
          check.command = ["/etc/passwd"]
          $0.healthCheck = check
        })
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "api", of: workload, timeout: .seconds(1))
      }
      #expect(failure?.message == "was not ready within 1s: can't execute /etc/passwd: Permission denied")
    }
  }

  @Test("What is not ready in time is a failure") func whatIsNotReadyInTimeIsAFailure() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") {
          var check = HealthCheck()
          check.command = ["/bin/false"]
          $0.healthCheck = check
        })
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "api", of: workload, timeout: .seconds(1))
      }
      #expect(
        failure?.message == "was not ready within 1s: the health check's command exited with code 1")
      let service = try await world.service("api")
      #expect(service.state == .starting)
    }
  }

  @Test("Waiting ends when its task is cancelled") func waitingEndsWhenItsTaskIsCancelled() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "exec sleep 1000") {
          var check = HealthCheck()
          check.command = ["/bin/false"]
          $0.healthCheck = check
        })
      let task = Task { try await world.perform(.create, "api", of: workload, timeout: .seconds(600)) }
      try await world.eventually("it runs") {
        try await world.observe().instance(InstanceID(0))?.service("api")?.processID != nil
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  // MARK: Inits

  @Test("An init runs once to success") func anInitRunsOnceToSuccess() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("migrate", "echo run >> \"$BERTH_ROOT/runs\"", role: .`init`), .script("api", "exec sleep 9"))
      try await world.perform(.create, "migrate", of: workload)
      let service = try await world.service("migrate")
      #expect(service.hasCompleted)
      #expect(service.isReady)
      try await world.perform(.create, "migrate", of: workload, run: "run-2")
      let runs = try Files.read(world.folder().root(of: "migrate") + "/runs")
      #expect(runs.map { String(decoding: $0, as: UTF8.self) } == "run\n")
    }
  }

  @Test("An init that fails is a failure and runs again when asked")
  func anInitThatFailsIsAFailureAndRunsAgainWhenAsked() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("migrate", "test -e again || { touch again; exit 7; }", role: .`init`),
        .script("api", "exec sleep 9"))
      let failure = await #expect(throws: ActionFailure.self) {
        try await world.perform(.create, "migrate", of: workload)
      }
      #expect(failure?.message == "exited with code 7")
      #expect(try await world.service("migrate").state == .failed)
      try await world.perform(.start, "migrate", of: workload, run: "run-2")
      #expect(try await world.service("migrate").hasCompleted)
    }
  }

  // MARK: Stopping

  @Test("A service is asked before it is forced") func aServiceIsAskedBeforeItIsForced() async throws {
    try await withWorld { world in
      let polite = Workload.of(
        .script("api", "trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done") {
          $0.stopGrace = .seconds(600)
        })
      try await world.perform(.create, "api", of: polite)
      let next = Workload.of(.script("api", "exec sleep 1000"))
      try await world.perform(.replace, "api", of: next, run: "run-2")
      #expect(try await world.lines("api").contains("bye"))
    }
  }

  @Test("Who does not stop is forced") func whoDoesNotStopIsForced() async throws {
    try await withWorld { world in
      let stubborn = Workload.of(
        .script("api", "trap '' TERM; sleep 1000 & while :; do sleep 0.05; done") {
          $0.stopGrace = SpecDuration(milliseconds: 200)
        })
      try await world.perform(.create, "api", of: stubborn)
      try await world.perform(.delete, "api", of: stubborn)
      #expect(world.processes.isEmpty)
      #expect(try await world.observe().instance(InstanceID(0))?.services.isEmpty == true)
    }
  }

  @Test("No process of a service survives it not even in a session of its own")
  func noProcessOfAServiceSurvivesItNotEvenInASessionOfItsOwn() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "sleep 1000 & (setsid sleep 1001 &) ; setsid -f sleep 1002; exec sleep 1003"))
      try await world.perform(.create, "api", of: workload)
      try await world.eventually("all four run") { world.processes.count == 4 }
      try await world.perform(.delete, "api", of: workload)
      #expect(world.processes.isEmpty)
    }
  }

  @Test("What a crashed service started does not outlive it")
  func whatACrashedServiceStartedDoesNotOutliveIt() async throws {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "setsid -f sleep 1001; exec sleep 1003"))
      try await world.perform(.create, "api", of: workload)
      let first = try #require(try await world.service("api").processID)
      kill(pid_t(first), SIGKILL)
      try await world.eventually("it runs again") {
        let service = try await world.service("api")
        return service.isReady && service.processID != first
      }
      #expect(world.processes.count == 2)
    }
  }

  // MARK: What a service leaves

  /// What detaches from a service and needs a while to end, writing `flushed` then. Each gets away in another way.
  private static let detached = [
    "setsid sh saver &", "setsid -f sh saver", "(setsid sh saver &) &", "set -m; sh saver & set +m",
    "env -i PATH=\"$PATH\" setsid sh saver &", "(env -i PATH=\"$PATH\" setsid -f sh saver)",
  ]

  private func detaching(_ how: String, then rest: String, grace: Int64) -> Workload {
    let saver = "trap 'sleep 1; touch flushed; exit 0' TERM; touch up; while :; do sleep 0.05; done"
    return .of(
      .script(
        "api", "cat > saver <<'END'\n\(saver)\nEND\n\(how)\nwhile test ! -e up; do sleep 0.05; done\n\(rest)"
      ) {
        $0.stopGrace = SpecDuration(milliseconds: grace)
        $0.restart = .never
      })
  }

  @Test("What detached from a service has its grace", arguments: detached)
  func whatDetachedFromAServiceHasItsGrace(how: String) async throws {
    try await withWorld { world in
      let workload = detaching(how, then: "touch started; exec sleep 1000", grace: 600_000)
      try await world.perform(.create, "api", of: workload)
      let root = world.folder().root(of: "api")
      try await world.eventually("it is up") { Files.kind(root + "/started") != nil }
      let begin = ContinuousClock.now
      try await world.provider.perform(
        Action(.stop, .service(InstanceID(0), "api")), in: world.context(workload))
      #expect(Files.kind(root + "/flushed") != nil)
      #expect(world.processes.isEmpty)
      #expect(ContinuousClock.now - begin < .seconds(300), "it ends when nothing is left")
    }
  }

  @Test("What detached and does not end is killed at the end of the grace")
  func whatDetachedAndDoesNotEndIsKilledAtTheEndOfTheGrace() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script(
          "api", "setsid sh -c 'trap \"\" TERM; touch up; while :; do sleep 0.05; done' & exec sleep 1000"
        ) {
          $0.stopGrace = SpecDuration(milliseconds: 1_500)
        })
      try await world.perform(.create, "api", of: workload)
      let root = world.folder().root(of: "api")
      try await world.eventually("it is up") { Files.kind(root + "/up") != nil }
      let begin = ContinuousClock.now
      try await world.provider.perform(
        Action(.stop, .service(InstanceID(0), "api")), in: world.context(workload))
      #expect(ContinuousClock.now - begin >= .milliseconds(1_500))
      #expect(world.processes.isEmpty)
    }
  }

  /// It must not hold a port, or write a file, beside what is started in its place.
  @Test("What a crashed service left ends before its successor starts", arguments: detached)
  func whatACrashedServiceLeftEndsBeforeItsSuccessorStarts(how: String) async throws {
    try await withWorld { world in
      var workload = detaching(
        how, then: "test -e flushed && touch after; test -e after || exit 3; exec sleep 1000", grace: 600_000)
      workload.services[0].restart = .always
      try await world.perform(.create, "api", of: workload, timeout: .seconds(120))
      #expect(Files.kind(world.folder().root(of: "api") + "/after") != nil)
      #expect(try await world.service("api").restarts == 1)
    }
  }

  @Test("An init has completed when nothing of it is left") func anInitHasCompletedWhenNothingOfItIsLeft()
    async throws
  {
    try await withWorld { world in
      var workload = detaching(Self.detached[0], then: "exit 0", grace: 600_000)
      workload.services[0].role = .`init`
      try await world.perform(.create, "api", of: workload)
      #expect(try await world.service("api").hasCompleted)
      #expect(Files.kind(world.folder().root(of: "api") + "/flushed") != nil)
      #expect(world.processes.isEmpty)
    }
  }

  @Test("A deleted instance gives its grace to all") func aDeletedInstanceGivesItsGraceToAll() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script(
          "api",
          "setsid sh -c 'trap \"sleep 1; touch ../../../../../flushed; exit 0\" TERM; touch up; while :; do sleep 0.05; done' & exec sleep 1000"
        ) { $0.stopGrace = .seconds(600) })
      try await world.perform(.create, "api", of: workload)
      let root = world.folder().root(of: "api")
      try await world.eventually("it is up") { Files.kind(root + "/up") != nil }
      try await world.deleteInstance()
      #expect(Files.kind(world.home + "/flushed") != nil)
    }
  }

  @Test("An instance stops in reverse order") func anInstanceStopsInReverseOrder() async throws {
    try await withWorld { world in
      func script(_ name: String) -> String {
        "trap 'sleep 0.2; echo \(name) >> \"$BERTH_ROOT/../../../order\"; exit 0' TERM; "
          + "while :; do sleep 0.02; done"
      }
      let workload = Workload.of(
        .script("db", script("db"), role: .sidecar), .script("api", script("api")) { $0.dependsOn = ["db"] },
        .script("proxy", script("proxy"), role: .sidecar))
      for name in ["db", "api", "proxy"] { try await world.perform(.create, name, of: workload) }
      kill(try #require(world.supervisor), SIGTERM)
      let order = world.folder().path + "/order"
      try await world.eventually("all have stopped") {
        guard let bytes = try Files.read(order) else { return false }
        return String(decoding: bytes, as: UTF8.self) == "proxy\napi\ndb\n"
      }
    }
  }

  @Test("A deleted instance leaves nothing") func aDeletedInstanceLeavesNothing() async throws {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      try await world.deleteInstance()
      #expect(try await world.observe().instances.isEmpty)
      #expect(try Files.names(in: world.layout.instances).isEmpty)
      #expect(world.processes.isEmpty)
      try await world.deleteInstance()
    }
  }
}
