import Planning
import Rendering
import TestSupport
import Testing
import Values

@Suite("What berth prints for programs keeps to its published schema")
struct OutputSchemaTests {
  @Test("A plan with one of everything does")
  func plan() throws {
    let value = try Value(json: PlanJSON.render(PlanReview([PlanFixture.rich])))
    #expect(OutputSchema.check.problems(with: value, as: "plans") == [])
    #expect(OutputSchema.check.problems(with: value) == [])
  }

  @Test("Every kind of event does")
  func events() throws {
    let action = PlanFixture.action(.create, 0, "api")
    let events = EventJSON(WorkloadKey(name: "shop"), target: "local")
    let at = Timestamp(milliseconds: 1_000_000)
    var end = WorkloadEnd(WorkloadKey(name: "shop"), .failed)
    end.failures = [(ActionID("create 0.api"), "exited with code 1")]
    let lines = [
      events.planned(PlanFixture.rich, at: at), events.waiting(for: "ada", since: at, at: at),
      events.waiting(for: [WorkloadKey(name: "db")], at: at), events.started(action, at: at),
      events.progress(action, "pulls", at: at), events.succeeded(action, after: .seconds(1), at: at),
      events.failed(action, "no", logTail: ["a"], at: at), events.goingBack(to: nil, at: at),
      events.finished(end, exit: 1, at: at),
    ]
    for line in lines {
      #expect(OutputSchema.check.problems(with: try Value(json: line), as: "event") == [], "\(line)")
    }
    let known = try #require(try Value(json: lines[0])["event"]?.string)
    #expect(known == "planned")
  }

  @Test("A key that is missing, one that is not declared and a value of another kind are found")
  func finds() throws {
    let line = EventJSON(WorkloadKey(name: "shop"), target: "local").goingBack(
      to: 3, at: Timestamp(milliseconds: 0))
    var members = try #require(try Value(json: line).members)
    func problems(_ members: [Value.Member]) -> [String] {
      OutputSchema.check.problems(with: .map(members), as: "event")
    }
    #expect(problems(members) == [])
    #expect(!problems(members.filter { $0.key != "release" }).isEmpty)
    #expect(!problems(members + [.init("more", 1)]).isEmpty)
    members[0] = .init("version", "1")
    #expect(!problems(members).isEmpty)
  }

  @Test("Every event that there is has its place in the schema, and no other")
  func names() {
    let kinds = OutputSchema.check.root["$defs"]?["event"]?["oneOf"]?.list?.map {
      $0["properties"]?["event"]?["const"]?.string
    }
    #expect(kinds == EventKind.allCases.map(\.rawValue))
  }
}
