import Diagnostics
import Planning
import Testing
import WorkloadSpec

@Suite struct PlannerTests {
  let shop = Fixture.shop

  /// The shop with one service changed.
  func edited(_ name: String, _ edit: (inout Service) -> Void) -> Workload {
    var workload = shop
    edit(&workload.services[workload.services.firstIndex { $0.name == name }!])
    return workload
  }

  // MARK: What is done

  @Test("A first apply creates everything in order") func aFirstApplyCreatesEverythingInOrder() throws {
    let plan = try Fixture.plan(shop)
    #expect(
      plan.steps == [
        "create 0", "create 0.migrate", "create 0.db", "create 0.api", "create 0.envoy", "record workload",
      ])
    #expect(
      plan.action("create 0.api")?.after.map(\.description) == [
        "create 0", "create 0.migrate", "create 0.db",
      ])
    #expect(plan.actions.allSatisfy { $0.causes == [.spec] })
    #expect(plan.interruptions.isEmpty)
  }

  @Test("What is there already needs nothing") func whatIsThereAlreadyNeedsNothing() throws {
    let plan = try Fixture.plan(shop, observed: Fixture.observation(of: shop), last: shop)
    #expect(plan.isEmpty)
  }

  @Test("Only the changed service is touched") func onlyTheChangedServiceIsTouched() throws {
    let desired = edited("envoy") { $0.env = ["MODE": "edge"] }
    let plan = try Fixture.plan(desired, observed: Fixture.observation(of: shop), last: shop)
    #expect(plan.steps == ["restart 0.envoy", "record workload"])
    #expect(
      plan.action("restart 0.envoy")?.changes == [
        Change(path: "env.MODE", old: .absent, new: .value("edge"), causes: [.spec], impact: .restart)
      ])
    #expect(plan.interruptions.map(\.service) == ["envoy"])
  }

  @Test("Replacing a dependency does not restart its dependents")
  func replacingADependencyDoesNotRestartItsDependents() throws {
    let desired = edited("db") { $0.command = ["/bin/db2"] }
    let plan = try Fixture.plan(desired, observed: Fixture.observation(of: shop), last: shop)
    #expect(plan.steps == ["replace 0.db", "record workload"])
  }

  @Test("A dependent waits for its dependency when both change")
  func aDependentWaitsForItsDependencyWhenBothChange() throws {
    var desired = edited("db") { $0.command = ["/bin/db2"] }
    desired.services[1].command = ["/bin/api2"]
    let plan = try Fixture.plan(desired, observed: Fixture.observation(of: shop), last: shop)
    #expect(plan.steps == ["replace 0.db", "replace 0.api", "record workload"])
    #expect(plan.action("replace 0.api")?.after.map(\.description) == ["replace 0.db"])
  }

  @Test("A snapshot that differs without a live difference is recorded")
  func aSnapshotThatDiffersWithoutALiveDifferenceIsRecorded() throws {
    let desired = edited("api") { $0.pullPolicy = .always }
    let plan = try Fixture.plan(desired, observed: Fixture.observation(of: shop), last: shop)
    #expect(plan.steps == ["record workload"])
    #expect(!plan.isEmpty)
  }

  @Test("The order in which services are listed is no change")
  func theOrderInWhichServicesAreListedIsNoChange() throws {
    var desired = shop
    desired.services.reverse()
    #expect(try Fixture.plan(desired, observed: Fixture.observation(of: shop), last: shop).isEmpty)
  }

  @Test("A removed service is deleted after the rest has changed")
  func aRemovedServiceIsDeletedAfterTheRestHasChanged() throws {
    var desired = edited("api") { $0.dependsOn = [] }
    desired.services.removeAll { $0.name == "db" }
    let plan = try Fixture.plan(desired, observed: Fixture.observation(of: shop), last: shop)
    #expect(plan.steps == ["update 0.api", "delete 0.db", "record workload"])
    #expect(plan.interruptions.map(\.service) == ["db"])
  }

  @Test("A host port is freed before it is taken") func aHostPortIsFreedBeforeItIsTaken() throws {
    func withPort(_ name: String) -> Service {
      Fixture.service(name, .sidecar) { $0.ports = [port(80, host: 80)] }
    }
    let before = Fixture.workload([Fixture.service("api"), withPort("old")])
    let after = Fixture.workload([Fixture.service("api"), withPort("new")])
    let plan = try Fixture.plan(after, observed: Fixture.observation(of: before), last: before)
    #expect(plan.steps == ["delete 0.old", "create 0.new", "record workload"])
  }

  @Test("Services that pass host ports on are stopped where they would wait for each other")
  func hostPortsThatArePassedOn() throws {
    func workload(_ ports: [Int]) -> Workload {
      let names = ["api", "web", "log"].prefix(ports.count)
      return Fixture.workload(
        zip(names, ports).map { name, host in
          Fixture.service(name, name == "api" ? .main : .sidecar) { $0.ports = [port(80, host: host)] }
        })
    }
    // Sidecars wait for main.
    let cases: [(before: [Int], after: [Int], steps: [String])] = [
      ([80, 81], [81, 80], ["stop 0.web", "restart 0.api", "restart 0.web"]),
      ([80, 81], [81, 82], ["stop 0.web", "restart 0.api", "restart 0.web"]),
      ([80, 81], [82, 80], ["restart 0.api", "restart 0.web"]),
      (
        [80, 81, 82], [81, 82, 80],
        ["stop 0.web", "restart 0.api", "restart 0.log", "restart 0.web"]
      ),
      ([80, 81, 82], [80, 82, 81], ["stop 0.log", "restart 0.web", "restart 0.log"]),
      ([80, 81, 82], [80, 82, 83], ["restart 0.log", "restart 0.web"]),
    ]
    for (before, after, steps) in cases {
      let before = workload(before)
      let plan = try Fixture.plan(workload(after), observed: Fixture.observation(of: before), last: before)
      #expect(plan.steps == steps + ["record workload"], "\(before) to \(after)")
      for stop in plan.actions where stop.kind == .stop {
        #expect(stop.reason?.code == "gives-port")
        let change = plan.actions.first { $0.subject == stop.subject && $0.kind != .stop }
        #expect(change?.after.contains(stop.id) == true)
      }
    }
  }

  // MARK: Causes

  @Test("A hand made change is drift") func aHandMadeChangeIsDrift() throws {
    let observation = Fixture.observation(of: shop) {
      $0.instances[0].services[1].live.service.env["LEVEL"] = "debug"
    }
    let plan = try Fixture.plan(shop, observed: observation, last: shop)
    #expect(
      plan.action("restart 0.api")?.changes == [
        Change(
          path: "env.LEVEL", old: .value("debug"), new: .value("info"), causes: [.drift], impact: .restart)
      ])
    #expect(!plan.recordsRelease)
  }

  @Test("What no field states is mended too") func whatNoFieldStatesIsMendedToo() throws {
    let workload = Fixture.shop
    let observed = Fixture.observation(of: workload) { observation in
      observation.instances[0].services[1].deviations = [
        Deviation("container.paused", from: .bool(true), to: .bool(false))
      ]
    }
    let plan = try Fixture.plan(workload, observed: observed, last: workload)
    #expect(plan.steps == ["update 0.api"])
    #expect(
      plan.actions[0].changes == [
        Change(
          path: "container.paused", old: .value(.bool(true)), new: .value(.bool(false)), causes: [.drift],
          impact: .inPlace)
      ])
    let unfinished = try Fixture.plan(
      workload, observed: observed, last: workload, incomplete: [Fixture.released])
    #expect(unfinished.action("update 0.api")?.causes == [.unfinished])
    // A plan that was saved before is stale.
    let whole = Fixture.observation(of: workload)
    #expect(
      observed.fingerprint(desired: workload, last: workload)
        != whole.fingerprint(desired: workload, last: workload))
  }

  @Test("A field can differ for two reasons at once") func aFieldCanDifferForTwoReasonsAtOnce() throws {
    let desired = edited("api") { $0.env["LEVEL"] = "warn" }
    let observation = Fixture.observation(of: shop) {
      $0.instances[0].services[1].live.service.env["LEVEL"] = "debug"
    }
    let plan = try Fixture.plan(desired, observed: observation, last: shop)
    #expect(plan.action("restart 0.api")?.changes.first?.causes == [.spec, .drift])
  }

  @Test("What a broken run left is unfinished and not drift") func whatABrokenRunLeftIsUnfinishedAndNotDrift()
    throws
  {
    let attempt = edited("api") { $0.env = ["LEVEL": "debug", "EXTRA": "1"] }
    let observation = Fixture.observation(of: shop) {
      $0.instances[0].services[1] = Fixture.observed(
        attempt.services[1], in: InstanceID(0), of: attempt, run: Fixture.broken)
    }
    let plan = try Fixture.plan(shop, observed: observation, last: shop, incomplete: [Fixture.broken])
    #expect(plan.paths("restart 0.api") == ["env.EXTRA", "env.LEVEL"])
    #expect(plan.action("restart 0.api")?.causes == [.unfinished])
  }

  @Test("A missing service is drift or unfinished") func aMissingServiceIsDriftOrUnfinished() throws {
    let observation = Fixture.observation(of: shop) {
      $0.instances[0].services.removeAll { $0.name == "envoy" }
    }
    let drift = try Fixture.plan(shop, observed: observation, last: shop)
    #expect(drift.steps == ["create 0.envoy"])
    #expect(drift.actions[0].causes == [.drift])
    let unfinished = try Fixture.plan(shop, observed: observation, last: shop, incomplete: [Fixture.broken])
    #expect(unfinished.actions[0].causes == [.unfinished])
  }

  @Test("A secret that moved is external and never shown") func aSecretThatMovedIsExternalAndNeverShown()
    throws
  {
    var reference = SecretReference()
    reference.key = "env:TOKEN"
    reference.as = "TOKEN"
    let desired = edited("api") { $0.secrets = [reference] }
    let observation = Fixture.observation(of: desired) {
      $0.instances[0].services[1].secretDigests = ["env/TOKEN": "old"]
    }
    let same = try Fixture.plan(desired, observed: observation, last: desired) {
      $0.secretDigests = ["env:TOKEN": "old"]
    }
    #expect(same.isEmpty)
    let moved = try Fixture.plan(desired, observed: observation, last: desired) {
      $0.secretDigests = ["env:TOKEN": "new"]
    }
    #expect(
      moved.action("restart 0.api")?.changes == [
        Change(
          path: "secrets[env/TOKEN].value", old: .secret, new: .secret, causes: [.external], impact: .restart)
      ])
    let unknown = try Fixture.plan(desired, observed: observation, last: desired)
    #expect(unknown.isEmpty)
  }

  @Test("An image that moved is external unless the spec names another")
  func anImageThatMovedIsExternalUnlessTheSpecNamesAnother() throws {
    let desired = edited("api") { $0.image = "shop/api:1" }
    let observation = Fixture.observation(of: desired) {
      $0.instances[0].services[1].imageMove = ImageMove(from: "sha256:1", to: "sha256:2")
    }
    let moved = try Fixture.plan(desired, observed: observation, last: desired)
    #expect(
      moved.action("replace 0.api")?.changes == [
        Change(
          path: "image.digest", old: .value("sha256:1"), new: .value("sha256:2"), causes: [.external],
          impact: .replace)
      ])
    let another = try Fixture.plan(
      edited("api") { $0.image = "shop/api:2" }, observed: observation, last: desired)
    #expect(another.action("replace 0.api")?.changes.map(\.path) == ["image"])
  }

  @Test("A secret that moved within a text is a change of that text")
  func aSecretThatMovedWithinATextIsAChangeOfThatText() throws {
    var file = ConfigFile()
    file.name = "app"
    file.path = "/etc/app"
    file.content = "a: ${secret.one}\nb: ${secret.two}\n"
    let desired = edited("api") {
      $0.env["URL"] = "db://${secret.one}@db/${secret.two}"
      $0.env["PLAIN"] = "$${secret.one}"
      $0.configFiles = [file]
    }
    let given = Dictionary(
      desired.service("api")?.secretUses.map { ($0.identity, "old") } ?? [], uniquingKeysWith: { $1 })
    #expect(
      given.keys.sorted() == [
        "configFiles.app=one", "configFiles.app=two", "env.URL=one", "env.URL=two",
      ])
    let observation = Fixture.observation(of: desired) {
      $0.instances[0].services[1].secretDigests = given
    }
    func changes(
      _ now: [String: String], from last: Workload? = nil
    ) throws -> [String] {
      try Fixture.plan(desired, observed: observation, last: last ?? desired) { $0.secretDigests = now }
        .action("restart 0.api")?.changes.map {
          "\($0.path) \($0.old == .secret) \($0.causes.map(\.rawValue).joined())"
        } ?? []
    }
    #expect(try changes(["one": "old", "two": "old"]) == [])
    let both = ["configFiles[app].content true external", "env.URL true external"]
    #expect(try changes(["one": "old", "two": "new"]) == both)
    #expect(try changes(["one": "new", "two": "new"]) == both)
  }

  @Test("A text that changed is shown as that also if its secret moved")
  func aTextThatChangedIsShownAsThatAlsoIfItsSecretMoved() throws {
    let desired = edited("api") { $0.env["URL"] = "db://${secret.one}@new" }
    let last = edited("api") { $0.env["URL"] = "db://${secret.one}@old" }
    let observation = Fixture.observation(of: last) {
      $0.instances[0].services[1].secretDigests = ["env.URL=one": "old"]
    }
    let plan = try Fixture.plan(desired, observed: observation, last: last) {
      $0.secretDigests = ["one": "new"]
    }
    #expect(
      plan.action("restart 0.api")?.changes == [
        Change(
          path: "env.URL", old: .value("db://${secret.one}@old"), new: .value("db://${secret.one}@new"),
          causes: [.spec], impact: .restart)
      ])
  }

  // MARK: What is compared

  @Test("What is not set is not owned") func whatNobodySetsIsNotOwned() throws {
    let observation = Fixture.observation(of: shop) {
      $0.instances[0].services[1].live.service.env["PATH"] = "/bin"
      $0.instances[0].services[1].live.service.resources.memory = ByteQuantity("1Gi")
      $0.instances[0].services[1].live.labels["engine"] = "x"
    }
    #expect(try Fixture.plan(shop, observed: observation, last: shop).isEmpty)
  }

  @Test("What the last release set is taken away") func whatTheLastReleaseSetIsTakenAway() throws {
    let before = edited("api") { $0.resources.memory = ByteQuantity("1Gi") }
    let plan = try Fixture.plan(shop, observed: Fixture.observation(of: before), last: before)
    #expect(plan.steps == ["update 0.api", "record workload"])
    #expect(
      plan.actions[0].changes == [
        Change(
          path: "resources.memory", old: .value("1Gi"), new: .absent, causes: [.spec], impact: .inPlace)
      ])
  }

  @Test("Elements are matched by identity and not by position")
  func elementsAreMatchedByIdentityAndNotByPosition() throws {
    let before = edited("api") { $0.ports = [port(80), port(81), port(82, host: 8082)] }
    let after = edited("api") { $0.ports = [port(82, host: 9082), port(80), port(83)] }
    let plan = try Fixture.plan(after, observed: Fixture.observation(of: before), last: before)
    #expect(plan.paths("restart 0.api") == ["ports[81/tcp]", "ports[82/tcp].host", "ports[83/tcp]"])
  }

  @Test("The stamp decides for what the engine hides") func theStampDecidesForWhatTheEngineHides() throws {
    func observation(made workload: Workload, run: RunID = Fixture.released) -> Observation {
      Fixture.observation(of: workload, run: run) {
        $0.instances[0].services[1].live.service.healthCheck = nil
        $0.instances[0].services[1].live.unobservable = ["healthCheck"]
      }
    }
    var check = HealthCheck()
    check.port = 80
    let checked = edited("api") { $0.healthCheck = check }
    #expect(try Fixture.plan(checked, observed: observation(made: checked), last: checked).isEmpty)
    let added = try Fixture.plan(checked, observed: observation(made: shop), last: shop)
    #expect(added.paths("update 0.api").contains("healthCheck.port"))
    let other = edited("api") {
      $0.healthCheck = check; $0.healthCheck?.port = 81
    }
    let unknown = try Fixture.plan(
      checked, observed: observation(made: other, run: Fixture.broken), last: shop,
      incomplete: [Fixture.broken])
    #expect(unknown.action("update 0.api")?.changes.first?.old == .unknown)
    #expect(unknown.action("update 0.api")?.causes == [.spec, .unfinished])
  }

  // MARK: Inits and services that do not run

  @Test("An init runs again only when it changed or has not completed")
  func anInitRunsAgainOnlyWhenItChangedOrHasNotCompleted() throws {
    let changed = edited("migrate") { $0.args = ["--all"] }
    let plan = try Fixture.plan(changed, observed: Fixture.observation(of: shop), last: shop)
    #expect(plan.steps == ["replace 0.migrate", "record workload"])

    let failed = Fixture.observation(of: shop) {
      $0.instances[0].services[0].state = .failed
      $0.instances[0].services[0].exitCode = 1
      $0.instances[0].services[0].isReady = false
    }
    #expect(try Fixture.plan(shop, observed: failed, last: shop).steps == ["start 0.migrate"])
  }

  @Test(
    "A service that should run is started",
    arguments: [
      (InstanceState.failed, 1, RestartPolicy.never, true), (.failed, 137, .always, true),
      (.stopped, 0, .always, true), (.stopped, 0, .never, false), (.stopped, 0, .onFailure, false),
      (.starting, nil, .always, false), (.running, nil, .always, false), (.stopped, nil, .never, true),
    ] as [(InstanceState, Int?, RestartPolicy, Bool)])
  func aServiceThatShouldRunIsStarted(
    state: InstanceState, exit: Int?, policy: RestartPolicy, starts: Bool
  ) throws {
    let desired = edited("envoy") { $0.restart = policy }
    let observation = Fixture.observation(of: desired) {
      $0.instances[0].services[3].state = state
      $0.instances[0].services[3].exitCode = exit
    }
    #expect(
      try Fixture.plan(desired, observed: observation, last: desired).steps
        == (starts ? ["start 0.envoy"] : []))
  }

  @Test("A dead instance is made anew") func aDeadInstanceIsMadeAnew() throws {
    let observation = Fixture.observation(of: shop) {
      $0.instances[0].isAlive = false
      $0.instances[0].message = "its supervisor is gone"
    }
    let plan = try Fixture.plan(shop, observed: observation, last: shop)
    #expect(plan.steps == ["create 0", "create 0.migrate", "create 0.db", "create 0.api", "create 0.envoy"])
    #expect(plan.actions[0].causes == [.drift])
    #expect(plan.actions[0].reason == .isGone(message: "its supervisor is gone"))
  }

  // MARK: Replicas

  @Test("More replicas create and fewer delete") func moreReplicasCreateAndFewerDelete() throws {
    let three = Fixture.workload(replicas: 3, [Fixture.service("api")])
    let one = Fixture.workload(replicas: 1, [Fixture.service("api")])
    let up = try Fixture.plan(three, observed: Fixture.observation(of: one), last: one)
    #expect(up.steps == ["create 1", "create 1.api", "create 2", "create 2.api", "record workload"])
    #expect(up.workloadChanges.map(\.path) == ["replicas"])
    let down = try Fixture.plan(one, observed: Fixture.observation(of: three), last: three)
    #expect(down.steps == ["delete 2.api", "delete 2", "delete 1.api", "delete 1", "record workload"])
    #expect(down.interruptions.isEmpty)
  }

  @Test("Replicas that are not set stay what they are") func replicasThatAreNotSetStayWhatTheyAre() throws {
    let set = Fixture.workload(replicas: 3, [Fixture.service("api")])
    let unset = Fixture.workload(replicas: nil, [Fixture.service("api")])
    #expect(try Fixture.plan(unset, observed: Fixture.observation(of: set), last: set).isEmpty)
    #expect(try Fixture.plan(unset).steps == ["create 0", "create 0.api", "record workload"])
  }

  @Test("A rolling change goes one instance at a time") func aRollingChangeGoesOneInstanceAtATime() throws {
    let before = Fixture.workload(replicas: 3, [Fixture.service("api")])
    var after = before
    after.services[0].env = ["A": "1"]
    let plan = try Fixture.plan(after, observed: Fixture.observation(of: before), last: before)
    #expect(plan.steps == ["restart 0.api", "restart 1.api", "restart 2.api", "record workload"])
    #expect(plan.action("restart 2.api")?.after.map(\.description) == ["restart 1.api"])
    #expect(plan.interruptions.isEmpty)

    after.strategy.maxUnavailable = 2
    let two = try Fixture.plan(after, observed: Fixture.observation(of: before), last: before)
    #expect(two.action("restart 1.api")?.after == [])
    #expect(two.action("restart 2.api")?.after.map(\.description) == ["restart 0.api"])

    after.strategy.type = .recreate
    let recreate = try Fixture.plan(after, observed: Fixture.observation(of: before), last: before)
    #expect(recreate.action("restart 2.api")?.after == [])
    #expect(recreate.interruptions.map(\.service) == ["api"])
  }

  @Test("A stateful set comes in order and goes in reverse") func aStatefulSetComesInOrderAndGoesInReverse()
    throws
  {
    let set = Fixture.workload(replicas: 2, [Fixture.service("db")]) { $0.kind = .statefulSet }
    let up = try Fixture.plan(set)
    #expect(up.action("create 1")?.after.map(\.description) == ["create 0", "create 0.db"])
    let down = try Fixture.plan(nil, observed: Fixture.observation(of: set), last: set)
    #expect(down.steps == ["delete 1.db", "delete 1", "delete 0.db", "delete 0", "record workload"])
    #expect(down.action("delete 0.db")?.after.map(\.description) == ["delete 1.db", "delete 1"])
  }

  // MARK: Destroying

  @Test("Destroying goes in reverse and keeps volumes") func destroyingGoesInReverseAndKeepsVolumes() throws {
    let volumes = [ObservedVolume(name: "data", type: .persistent)]
    let observation = Fixture.observation(of: shop) { $0.volumes = volumes }
    let plan = try Fixture.plan(nil, observed: observation, last: shop)
    #expect(
      plan.steps == [
        "delete 0.envoy", "delete 0.api", "delete 0.db", "delete 0.migrate", "delete 0", "record workload",
      ])
    #expect(plan.detachedVolumes == volumes)
    #expect(plan.interruptions.map(\.service) == ["api", "db", "envoy"])
    let all = try Fixture.plan(nil, observed: observation, last: shop) { $0.deletesVolumes = true }
    #expect(all.steps.suffix(2) == ["delete volume data", "record workload"])
    #expect(all.detachedVolumes.isEmpty)
  }

  @Test("Destroying nothing is nothing") func destroyingNothingIsNothing() throws {
    #expect(try Fixture.plan(nil).isEmpty)
  }

  // MARK: One service

  @Test("One service is changed and the drift of others is told")
  func oneServiceIsChangedAndTheDriftOfOthersIsTold() throws {
    var desired = edited("envoy") { $0.env = ["MODE": "edge"] }
    desired.services[1].command = ["/bin/api2"]
    desired.replicas = 5
    let observation = Fixture.observation(of: shop) {
      $0.instances[0].services[2].live.service.env["X"] = "1"
    }
    var drifted = shop
    drifted.services[2].env = ["X": "0"]
    let plan = try Fixture.plan(desired, observed: observation, last: drifted, services: ["envoy"])
    #expect(plan.steps == ["restart 0.envoy", "record workload"])
    #expect(plan.desired?.replicas == 1)
    #expect(plan.desired?.service("api")?.command == ["/bin/api"])
    #expect(plan.notes.map(\.code) == [.driftElsewhere])
  }

  @Test("A service that the spec lacks is deleted by name") func aServiceThatTheSpecLacksIsDeletedByName()
    throws
  {
    var desired = shop
    desired.services.removeAll { $0.name == "envoy" }
    let plan = try Fixture.plan(
      desired, observed: Fixture.observation(of: shop), last: shop, services: ["envoy"])
    #expect(plan.steps == ["delete 0.envoy", "record workload"])
  }

  // MARK: Engines that replace whole instances

  @Test("A wider scope makes one action of the instance") func aWiderScopeMakesOneActionOfTheInstance() throws
  {
    let desired = edited("api") { $0.env["LEVEL"] = "debug" }
    let plan = try Fixture.plan(desired, observed: Fixture.observation(of: shop), last: shop) {
      $0.impact = { _ in ImpactStatement(.replace, scope: .instance, reason: .changesWhole) }
    }
    #expect(plan.steps == ["replace 0", "record workload"])
    #expect(plan.actions[0].alsoRestarts == ["db", "envoy"])
    #expect(plan.actions[0].changes.map(\.path) == ["services[api].env.LEVEL"])
    #expect(plan.interruptions.map(\.service) == ["api", "db", "envoy"])
  }

  @Test("A provider cannot lower the impact") func aProviderCanNotLowerTheImpact() throws {
    let desired = edited("api") { $0.command = ["/bin/api2"] }
    let plan = try Fixture.plan(desired, observed: Fixture.observation(of: shop), last: shop) {
      $0.impact = { _ in ImpactStatement(.inPlace) }
    }
    #expect(plan.steps == ["replace 0.api", "record workload"])
  }

  // MARK: What stops a plan

  @Test("What stops a plan") func whatStopsAPlan() throws {
    let last = edited("api") { $0.volumes = [volume("data", "2Gi")] }
    let cases: [(DiagnosticCode, () throws -> Plan)] = [
      (
        .observationIncomplete,
        {
          try Fixture.plan(
            shop, observed: Fixture.observation(of: shop) { $0.gaps = ["instance 1 does not answer"] })
        }
      ),
      (
        .foreignObject,
        {
          try Fixture.plan(
            shop,
            observed: Fixture.observation(of: shop) {
              $0.foreign = [ForeignObject(name: "x", kind: "a folder that berth did not create")]
            })
        }
      ),
      (
        .kindChanged,
        {
          try Fixture.plan(Fixture.workload([Fixture.service("api")]) { $0.kind = .statefulSet }, last: shop)
        }
      ),
      (
        .volumeShrunk,
        { try Fixture.plan(self.edited("api") { $0.volumes = [volume("data", "1Gi")] }, last: last) }
      ),
      (.noRelease, { try Fixture.plan(shop, services: ["api"]) }),
      (.unknownService, { try Fixture.plan(shop, last: shop, services: ["apy"]) }),
      (.providerRefuses, { try Fixture.plan(shop) { $0.notes.report(.providerRefuses, "no") } }),
    ]
    for (code, plan) in cases {
      let error = try #require(throws: DiagnosticError.self, performing: { _ = try plan() })
      #expect(error.diagnostics.contains { $0.code == code }, "\(code)")
    }
  }
}

private func port(_ container: Int, host: Int? = nil) -> Port {
  var port = Port()
  port.container = container
  port.host = host
  return port
}

private func volume(_ name: String, _ size: String) -> Volume {
  var volume = Volume()
  volume.name = name
  volume.mountPath = "/\(name)"
  volume.size = ByteQuantity(size)
  volume.type = .persistent
  return volume
}
