import Diagnostics
import Planning
import Testing
import Values
import WorkloadSpec

@testable import Policies

@Suite("What policies say of plans")
struct PlanVerdictTests {
  static let monday = TimeTests.moment(day: TimeTests.winter, 10)
  static let sunday = TimeTests.moment(day: TimeTests.winter - 1, 10)

  static var workload: Workload {
    get throws {
      try Scene.spec("name: shop\nlabels: {tier: database}\nservices: [{name: db, image: 'db:1'}]").workload
    }
  }

  static func verdict(
    _ policy: String, _ plan: Plan, whole: Workload? = nil, last: Workload? = nil
  ) throws -> PolicyVerdict {
    try Scene.policies("policies: {rule: {\(policy)}}").verdict(
      on: PolicySubject(plan, whole: whole, last: last, place: { _ in nil }))
  }

  static let instances = [InstanceID(0), InstanceID(1)]

  @Test(
    "What a plan must not do",
    arguments: [
      ("forbid: [replace]", "the plan replaces (0.db), and must not"),
      ("forbid: [delete]", "the plan deletes (1.db), and must not"),
      ("forbid: [delete-volumes]", "the plan deletes volumes (volume data), and must not"),
      ("forbid: [create, restart, stop, update, adopt, run, scale, start, destroy]", nil),
      ("maxInterrupted: 1", "the plan interrupts services in 2 instances (db), and may in 1 at most"),
      ("maxInterrupted: 2", nil),
    ] as [(String, String?)])
  func deeds(_ condition: String, _ expected: String?) throws {
    let plan = Scene.plan(
      [
        Action(.replace, .service(Self.instances[0], "db"), isInterruption: true),
        Action(.delete, .service(Self.instances[1], "db"), isInterruption: true),
        Action(.delete, .volume("data", ordinal: nil)),
      ], desired: try Self.workload)
    let messages = try Self.verdict("plan: {\(condition)}", plan).notes().map(\.message)
    #expect(messages == [expected].compactMap { $0.map { "policy `rule`: \($0)" } })
  }

  @Test("To destroy is seen by what the last release says, for that is what goes")
  func destroy() throws {
    let plan = Scene.plan([Action(.delete, .instance(Self.instances[0]))], intent: .destroy, desired: nil)
    let policy = "scope: {labels: {tier: database}}, plan: {forbid: [destroy]}"
    #expect(
      try Self.verdict(policy, plan, last: try Self.workload).notes().map(\.message) == [
        "policy `rule`: the plan destroys the workload (shop), and must not"
      ])
    var other = try Self.workload
    other.labels = ["tier": "web"]
    #expect(try Self.verdict(policy, plan, last: other).notes().isEmpty)
    // Where no release tells, it may be one.
    #expect(try !Self.verdict(policy, plan).notes().isEmpty)
  }

  @Test("To take a label away takes a workload out of no scope at once")
  func labelTakenAway() throws {
    var stripped = try Self.workload
    stripped.labels = [:]
    let plan = Scene.plan([Action(.replace, .service(Self.instances[0], "db"))], desired: stripped)
    let policy = "scope: {labels: {tier: database}}, plan: {forbid: [replace]}"
    #expect(try !Self.verdict(policy, plan, whole: stripped, last: try Self.workload).notes().isEmpty)
    #expect(try Self.verdict(policy, plan, whole: stripped, last: stripped).notes().isEmpty)
  }

  @Test("A plan tells windows, and a run is held to them")
  func windows() throws {
    let plan = Scene.plan([Action(.restart, .service(Self.instances[0], "db"))], desired: try Self.workload)
    let verdict = try Self.verdict("windows: [{days: [mon], from: 09:00}]", plan)
    let note = try #require(verdict.notes().first)
    #expect(note.code == .policyWindow)
    #expect(note.message == "policy `rule`: allows changes only mon 09:00–24:00 UTC")
    #expect(verdict.refusals(at: Self.monday, isOverriding: false).isEmpty)
    let refusal = try #require(verdict.refusals(at: Self.sunday, isOverriding: false).first)
    #expect(refusal.code == .outsideWindow)
    #expect(
      refusal.message.hasSuffix("allows changes only mon 09:00–24:00 UTC, and it is 2026-11-29T10:00:00Z"))
  }

  @Test("Recording alone changes nothing, and needs no window")
  func recordOnly() throws {
    let plan = Scene.plan([Action(.record, .workload)], desired: try Self.workload)
    #expect(try Self.verdict("windows: [{days: [mon]}]", plan).notes().isEmpty)
  }

  @Test("An exception of the whole workload opens windows, one of a service does not")
  func excusedWindows() throws {
    let plan = Scene.plan([Action(.restart, .service(Self.instances[0], "db"))], desired: try Self.workload)
    for (services, isOpen) in [("", true), ("services: [db], ", false)] {
      let verdict = try Self.verdict(
        "windows: [{days: [mon]}], exceptions: [{workloads: [shop], \(services)reason: moves, until: 2026-11-30}]",
        plan)
      #expect(verdict.refusals(at: Self.sunday, isOverriding: false).isEmpty == isOpen)
    }
  }

  @Test("An operator overrides what may be overridden, and only what stands in the way is written down")
  func overriding() throws {
    let plan = Scene.plan([Action(.restart, .service(Self.instances[0], "db"))], desired: try Self.workload)
    let policies = try Scene.policies(
      """
      policies:
        closed: {windows: [{days: [mon]}]}
        open: {windows: [{days: [sun]}]}
        advice: {severity: warning, plan: {forbid: [restart]}}
        no-restart: {plan: {forbid: [restart]}}
      """)
    let verdict = policies.verdict(
      on: PolicySubject(plan, whole: nil, last: nil, place: { _ in nil }))
    #expect(verdict.refusals(at: Self.sunday, isOverriding: true).isEmpty)
    #expect(verdict.overridden(at: Self.sunday) == ["closed", "no-restart"])
    #expect(
      verdict.notes(isOverriding: true).map(\.code) == [
        .policyAdvises, .policyWindow, .policyOverridden, .policyWindow,
      ])

    let never = try Self.verdict("override: never, plan: {forbid: [restart]}", plan)
    #expect(never.notes(isOverriding: true).map(\.code) == [.policyBroken])
    #expect(never.refusals(at: Self.sunday, isOverriding: true).map(\.code) == [.policyBroken])
    #expect(never.overridden(at: Self.sunday).isEmpty)
  }

  @Test(
    "Fields are looked at where a spec is handed over",
    arguments: [
      (RunIntent.apply, 2), (.rollback(to: 3), 2), (.promote, 2), (.scale(to: 1), 1), (.stop, 0),
      (.restart, 0),
      (.destroy, 0), (.abort, 0),
    ])
  func extents(_ intent: RunIntent, _ count: Int) throws {
    let plan = Scene.plan(
      [Action(.restart, .service(Self.instances[0], "db"))], intent: intent, desired: try Self.workload)
    let notes = try Self.verdict(
      "fields: [{field: replicas, set: true}, {field: services.image.tag, noneOf: ['1']}]", plan
    ).notes()
    #expect(notes.count == count)
    if case .rollback = intent {
      #expect(notes.last?.message.contains("`services[db].image.tag` of release 3 is `1`") == true)
    }
  }
}
