import Testing
import Values
import Wire

@testable import NomadAPI

@Suite(.enabled(if: RealAgent.isThere, RealAgent.skipped), .serialized) struct RealTests {
  @Test("A job is made, changed with a check, and stopped") func aJobsLife() async throws {
    try await RealAgent.withJob { client, id in
      let job = RealAgent.job(id, "exec sleep 600")
      let plan = try await client.jobs.plan(job)
      #expect(plan.updates["main"]?.place == 1 && plan.failures.isEmpty)
      let made = try await client.jobs.register(job, check: .absent)
      let conflict = await #expect(throws: NomadError.self) {
        try await client.jobs.register(job, check: .absent)
      }
      #expect(conflict?.isConflict == true)
      let deployment = try await client.deployment(of: id) { $0.status == "successful" }
      #expect(deployment.groups["main"]?.healthy == 1 && deployment.jobVersion == 0)
      let read = try #require(try await client.jobs.read(id).value)
      #expect(read.isStable && read.jobModifyIndex == made.jobModifyIndex)
      #expect(JobSameness.holds(job.json, in: read.json))
      let again = try await client.jobs.register(
        read.resendable, check: .unchanged(since: made.jobModifyIndex))
      #expect(again.jobModifyIndex == made.jobModifyIndex)
      let changed = RealAgent.job(id, "exec sleep 600", env: ["A": "1"])
      _ = try await client.jobs.register(changed, check: .unchanged(since: made.jobModifyIndex))
      _ = try await client.deployment(of: id) { $0.jobVersion == 1 && $0.status == "successful" }
      #expect(try await client.jobs.versions(of: id).value.map(\.version) == [1, 0])
      #expect(try await client.jobs.list(prefix: id).value.map(\.id) == [id])
      _ = try await client.jobs.scale(id, group: "main", to: 2, message: "more")
      _ = try await client.allocations(of: id) { $0.filter { $0.clientStatus == "running" }.count == 2 }
      _ = try await client.jobs.stop(id)
      _ = try await client.allocations(of: id) { $0.allSatisfy(\.isTerminal) }
      #expect(try await client.jobs.read(id).value?.isStopped == true)
    }
  }

  @Test("Canaries wait, and are promoted") func canaries() async throws {
    try await RealAgent.withJob { client, id in
      func job(_ env: [String: String]) -> NomadJob {
        var job = RealAgent.job(id, "exec sleep 600", env: env)
        var group = job.groups[0]
        group["Update"]?["Canary"] = 1
        job.groups = [group]
        return job
      }
      _ = try await client.jobs.register(job([:]))
      _ = try await client.deployment(of: id) { $0.status == "successful" }
      _ = try await client.jobs.register(job(["A": "1"]))
      let waiting = try await client.deployment(of: id) { $0.jobVersion == 1 && $0.needsPromotion }
      let early = await #expect(throws: NomadError.self) { try await client.deployments.promote(waiting.id) }
      #expect(early?.isInvalid == true)
      _ = try await client.deployments.pause(waiting.id)
      #expect(try await client.deployments.read(waiting.id).value?.status == "paused")
      _ = try await client.deployments.pause(waiting.id, false)
      _ = try await client.deployment(of: id) { $0.groups["main"]?.healthy == 1 }
      _ = try await client.deployments.promote(waiting.id)
      _ = try await client.deployment(of: id) { $0.status == "successful" && $0.jobVersion == 1 }
    }
  }

  @Test("Logs are read, followed to the end, and from the end") func logs() async throws {
    try await RealAgent.withJob { client, id in
      let script =
        "i=0; while [ $i -lt 20 ]; do echo line $i; i=$((i+1)); sleep 0.1; done; echo err >&2; exit 3"
      _ = try await client.jobs.register(RealAgent.job(id, script))
      let live = try await client.allocations(of: id) { $0.first?.tasks["web"]?.startedAt != nil }[0]
      let expected = (0..<20).map { "line \($0)\n" }.joined()
      let followed = try await inTime(.seconds(60)) {
        try await client.allocations.logs(live.id, TaskLogQuery(task: "web", follows: true))
          .reduce(into: [UInt8]()) { $0 += $1.bytes }
      }
      #expect(String(decoding: followed, as: UTF8.self) == expected)
      for (query, text) in [
        (TaskLogQuery(task: "web"), expected), (TaskLogQuery(task: "web", stream: .error), "err\n"),
        (TaskLogQuery(task: "web", start: .last(bytes: 8)), "line 19\n"),
      ] {
        let bytes = try await client.allocations.logs(live.id, query).reduce(into: [UInt8]()) {
          $0 += $1.bytes
        }
        #expect(String(decoding: bytes, as: UTF8.self) == text)
      }
      let ended = try await client.allocations(of: id) { $0.contains { $0.clientStatus == "failed" } }
      let task = try #require(ended.first { $0.id == live.id }?.tasks["web"])
      #expect(task.failed && task.events.contains { $0.type == "Terminated" && $0.exitCode == 3 })
    }
  }

  @Test("Commands run, read, and end") func commands() async throws {
    try await RealAgent.withJob { client, id in
      _ = try await client.jobs.register(RealAgent.job(id, "exec sleep 600"))
      let live = try await client.allocations(of: id) { $0.first?.clientStatus == "running" }[0]
      func run(
        _ command: [String], terminal: Bool = false, input: String = ""
      ) async throws -> (String, ExecEvent?) {
        try await client.allocations.exec(
          TaskCommand(command: command, task: "web", terminal: terminal), in: live.id
        ) { session in
          if terminal { try await session.input.resize(columns: 80, rows: 25) }
          try await session.input.write(Array(input.utf8))
          if !terminal { try await session.input.finish() }
          let events = try await session.output.reduce(into: [ExecEvent]()) { $0.append($1) }
          let bytes = events.flatMap { event -> [UInt8] in
            switch event {
            case .output(let bytes), .error(let bytes): bytes
            case .ended: []
            }
          }
          return (String(decoding: bytes, as: UTF8.self), events.last)
        }
      }
      let first = try await run(["/bin/sh", "-c", "cat; exit 7"], input: "hello")
      #expect(first.0 == "hello" && first.1 == .ended(7))
      let second = try await run(["/bin/sh", "-c", "echo err >&2"])
      #expect(second.0 == "err\n" && second.1 == .ended(0))
      let third = try await run(["/bin/sh", "-c", "test -t 0 && stty size"], terminal: true)
      #expect(third.1 == .ended(0), "\(third.0)")
      let missing = await #expect(throws: NomadError.self) {
        try await client.allocations.exec(TaskCommand(command: ["true"], task: "none"), in: live.id) {
          session in
          for try await _ in session.output {}
        }
      }
      #expect(missing?.mayHaveBeenDone == false)
      let usage = try await client.allocations.usage(live.id)
      #expect(usage.time == nil || usage.whole.memory >= 0)
      try await client.allocations.signal(live.id, "SIGWINCH")
      try await client.allocations.restart(live.id)
      _ = try await client.allocations(of: id) { ($0.first?.tasks["web"]?.restarts ?? 0) >= 1 }
    }
  }

  @Test("Events are told") func events() async throws {
    try await RealAgent.withJob { client, id in
      let seen = try await inTime(.seconds(60)) {
        var seen: [NomadEvent] = []
        _ = try await client.jobs.register(RealAgent.job(id, "exec sleep 600"))
        for try await news in client.events(EventTopic.job(id)) {
          guard case .events(let batch) = news else { continue }
          seen += batch.events
          if seen.contains(where: { $0.deployment?.status == "successful" }) { break }
        }
        return seen
      }
      #expect(Set(seen.map(\.topic)).isSuperset(of: ["Allocation", "Deployment", "Evaluation"]))
      #expect(seen.allSatisfy { $0.key == id || $0.filterKeys.contains(id) })
    }
  }

  @Test("What there is not is told by its kind") func whatThereIsNot() async throws {
    let client = try await RealAgent.connect()
    let none = "00000000-0000-0000-0000-000000000000"
    #expect(try await client.jobs.read("berth-none").value == nil)
    #expect(try await client.jobs.versions(of: "berth-none").value.isEmpty)
    #expect(try await client.jobs.latestDeployment(of: "berth-none").value == nil)
    #expect(try await client.deployments.read(none).value == nil)
    #expect(try await client.allocations.read(none).value == nil)
    #expect(try await client.evaluations.read(none).value == nil)
    for ask in [{ try await client.deployments.fail(none) }, { try await client.allocations.stop(none) }]
      as [@Sendable () async throws -> String?]
    {
      let error = await #expect(throws: NomadError.self) { try await ask() }
      #expect(error?.isNotFound == true, "\(String(describing: error))")
    }
    let logs = await #expect(throws: NomadError.self) {
      for try await _ in client.allocations.logs(none, TaskLogQuery(task: "web")) {}
    }
    #expect(logs?.isNotFound == true, "\(String(describing: logs))")
    #expect(try await client.variables.areAvailable() == client.version?.hasVariables)
    _ = try await client.cluster.token()
    #expect(try await !client.cluster.regions().isEmpty)
    #expect(try await client.cluster.namespaces().contains { $0.name == "default" })
    #expect(try await !client.nodes.datacenters().isEmpty)
  }
}
