import Diagnostics
import Planning
import ProviderContract
import Testing
import Values
import WorkloadSpec

/// Plans for workloads that hold a machine or objects.
@Suite struct BodyPlanTests {
  // MARK: Machines

  private func workers(
    replicas: Int? = 2, _ edit: (inout Machine) -> Void = { _ in }
  ) -> Workload {
    var machine = Machine()
    machine.image = "image-1"
    edit(&machine)
    return Fixture.workload(replicas: replicas, []) {
      $0.kind = .machineGroup
      $0.strategy = Strategy()
      $0.machine = machine
    }
  }

  private func onMachines(
    _ desired: Workload?, from live: Workload? = nil, _ edit: (inout PlanInput) -> Void = { _ in }
  ) throws -> Plan {
    try Fixture.plan(desired, observed: live.map { Fixture.observation(of: $0) }, last: live) {
      $0.unit = .instance
      edit(&$0)
    }
  }

  @Test("Each instance is one machine, which comes and goes with it")
  func machinesComeAndGo() throws {
    let first = try onMachines(workers())
    #expect(first.steps == ["create 0", "create 1", "record workload"])
    #expect(first.actions[0].reach?.services == ["machine"])
    #expect(try onMachines(workers(), from: workers()).isEmpty)
    let more = try onMachines(workers(replicas: 3), from: workers())
    #expect(more.steps == ["create 2", "record workload"])
    let gone = try onMachines(nil, from: workers())
    #expect(Set(gone.steps) == ["delete 0", "delete 1", "record workload"])
    #expect(gone.interruptions.map(\.service) == ["machine"])
  }

  /// What is edited, what is done, and the path of the change.
  static let edits: [(name: String, edit: @Sendable (inout Machine) -> Void, steps: [String], path: String)] =
    [
      ("the disk", { $0.disk = ByteQuantity("80Gi") }, ["update 0", "update 1"], "machine.disk"),
      (
        "the type", { $0.type = "large" }, ["create 0_g1", "create 1_g1", "delete 0", "delete 1"],
        "machine.type"
      ),
      (
        "the image", { $0.image = "image-2" }, ["create 0_g1", "create 1_g1", "delete 0", "delete 1"],
        "machine.image"
      ),
      ("what only berth reads", { $0.spread = true }, [], "machine.spread"),
    ]

  @Test("What differs decides whether a machine changes, or another takes its place", arguments: edits)
  func whatDiffersDecides(
    name: String, edit: @Sendable (inout Machine) -> Void, steps: [String], path: String
  ) throws {
    let plan = try onMachines(workers(edit), from: workers())
    #expect(Set(plan.steps) == Set(steps + ["record workload"]), "\(name)")
    #expect(plan.actions.flatMap(\.changes).contains { $0.path == path })
    #expect(plan.interruptions.isEmpty)
  }

  @Test("All at once, machines change where they are, and that interrupts")
  func allAtOnce() throws {
    var (old, new) = (workers(), workers { $0.image = "image-2" })
    old.strategy.type = .recreate
    new.strategy.type = .recreate
    let plan = try onMachines(new, from: old)
    #expect(plan.steps == ["replace 0", "replace 1", "record workload"])
    #expect(plan.interruptions.first?.instances == [InstanceID(0), InstanceID(1)])
  }

  // MARK: Objects

  private func object(_ name: String, _ content: Value, after: StringSet = []) -> Manifest {
    var object = Manifest()
    (object.apiVersion, object.kind, object.object) = ("v1", "ConfigMap", name)
    object.content = Tree(content)
    object.dependsOn = after
    return object
  }

  private func workload(_ objects: [Manifest]) -> Workload {
    Fixture.workload(replicas: 1, []) {
      $0.kind = .objectSet
      $0.objects = objects
    }
  }

  private func onObjects(
    _ desired: Workload?, from live: Workload? = nil, services: Set<String>? = nil,
    _ edit: (inout Observation) -> Void = { _ in }
  ) throws -> Plan {
    try Fixture.plan(
      desired, observed: live.map { Fixture.observation(of: $0, edit) }, last: live, services: services)
  }

  private var two: Workload {
    workload([
      object("b", ["data": ["LEVEL": "info", "COUNT": "4"]]),
      object("a", ["data": [:]], after: ["ConfigMap/b"]),
    ])
  }

  @Test("Objects come in order, change one by one, and go in reverse")
  func objectsOneByOne() throws {
    #expect(
      try onObjects(two).steps == [
        "create 0", "create 0.ConfigMap/b", "create 0.ConfigMap/a", "record workload",
      ])
    #expect(try onObjects(two, from: two).isEmpty)
    var next = two
    next.objects[0].content = Tree(["data": ["LEVEL": "debug", "COUNT": "4", "NEW": "1"]])
    let changed = try onObjects(next, from: two)
    #expect(changed.steps == ["update 0.ConfigMap/b", "record workload"])
    #expect(changed.paths("update 0.ConfigMap/b") == ["content.data.LEVEL", "content.data.NEW"])
    let gone = try onObjects(workload([two.objects[0]]), from: two)
    #expect(gone.steps == ["delete 0.ConfigMap/a", "record workload"])
    let all = try onObjects(nil, from: two)
    #expect(
      all.steps == ["delete 0.ConfigMap/a", "delete 0.ConfigMap/b", "delete 0", "record workload"])
  }

  @Test("What another hand changed of an object is drift, and what the spec does not state is left alone")
  func driftOfAnObject() throws {
    let drift = try onObjects(two, from: two) { observation in
      var edited = object("b", ["data": ["LEVEL": "debug", "COUNT": "4"], "status": ["ready": true]])
      edited.dependsOn = []
      observation.instances[0].services[0].live.spec = AnyElement(edited)
    }
    #expect(drift.steps == ["update 0.ConfigMap/b"])
    #expect(drift.paths("update 0.ConfigMap/b") == ["content.data.LEVEL"])
    #expect(drift.actions[0].causes == [.drift])
  }

  @Test("One object is put into the last release, and an unknown one is refused")
  func oneObject() throws {
    var next = two
    next.objects[0].content = Tree(["data": [:]])
    next.objects[1].content = Tree(["data": ["A": "1"]])
    let plan = try onObjects(next, from: two, services: ["ConfigMap/a"])
    #expect(plan.steps == ["update 0.ConfigMap/a", "record workload"])
    #expect(plan.desired?.objects.first == two.objects[0])
    let error = try #require(throws: DiagnosticError.self) {
      try onObjects(next, from: two, services: ["ConfigMap/c"])
    }
    #expect(error.diagnostics.map(\.code) == [.unknownService])
    #expect(error.diagnostics.first?.help == "did you mean `ConfigMap/a`?")
  }

  @Test("A body never becomes another one")
  func bodiesStay() throws {
    let error = try #require(throws: DiagnosticError.self) { try onObjects(two, from: workers(replicas: 1)) }
    #expect(error.diagnostics.map(\.code) == [.kindChanged])
  }

  @Test("The fingerprint holds what is stated of an object, and no more")
  func theFingerprint() {
    func print(_ edit: (inout Manifest) -> Void) -> String {
      Fixture.observation(of: two) { observation in
        var object = two.objects[0]
        edit(&object)
        observation.instances[0].services[0].live.spec = AnyElement(object)
      }.fingerprint(desired: two, last: two)
    }
    let base = print { _ in }
    #expect(print { $0.content = Tree(["data": ["LEVEL": "x", "COUNT": "4"]]) } != base)
    #expect(print { $0.content = Tree(["data": ["COUNT": "4", "LEVEL": "info"], "status": [:]]) } == base)
    #expect(print { $0.dependsOn = ["x"] } == base)
  }

  // MARK: Names

  @Test("An instance has a place or a name, and no name can be taken for a place")
  func instancesHaveNames() throws {
    let named = try #require(InstanceID(name: "shop-7d9f-x1"))
    #expect(named.description == "shop-7d9f-x1" && named.ordinal == nil)
    #expect(["", "0", "12", "0_g1"].allSatisfy { InstanceID(name: $0) == nil })
    #expect(InstanceID(name: "007") != nil && InstanceID(name: "1_g0") != nil)
    #expect(
      [named, InstanceID(1), InstanceID(0, generation: 1), InstanceID(0)].sorted().first == InstanceID(0))
    #expect(named.isMeant(by: "shop-7d9f-x1") && !named.isMeant(by: "0"))
    #expect(InstanceID(1, generation: 2).isMeant(by: "1") && InstanceID(1, generation: 2).isMeant(by: "1_g2"))
    #expect(!InstanceID(1, generation: 2).isMeant(by: "1_g1"))
  }
}

/// What a tree of data accepts can be kept and read again.
@Suite struct TreeTests {
  @Test("A snapshot with a tree is read as it was written")
  func snapshotsAreReadAgain() throws {
    var random = SplitMix64(state: 7)
    func value(_ depth: Int) -> Value {
      switch Int.random(in: 0..<(depth > 6 ? 4 : 6), using: &random) {
      case 0: return .int([0, -1, .max, .min, 644].randomElement(using: &random)!)
      case 1: return .bool(Bool.random(using: &random))
      case 2:
        return .string(
          ["", "0644", "true", "null", "1e3", "\u{1b}[31m", "a: b", "- x", "${x}", "é\n"].randomElement(
            using: &random)!)
      case 3: return .list([.null, "x"])
      case 4: return .list((0..<3).map { _ in value(depth + 1) })
      default:
        return .map(
          (0..<3).map {
            .init(
              ["a\($0)", "b.\($0)", "c[\($0)]", "0\($0)", "\u{7}\($0)"].randomElement(using: &random)!,
              value(depth + 1))
          })
      }
    }
    for seed in 0..<300 {
      var object = Manifest()
      (object.apiVersion, object.kind, object.object) = ("v1", "Widget", "w")
      object.content = Tree(.map([.init("k", value(0))]))
      var workload = Workload()
      (workload.name, workload.kind, workload.objects) = ("shop", .objectSet, [object])
      let read = try Workload(json: CanonicalJSON.compact(workload.plain))
      #expect(read == workload, "round \(seed)")
    }
  }

  @Test("An empty body, and another number than one of a set of objects, are refused wherever they come from")
  func aSetIsOne() throws {
    var set = Workload()
    (set.name, set.kind) = ("shop", .objectSet)
    #expect(WorkloadRules.check(set).map(\.code) == [.severalBodies])
    var object = Manifest()
    (object.apiVersion, object.kind, object.object) = ("v1", "Widget", "w")
    set.objects = [object]
    #expect(WorkloadRules.check(set).isEmpty)
    for count in [0, 3] { #expect(WorkloadRules.check(set, instances: count).map(\.code) == [.outOfRange]) }
  }
}
