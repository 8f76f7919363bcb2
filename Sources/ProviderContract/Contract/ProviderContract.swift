import Planning
import ProviderKit
import WorkloadSpec

/// What every provider must do, in cases that a test runs one by one.
///
/// With Swift Testing, for a provider whose harness is `MyHarness`:
///
///     @Test(arguments: ProviderContract.cases)
///     func passesTheContract(_ contract: ContractCase) async throws {
///       try await contract.run(MyHarness())
///     }
///
/// The store of the provider has a contract of its own, ``StoreContract``.
public enum ProviderContract {
  /// The cases; one harness may serve them all, one after the other.
  public static let cases: [ContractCase] =
    lookingCases + fieldsCases + engineFieldsCases + servicesCases + failureCases + goingCases
    + stoppingCases + rolloutCases + execCases + secretsCases + addressCases + bodiesCases
    + beforeCases + adoptionCases + machineCases

  // MARK: Looking

  private static let lookingCases: [ContractCase] = [
    ContractCase("where nothing is, nothing is seen", "nothing", isOfServices: false) { scene in
      let observation = try await scene.observe()
      try expect(observation.instances, is: [], "the instances")
      try expect(observation.volumes, is: [], "the volumes")
      try expect(observation.foreign, is: [], "the foreign objects")
      try expect(observation.gaps, is: [], "the gaps")
      let identity = try await scene.provider.info().identity
      try expect(observation.engine, is: identity, "the engine")
      try expect(await scene.provider.health().isHealthy, "a healthy engine")
    },
    ContractCase("the same changes have the same impact for every caller", "impact") { scene in
      let change = ServiceChange(
        desired: scene.service("api"),
        changes: [
          Change(path: "env.A", old: .absent, new: .value("1"), causes: [.spec], impact: .restart)
        ])
      let facts = try await scene.provider.info().facts
      let first = scene.provider.impact(of: change, on: facts)
      try expect(scene.provider.impact(of: change, on: facts), is: first, "the second answer")
      let capabilities = scene.provider.capabilities(on: facts)
      try expect(scene.provider.capabilities(on: facts), is: capabilities, "the second set of capabilities")
      try expect(first.impact >= change.minimum, "no less than the language's minimum")
    },
    ContractCase("workloads of one name in two namespaces do not see each other", "namespaces") { scene in
      let here = scene.workload([scene.service("api")])
      try await scene.apply(here)
      let there = WorkloadKey(namespace: "another", name: scene.key.name)
      try expect(try await scene.provider.observe(there).instances, is: [], "the instances elsewhere")
    },
    ContractCase("what is seen of many workloads at once is what is seen of each", "many") { scene in
      let here = scene.workload([scene.service("api")])
      try await scene.apply(here)
      let second = ContractScene(scene.harness, "many-more")
      try await second.apply(second.workload([second.service("api")], replicas: 2))
      // One is damaged, one was never there, one is another's of the same name.
      let damaged = try await scene.instance()
      try await scene.harness.kill("api", in: damaged, of: scene.key)
      let missing = WorkloadKey(namespace: scene.key.namespace, name: "\(scene.key.name)-not")
      let there = WorkloadKey(namespace: "another", name: scene.key.name)
      let keys = [missing, scene.key, there, second.key]
      let many = await scene.provider.observe(keys, deeply: false)
      try expect(try many.answer(for: missing).instances, is: [], "the instances of what is not there")
      try expect(try many.answer(for: there).instances, is: [], "the instances in another namespace")
      try expect(try many.answer(for: scene.key).instances.map(\.id), is: [damaged], "the damaged one")
      try expect(
        try many.answer(for: second.key).instances.count, is: 2, "the number of instances of the other")
      try expect(
        try many.answer(for: second.key), is: try await second.observe(), "what is seen of it alone")
      try await second.tidyUp()
    },
  ]

  // MARK: Services

  private static let servicesCases: [ContractCase] = [
    ContractCase("what was created is ready, as wanted and stamped", "create") { scene in
      let workload = scene.workload(
        [scene.service("prepare", .`init`), scene.service("api"), scene.service("proxy", .sidecar)]
      ) { $0.labels = ["team": "contract"] }
      try await scene.apply(workload)
      let instance = try require(try await scene.observe().instance(at: 0), "the instance")
      try expect(instance.isAlive, "a living instance")
      try expect(instance.isReady, "a ready instance")
      try expect(Set(instance.services.map(\.name)), is: ["prepare", "api", "proxy"], "the services")
      for service in workload.services {
        let found = try require(instance.service(service.name), service.name)
        try expect(
          found.stamp, is: scene.context(workload, run: "run-1").stamp(for: service, in: instance.id),
          "the stamp of \(service.name)")
        try expect(
          found.state, is: service.role == .`init` ? .stopped : .running, "the state of \(service.name)")
      }
      try expect(instance.service("prepare")?.hasCompleted ?? false, "that the init has completed")
      let plan = try await scene.plan(workload, last: workload)
      try expect(plan.actions.map(\.id), is: [], "the actions of a second plan")
    },
    ContractCase("creating twice is creating once", "create-twice") { scene in
      let workload = scene.workload([scene.service("api")])
      let actions = try await scene.apply(workload)
      let life = try await scene.life(of: "api")
      for run in ["run-1", "run-2"] {
        for action in actions {
          try await scene.provider.perform(action, in: scene.context(workload, run: run))
        }
        try expect(try await scene.life(of: "api"), is: life, "the life of the service after \(run)")
      }
      try expect(try await scene.observe().instances.count, is: 1, "the instances")
    },
    ContractCase("a changed service is changed alone", "change") { scene in
      let old = scene.workload([scene.service("api"), scene.service("proxy", .sidecar)])
      try await scene.apply(old)
      let untouched = try await scene.life(of: "api")
      let changed = try await scene.life(of: "proxy")
      let new = scene.workload([scene.service("api"), scene.service("proxy", .sidecar, version: 2)])
      let actions = try await scene.apply(new, last: old, run: "run-2")
      if actions.allSatisfy({ $0.subject.service == "proxy" }) {
        try expect(
          try await scene.life(of: "api"), is: untouched, "the life of the service that did not change")
      }
      try expect(try await scene.life(of: "proxy") != changed, "a new life of the service that changed")
      try expect(try await scene.require("proxy").stamp.run, is: RunID("run-2"), "the run in its stamp")
      let plan = try await scene.plan(new, last: new)
      try expect(plan.actions.map(\.id), is: [], "the actions of a second plan")
    },
    ContractCase("changing twice in one run is changing once", "change-twice") { scene in
      var last = scene.workload([scene.service("api")])
      try await scene.apply(last)
      let table = scene.provider.fields(on: try await scene.provider.info().facts)
      var edits: [(inout Service) -> Void] = [{ $0.env["CONTRACT"] = "1" }]
      if table["services.restart"]?.treatment.isTold == true { edits.append { $0.restart = .onFailure } }
      for (index, edit) in edits.enumerated() {
        let run = "run-\(index + 2)"
        var new = last
        edit(&new.services[0])
        let actions = try await scene.apply(new, last: last, run: run)
        try expect(!actions.isEmpty, "a change to perform")
        let life = try await scene.life(of: "api")
        for action in actions { try await scene.provider.perform(action, in: scene.context(new, run: run)) }
        try expect(try await scene.life(of: "api"), is: life, "the life of the service")
        let plan = try await scene.plan(new, last: new)
        try expect(plan.actions.map(\.id), is: [], "the actions of a second plan")
        last = new
      }
    },
    ContractCase("what only berth reads changes without a new life", "read-by-berth") { scene in
      let old = scene.workload([scene.service("api"), scene.service("proxy", .sidecar)])
      try await scene.apply(old)
      let life = try await scene.life(of: "api")
      var new = old
      new.services[0].dependsOn = ["proxy"]
      let table = scene.provider.fields(on: try await scene.provider.info().facts)
      if table["services.stopGrace"]?.treatment.isTold == false { new.services[0].stopGrace = .seconds(3) }
      try await scene.apply(new, last: old, run: "run-2")
      try expect(try await scene.life(of: "api"), is: life, "the life of the service")
      let plan = try await scene.plan(new, last: new)
      try expect(plan.actions.map(\.id), is: [], "the actions of a second plan")
    },
    ContractCase("more replicas come, and fewer stay", "scale") { scene in
      let one = scene.workload([scene.service("api")])
      try await scene.apply(one)
      let life = try await scene.life(of: "api")
      let three = scene.workload(one.services, replicas: 3)
      try await scene.apply(three, last: one, run: "run-2")
      let instances = try await scene.observe().instances
      try expect(instances.count, is: 3, "the number of instances")
      try expect(instances.allSatisfy(\.isReady), "that all are ready")
      try await scene.apply(one, last: three, run: "run-3")
      try expect(try await scene.observe().staying.count, is: 1, "the number of instances")
      try expect(try await scene.life(of: "api"), is: life, "the life of the one that stayed")
    },
  ]

  // MARK: What goes wrong

  private static let failureCases: [ContractCase] = [
    ContractCase("a service that fails says so, with its last words, and can be mended", "failing") { scene in
      let broken = scene.workload([scene.harness.failingService("api", role: .main)])
      let failure = try await expectError(ActionFailure.self, "creating a service that fails") {
        try await scene.apply(broken)
      }
      try expect(!failure.message.isEmpty, "a message")
      try expect(!failure.logTail.isEmpty, "the last lines of the service")
      try expect(failure.logTail.allSatisfy { $0.service == "api" }, "lines of that service only")
      let found = try await scene.require("api")
      try expect(!found.isReady, "that it is not ready")
      try expect(found.stamp.run, is: RunID("run-1"), "the run in its stamp")
      let working = scene.workload([scene.service("api")])
      try await scene.apply(working, run: "run-2")
      try expect(try await scene.require("api").isReady, "that it is ready when it is mended")
    },
    ContractCase("an init that fails says so", "failing-init") { scene in
      let workload = scene.workload([
        scene.harness.failingService("prepare", role: .`init`), scene.service("api"),
      ])
      try await expectError(ActionFailure.self, "creating an init that fails") {
        try await scene.apply(workload)
      }
      try expect(try await scene.observed("api") == nil, "that nothing after it was started")
      try expect(try await scene.observed("prepare")?.hasCompleted != true, "that it has not completed")
    },
    ContractCase("a service that never becomes ready runs into the timeout", "unready") { scene in
      let workload = scene.workload([scene.harness.unreadyService("api")])
      let failure = try await expectError(
        ActionFailure.self, "creating a service that never becomes ready"
      ) { try await scene.apply(workload) }
      try expect(failure.hasTimedOut, "that it says so: \(failure.message)")
      try expect(try await scene.observed("api")?.isReady != true, "that it is not ready")
    },
    ContractCase("an action that waits can be cancelled", "cancel") { scene in
      let workload = scene.workload([scene.harness.unreadyService("api")])
      let patient = ActionContext(
        key: scene.key, desired: workload, run: RunID("run-1"), timeout: .seconds(86_400))
      let plan = try await scene.plan(workload, last: nil)
      let work = Task {
        for action in plan.actions where action.kind.isPerformed {
          try await scene.provider.perform(action, in: patient)
        }
      }
      try await scene.wait(until: "a service that has begun") {
        $0.instance(at: 0)?.service("api") != nil
      }
      work.cancel()
      try await expectError(CancellationError.self, "a cancelled action") { try await work.value }
    },
    ContractCase("a service that was killed is seen, and mended", "killed", units: [.service, .instance]) {
      scene in
      let workload = scene.workload(
        [scene.service("api"), scene.service("proxy", .sidecar)].map {
          var service = $0
          service.restart = .never
          return service
        })
      try await scene.apply(workload)
      let untouched = try await scene.life(of: "api")
      try await scene.harness.kill("proxy", in: scene.instance(), of: scene.key)
      try await scene.wait(until: "a service that is seen to have failed") {
        $0.instance(at: 0)?.service("proxy")?.state == .failed
      }
      let actions = try await scene.apply(workload, last: workload, run: "run-2")
      try expect(
        actions.map(\.id.description),
        is: [scene.provider.traits.unit(of: .services) == .service ? "start 0.proxy" : "start 0"],
        "the actions that mend it")
      try expect(try await scene.require("proxy").isReady, "that it is ready again")
      try expect(try await scene.life(of: "api"), is: untouched, "the life of the other")
    },
    ContractCase("an instance that was killed is seen, and made anew", "killed-instance") { scene in
      let workload = scene.workload([scene.service("prepare", .`init`), scene.service("api")])
      try await scene.apply(workload)
      let killed = try await scene.instance()
      try await scene.harness.kill(killed, of: scene.key)
      try await scene.wait(until: "an instance that is seen to be dead or gone") {
        $0.instance(killed)?.isAlive != true
      }
      try await scene.apply(workload, last: workload, run: "run-2")
      // A controller brings another one by itself, and no action waits for that.
      try await scene.wait(until: "one ready instance") {
        $0.instances.count == 1 && $0.instances.allSatisfy(\.isReady)
      }
    },
  ]

  // MARK: What goes

  private static let goingCases: [ContractCase] = [
    ContractCase("a removed service is gone, and the others stay", "remove") { scene in
      let both = scene.workload([scene.service("api"), scene.service("proxy", .sidecar)])
      try await scene.apply(both)
      let life = try await scene.life(of: "api")
      let one = scene.workload([scene.service("api")])
      let actions = try await scene.apply(one, last: both, run: "run-2")
      try expect(try await scene.observed("proxy") == nil, "no service `proxy`")
      if actions.allSatisfy({ $0.subject.service == "proxy" }) {
        try expect(try await scene.life(of: "api"), is: life, "the life of the other")
      }
    },
    ContractCase("what is destroyed is gone, and destroying it again is nothing", "destroy") { scene in
      let workload = scene.workload([scene.service("api"), scene.service("proxy", .sidecar)])
      try await scene.apply(workload)
      let actions = try await scene.apply(nil, last: workload, run: "run-2")
      try expect(try await scene.observe().instances, is: [], "the instances")
      for action in actions { try await scene.provider.perform(action, in: scene.context(nil, run: "run-2")) }
      try expect(
        try await scene.plan(nil, last: nil).actions.map(\.id), is: [], "the actions of a second plan")
    },
    ContractCase(
      "a persistent volume outlives its workload, until it is deleted", "volumes", needs: .volumes
    ) { scene in
      var service = scene.service("api")
      var volume = Volume()
      volume.name = "data"
      volume.mountPath = "/data"
      volume.type = .persistent
      service.volumes = [volume]
      let workload = scene.workload([service])
      try await scene.apply(workload)
      try expect(try await scene.observe().volumes.map(\.name), is: ["data"], "the volumes")
      try await scene.apply(nil, last: workload, run: "run-2")
      try expect(try await scene.observe().volumes.map(\.name), is: ["data"], "the volumes that are left")
      try await scene.apply(nil, run: "run-3", deletesVolumes: true)
      try expect(try await scene.observe().volumes, is: [], "the volumes after they were deleted")
    },
    ContractCase("what a service wrote can be read", "logs", needs: .logs) { scene in
      let workload = scene.workload([scene.harness.failingService("api", role: .main)])
      try await expectError(ActionFailure.self, "creating a service that fails") {
        try await scene.apply(workload)
      }
      var lines: [LogLine] = []
      for try await line in scene.provider.logs(of: scene.key, matching: LogQuery()) { lines.append(line) }
      try expect(!lines.isEmpty, "a line")
      try expect(
        lines.allSatisfy { $0.service == "api" && ($0.instance.ordinal ?? 0) == 0 }, "lines of the service")
      var last: [LogLine] = []
      for try await line in scene.provider.logs(of: scene.key, matching: LogQuery(tail: 1)) {
        last.append(line)
      }
      try expect(last.count, is: 1, "the lines of a tail of one")
      for try await line in scene.provider.logs(of: scene.key, matching: LogQuery(services: ["unknown"])) {
        throw ContractViolation("expected no lines of another service, found `\(line.text)`", line: #line)
      }
    },
  ]
}

/// One thing that every provider must do.
public struct ContractCase: Sendable, CustomStringConvertible {
  /// What a provider does if it keeps to the contract, as a sentence; the name of the test.
  public let name: String
  /// The capability without which there is nothing to try.
  public let needs: Capability?
  /// The units of change of which it holds.
  public let units: Set<UnitOfChange>
  /// Whether it is about services, which a provider of machines alone does not hold.
  let isOfServices: Bool
  private let label: String
  private let body: @Sendable (ContractScene) async throws -> Void

  init(
    _ name: String, _ label: String, needs: Capability? = nil,
    units: Set<UnitOfChange> = Set(UnitOfChange.allCases), isOfServices: Bool? = nil,
    _ body: @escaping @Sendable (ContractScene) async throws -> Void
  ) {
    self.name = name
    self.needs = needs
    self.units = units
    self.isOfServices = isOfServices ?? (needs != .machines && needs != .objects)
    self.label = label
    self.body = body
  }

  /// The name, for the output of a test framework.
  public var description: String { name }

  /// Tries it on a provider, and takes away what it made. Of a provider that lacks the needed capability, or changes
  /// what the case is about only as a part of something else, nothing is asked.
  ///
  /// - Throws: ``ContractViolation`` if the provider does otherwise; whatever the provider throws.
  public func run(_ harness: some ProviderHarness) async throws {
    let provider = harness.provider
    if let needs, !provider.capabilities(on: try await provider.info().facts).contains(needs) { return }
    if isOfServices, !provider.traits.holdsServices { return }
    guard units.contains(provider.traits.unit(of: .services)) else { return }
    let scene = ContractScene(harness, label)
    do {
      try await body(scene)
    } catch {
      // What went wrong first is what matters, not that tidying up may go wrong after it.
      try? await scene.tidyUp()
      throw error
    }
    try await scene.tidyUp()
    try expect(try await scene.observe().places, is: [], "the instances after everything was taken away")
  }
}
