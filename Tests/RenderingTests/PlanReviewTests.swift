import Foundation
import Planning
import Rendering
import Testing
import Values
import WorkloadSpec

@Suite("Plans as a reviewer is shown them")
struct PlanReviewTests {
  private static let id = String(repeating: "5b", count: 16)

  private func desired(_ name: String, after dependencies: [String] = []) -> Workload {
    var workload = PlanFixture.workload([
      PlanFixture.service("api") { $0.stopGrace = SpecDuration("30s") ?? $0.stopGrace }
    ])
    workload.name = name
    workload.dependsOn = StringSet(dependencies)
    return workload
  }

  private func restart(_ name: String, after dependencies: [String] = []) -> Plan {
    PlanFixture.plan(
      [PlanFixture.action(.restart, 0, "api", interrupts: true)], desired: desired(name, after: dependencies),
      name: name)
  }

  private func review(_ plans: [Plan], origins: [WorkloadKey: [String: Provenance]] = [:]) -> PlanReview {
    PlanReview(
      plans, id: Self.id, command: ["berth", "apply", "-f", "shop files/", "-t", "prod"], origins: origins)
  }

  @Test("Of several workloads the first line says what all do, what stops, and for how long at most")
  func heading() {
    let text = PlanMarkdown.render([
      restart("db"), restart("web", after: ["db"]), PlanFixture.plan([], name: "quiet"),
    ])
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    #expect(
      lines.first
        == "**2 workloads change: 2 to restart** · Interrupts `db/api`, `web/api`. Each for at most 2m30s.")
    #expect(lines.dropFirst().first == "Order: `db` before `web`.")
  }

  @Test("A single one says in its own line for how long")
  func single() {
    let text = PlanMarkdown.render([restart("db")])
    #expect(text.contains("**1 to restart** · Interrupts: api (instance 0). For at most 2m30s.\n"))
    #expect(!text.contains("workload changes"))
  }

  @Test(
    "The footer has the command that carries out exactly this, and a marker by which a bot finds its comment")
  func footer() {
    let origin = Provenance(
      commit: "9fceb02ab3c4", isDirty: false, author: "Ada | `x` <ada@example.com>", repository: nil)
    let text = PlanMarkdown.render(
      review([restart("db")], origins: [WorkloadKey(name: "db"): ["api": origin, "web": origin]]))
    #expect(text.hasPrefix("<!-- berth plan local/default -->\n"))
    #expect(text.contains("| `db` | release 4 | `"))
    #expect(text.contains("| `9fceb02` by Ada  x |\n"))
    #expect(text.hasSuffix("```sh\nberth apply -f 'shop files/' -t prod --expect \(Self.id)\n```\n"))
  }

  @Test("Where nothing changes there is nothing to carry out, and the marker still finds the comment")
  func nothing() {
    let text = PlanMarkdown.render(review([PlanFixture.plan([])]))
    #expect(text.hasPrefix("<!-- berth plan local/default -->\n"))
    #expect(!text.contains("--expect"))
  }

  @Test("Nothing in the name of a target ends the marker")
  func marker() {
    let plan = PlanFixture.plan([], target: "a-->\n<img src=x>")
    let text = PlanMarkdown.render(review([plan]))
    #expect(text.split(separator: "\n").first == "<!-- berth plan aimgsrcx/default -->")
  }

  @Test(
    "The order of the actions is drawn where there is any, and left out of plans that are too long for it")
  func order() {
    let actions = [
      PlanFixture.action(.create, 1), PlanFixture.action(.create, 1, "api", after: ["create 1"]),
      PlanFixture.action(.delete, 0, "api", after: ["create 1.api"]),
    ]
    let text = PlanMarkdown.render([PlanFixture.plan(actions)])
    #expect(text.contains("```mermaid\nflowchart LR\n  subgraph g0[\"instance 1\"]\n"))
    #expect(text.contains("    n1[\"create api\"]:::added\n"))
    #expect(text.contains("  n0 --> n1\n"))
    let unordered = actions.map { action in
      var action = action
      action.after = []
      return action
    }
    #expect(!PlanMarkdown.render([PlanFixture.plan(unordered)]).contains("mermaid"))
  }

  @Test("It fits into a comment whatever is in it, and is the same each time")
  func fits() {
    let plans = (0..<200).map { index in
      PlanFixture.plan(
        (0..<20).map {
          PlanFixture.action(.restart, $0, "api", [PlanFixture.change("env.A", .value("1"), .value("2"))])
        },
        desired: desired("shop-\(index)"), name: "shop-\(index)")
    }
    let text = PlanMarkdown.render(review(plans))
    #expect(text.unicodeScalars.count <= PlanMarkdown.limit)
    #expect(text == PlanMarkdown.render(review(plans)))
    #expect(text.contains("--expect \(Self.id)"))
    #expect(text.contains("**200 workloads change: 4000 to restart**"))
  }

  @Test(
    "Of many plans, those that interrupt come first, and the others are a line each with the plan behind it")
  func many() throws {
    let plans = (0..<8).map { index in
      index == 5
        ? restart("w5") : PlanFixture.plan([PlanFixture.action(.create, 0, "api")], name: "w\(index)")
    }
    let text = PlanMarkdown.render(plans)
    #expect(
      text.contains(
        "<details>\n<summary><code>w0</code>: 1 to create</summary>\n\n```diff\n  instance 0\n+   create api\n"
      ))
    let notable = try #require(text.range(of: "### Plan: `w5`"))
    let line = try #require(text.range(of: "<code>w0</code>"))
    #expect(notable.lowerBound < line.lowerBound)
    #expect(text.components(separatedBy: "### Plan:").count == 2)
    let short = PlanMarkdown.render(PlanReview(plans), limit: text.unicodeScalars.count - 200)
    #expect(short.contains("\n- `w7`: 1 to create\n") && short.contains("### Plan: `w5`"), "\(short)")
  }

  @Test("The JSON has the id beside the plans")
  func json() throws {
    let value = try Value(json: PlanJSON.render(review([restart("db")])))
    #expect(value["id"]?.string == Self.id)
    #expect(value["plans"]?.list?.count == 1)
    #expect(try Value(json: PlanJSON.render(PlanReview([])))["id"] == .null)
  }
}
