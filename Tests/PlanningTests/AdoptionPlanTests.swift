import Diagnostics
import Planning
import Testing
import WorkloadSpec

/// How what is there becomes a workload's: before anything else, as it is, and then what differs.
@Suite struct AdoptionPlanTests {
  private static let none = Observation(engine: Fixture.engine)

  /// What is there of a workload, without being ours.
  private static func adoptable(
    _ workload: Workload, _ edit: (inout Service) -> Void = { _ in }
  ) -> Adoptable {
    var instances: [ObservedInstance] = []
    for ordinal in 0..<(workload.replicas ?? 1) {
      let id = InstanceID(ordinal)
      let services = workload.services.map { service in
        var live = service
        edit(&live)
        return Fixture.observed(live, in: id, of: workload, run: RunID("")) {
          $0.adoption = Adoption(
            id: "id-\(service.name)-\(ordinal)", name: "shop-\(service.name)-\(ordinal + 1)",
            changes: [Deviation("container.name", from: .string("old"), to: .string("new"))])
        }
      }
      instances.append(ObservedInstance(id: id, services: services))
    }
    return Adoptable(instances: instances)
  }

  private static func plan(
    _ desired: Workload, _ adoptable: Adoptable, beside observation: Observation = none,
    last: Workload? = nil
  ) throws -> Plan {
    var observation = observation
    observation.adopt(adoptable)
    return try Planner.plan(
      PlanInput(
        key: Fixture.key, target: "local", intent: .apply, desired: desired, observation: observation,
        lastRelease: last.map { Fixture.release($0) }, impact: { ImpactStatement($0.minimum) }))
  }

  @Test("What is there is adopted and nothing else") func whatIsThereIsAdoptedAndNothingElse() throws {
    let plan = try Self.plan(Fixture.shop, Self.adoptable(Fixture.shop))
    #expect(
      plan.actions.map(\.id.description) == [
        "adopt 0.migrate", "adopt 0.api", "adopt 0.db", "adopt 0.envoy", "record workload",
      ])
    #expect(plan.actions[1].adopts == "id-api-0")
    #expect(plan.actions[1].reason == .isThereAlready(name: "shop-api-1"))
    #expect(plan.actions[1].changes.map(\.path) == ["container.name"])
    #expect(plan.interruptions.isEmpty)
    for (before, action) in zip(plan.actions, plan.actions.dropFirst()) {
      #expect(action.after.contains(before.id))
    }
  }

  @Test("What differs waits for all that is adopted") func whatDiffersWaitsForAllThatIsAdopted() throws {
    let plan = try Self.plan(
      Fixture.shop, Self.adoptable(Fixture.shop) { if $0.name == "api" { $0.env["MORE"] = "x" } })
    let change = try #require(plan.actions.first { $0.subject.service == "api" && $0.kind != .adopt })
    #expect(change.changes.map(\.path) == ["env.MORE"] && change.causes == [.spec])
    #expect(change.after.contains(ActionID("adopt 0.envoy")))
  }

  @Test("What is ours stays as it is") func whatIsOursStaysAsItIs() throws {
    let observation = Fixture.observation(of: Fixture.shop)
    let plan = try Self.plan(
      Fixture.shop, Self.adoptable(Fixture.shop), beside: observation, last: Fixture.shop)
    #expect(plan.isEmpty)
  }

  @Test("What is missing is made") func whatIsMissingIsMade() throws {
    var some = Self.adoptable(Fixture.shop)
    some.instances[0].services.removeAll { $0.name == "envoy" }
    let plan = try Self.plan(Fixture.shop, some)
    #expect(plan.counts.map(\.kind) == [.adopt, .create, .record])
    #expect(!plan.actions.contains { $0.subject == .instance(InstanceID(0)) })
  }

  @Test("More than the spec has is refused") func moreThanTheSpecHasIsRefused() throws {
    var two = Fixture.shop
    two.replicas = 2
    let error = try #require(throws: DiagnosticError.self) {
      try Self.plan(Fixture.shop, Self.adoptable(two))
    }
    #expect(error.diagnostics.map(\.code) == [.cannotAdopt])
  }

  @Test("What is in the way names the way out", arguments: [true, false]) func whatIsInTheWayNamesTheWayOut(
    _ canBeAdopted: Bool
  ) throws {
    var observation = Self.none
    observation.foreign = [ForeignObject(name: "x", kind: "a container", canBeAdopted: canBeAdopted)]
    let error = try #require(throws: DiagnosticError.self) {
      try Self.plan(Fixture.shop, Adoptable(), beside: observation)
    }
    #expect(error.diagnostics.map(\.code) == [.foreignObject])
    #expect(error.diagnostics.first?.help?.contains("--adopt") == canBeAdopted)
  }

  @Test("What is adopted is in the way no more") func whatIsAdoptedIsInTheWayNoMore() throws {
    var observation = Self.none
    observation.foreign = [ForeignObject(name: "shop-api-1", kind: "a container", canBeAdopted: true)]
    #expect(try Self.plan(Fixture.shop, Self.adoptable(Fixture.shop), beside: observation).actions.count == 5)
  }

  @Test("Another thing of the same name is another fingerprint")
  func anotherThingOfTheSameNameIsAnotherFingerprint() {
    var (first, second) = (Self.none, Self.none)
    first.adopt(Self.adoptable(Fixture.shop))
    var other = Self.adoptable(Fixture.shop)
    other.instances[0].services[0].adoption?.id = "other"
    second.adopt(other)
    #expect(
      first.fingerprint(desired: Fixture.shop, last: nil)
        != second.fingerprint(desired: Fixture.shop, last: nil))
  }

  // MARK: A controller

  /// What a controller is that another client made, with an instance.
  private static func controller(_ edit: (inout Service) -> Void = { _ in }) -> Adoptable {
    let found = adoptable(Fixture.shop, edit)
    let adoption = Adoption(
      id: "uid", name: "shop", changes: [Deviation("objects.Deployment/shop", from: "helm", to: "berth")])
    var controller = ObservedController(
      template: found.instances[0].services, replicas: 1, strategy: Fixture.shop.strategy, progress: .settled)
    controller.adoption = adoption
    for index in controller.template.indices { controller.template[index].adoption = adoption }
    var instances = found.instances
    for index in instances[0].services.indices { instances[0].services[index].adoption = nil }
    return Adoptable(instances: instances, controller: controller)
  }

  private static func planWorkload(_ adoptable: Adoptable) throws -> Plan {
    var observation = none
    observation.foreign = [ForeignObject(name: "shop", kind: "a Deployment", canBeAdopted: true)]
    observation.adopt(adoptable)
    return try Planner.plan(
      PlanInput(
        key: Fixture.key, target: "prod", intent: .apply, desired: Fixture.shop, observation: observation,
        lastRelease: nil, unit: .workload, impact: { ImpactStatement($0.minimum) }))
  }

  @Test("A controller is adopted by one action") func aControllerIsAdoptedByOneAction() throws {
    let plan = try Self.planWorkload(Self.controller())
    #expect(plan.actions.map(\.id.description) == ["adopt workload", "record workload"])
    #expect(plan.actions[0].adopts == "uid")
    #expect(plan.interruptions.isEmpty)
  }

  @Test("What differs of it is one action after that") func whatDiffersOfItIsOneActionAfterThat() throws {
    let plan = try Self.planWorkload(Self.controller { if $0.name == "api" { $0.command = ["/bin/older"] } })
    let adoption = ActionID("adopt workload")
    #expect(plan.actions.map(\.kind) == [.adopt, .replace, .record])
    #expect(plan.actions[1].causes == [.spec] && plan.actions[1].after.contains(adoption))
  }

  @Test("Another controller of the same name is another fingerprint")
  func anotherControllerOfTheSameNameIsAnotherFingerprint() {
    var (first, second) = (Self.none, Self.none)
    var other = Self.controller()
    first.adopt(other)
    other.controller?.adoption?.id = "other"
    second.adopt(other)
    let prints = [first, second].map { $0.fingerprint(desired: Fixture.shop, last: nil) }
    #expect(prints[0] != prints[1])
  }
}
