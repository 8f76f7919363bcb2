import Planning
import ProviderKit
import WorkloadSpec

extension ProviderContract {
  // MARK: Once per run

  /// Services that run once per run, before any instance changes.
  static let beforeCases: [ContractCase] = [
    ContractCase(
      "what runs once per run has run to success, apart from all instances", "before", needs: .before
    ) { scene in
      let workload = scene.workload([scene.service("migrate", .before), scene.service("api")])
      let actions = try await scene.apply(workload)
      try expect(actions.first?.id, is: ActionID("run before.migrate"), "the first action")
      let migrate = try await scene.requireBefore("migrate")
      try expect(migrate.hasCompleted, "that it has completed")
      try expect(
        migrate.stamp,
        is: scene.context(workload, run: "run-1").stamp(for: workload.services[0], in: .before), "its stamp")
      let instance = try require(try await scene.observe().instance(at: 0), "the instance")
      try expect(instance.services.map(\.name), is: ["api"], "the services of the instance")
      try expect(instance.isReady, "a ready instance")
      let plan = try await scene.plan(workload, last: workload)
      try expect(plan.actions.map(\.id), is: [], "the actions of a second plan")
      try await scene.apply(nil, last: workload, run: "run-2")
      try expect(try await scene.observe().before, is: nil, "what is left when it is destroyed")
    },
    ContractCase("running twice in one run is running once", "before-twice", needs: .before) { scene in
      let workload = scene.workload([scene.service("migrate", .before), scene.service("api")])
      let actions = try await scene.apply(workload)
      let first = try await scene.requireBefore("migrate")
      let run = try require(actions.first { $0.kind == .run }, "an action that runs it")
      try await scene.provider.perform(run, in: scene.context(workload, run: "run-1"))
      try expect(try await scene.requireBefore("migrate").since, is: first.since, "when it ran")
      try await scene.provider.perform(run, in: scene.context(workload, run: "run-2"))
      let second = try await scene.requireBefore("migrate")
      try expect(second.stamp.run, is: RunID("run-2"), "the run that ran it again")
      try expect(second.hasCompleted, "that it has completed again")
    },
    ContractCase("what runs once per run gives way when it is wanted no more", "before-gone", needs: .before)
    {
      scene in
      let both = scene.workload([
        scene.service("seed", .before), scene.service("migrate", .before), scene.service("api"),
      ])
      try await scene.apply(both)
      let one = scene.workload([scene.service("migrate", .before), scene.service("api")])
      try await scene.apply(one, last: both, run: "run-2")
      try expect(
        try await scene.observe().before?.services.map(\.name), is: ["migrate"], "what is left of it")
      let none = scene.workload([scene.service("api")])
      try await scene.apply(none, last: one, run: "run-3")
      try expect(try await scene.observe().before, is: nil, "what is left in the end")
      try expect(
        try await scene.plan(none, last: none).actions.map(\.id), is: [], "the actions of another plan")
    },
    ContractCase("what fails before the instances leaves them as they were", "before-failing", needs: .before)
    {
      scene in
      let old = scene.workload([scene.service("api")])
      try await scene.apply(old)
      let life = try await scene.life(of: "api")
      let new = scene.workload([
        scene.harness.failingService("migrate", role: .before), scene.service("api", version: 2),
      ])
      let failure = try await expectError(ActionFailure.self, "running what fails") {
        try await scene.apply(new, last: old, run: "run-2")
      }
      try expect(!failure.logTail.isEmpty, "its last lines")
      try expect(try await scene.life(of: "api"), is: life, "the life of the service")
      let migrate = try await scene.requireBefore("migrate")
      try expect(!migrate.hasCompleted && migrate.processID == nil, "that it has failed and runs no more")
      var lines: [LogLine] = []
      let query = LogQuery(services: ["migrate"])
      for try await line in scene.provider.logs(of: scene.key, matching: query) { lines.append(line) }
      try expect(!lines.isEmpty && lines.allSatisfy { $0.instance == .before }, "its log")
      let mended = scene.workload([scene.service("migrate", .before), scene.service("api", version: 2)])
      try await scene.apply(mended, last: old, run: "run-3")
      try expect(try await scene.requireBefore("migrate").hasCompleted, "that it completes when it is mended")
    },
    ContractCase("what does not end in time runs no more", "before-endless", needs: .before) { scene in
      let workload = scene.workload([scene.endless("migrate"), scene.service("api")])
      try await expectError(ActionFailure.self, "running what never ends") {
        try await scene.apply(workload)
      }
      let migrate = try await scene.requireBefore("migrate")
      try expect(!migrate.hasCompleted, "that it has not completed")
      try expect(migrate.processID == nil && migrate.state != .running, "that it runs no more")
      try expect(try await scene.observe().instances, is: [], "the instances")
    },
    ContractCase("what a run left running ends before it runs anew", "before-left", needs: .before) { scene in
      let first = scene.workload([scene.endless("migrate"), scene.service("api")])
      let patient = ActionContext(
        key: scene.key, desired: first, run: RunID("run-1"), timeout: .seconds(86_400))
      let plan = try await scene.plan(first, last: nil)
      let run = try require(plan.actions.first { $0.kind == .run }, "an action that runs it")
      let work = Task { try await scene.provider.perform(run, in: patient) }
      try await scene.wait(until: "a service that has begun") { $0.before?.service("migrate") != nil }
      work.cancel()
      _ = await work.result
      let second = scene.workload([scene.service("migrate", .before), scene.service("api")])
      try await scene.apply(second, run: "run-2")
      let migrate = try await scene.requireBefore("migrate")
      try expect(migrate.hasCompleted, "that it has completed")
      try expect(migrate.stamp.run, is: RunID("run-2"), "the run that ran it")
      try expect(
        try await scene.observe().before?.services.count, is: 1, "the services that run once per run")
    },
  ]
}

extension ContractScene {
  /// A service that runs once per run, and never ends.
  fileprivate func endless(_ name: String) -> Service {
    var service = harness.unreadyService(name)
    service.role = .before
    service.healthCheck = nil
    service.ports = []
    return service
  }

  fileprivate func requireBefore(_ name: String, line: Int = #line) async throws -> ObservedService {
    guard let service = try await observe().before?.service(name) else {
      throw ContractViolation("expected a service `\(name)` that runs once per run", line: line)
    }
    return service
  }
}
