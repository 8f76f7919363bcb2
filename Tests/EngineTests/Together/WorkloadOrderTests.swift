import Planning
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import Engine

/// Which workloads of a command wait for which.
@Suite struct WorkloadOrderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What is in force.
    var before: [Workload] = []
    var wanted: [Workload] = []
    var deleted: [String] = []
    /// Who needs whom, and who merely follows whom.
    var needs: [String] = []
    var follows: [String] = []
  }

  private static func w(_ name: String, _ after: String..., port: Int? = nil) -> Workload {
    JointExamples.workload(name, after: after, port: port)
  }

  static let cases = [
    Case(testDescription: "those that depend on nothing", wanted: [w("a"), w("b")]),
    Case(
      testDescription: "what it depends on", wanted: [w("a", "b", "c", "elsewhere"), w("b"), w("c", "b")],
      needs: ["a b", "a c", "c b"]),
    Case(
      testDescription: "all go", before: [w("a", "b"), w("b", "c"), w("c")], deleted: ["a", "b", "c"],
      needs: ["b a", "c b"]),
    Case(
      testDescription: "one is needed no more", before: [w("a", "b"), w("b")], wanted: [w("a")],
      deleted: ["b"], needs: ["b a"]),
    Case(
      testDescription: "one is needed still, and deleted by force", before: [w("a", "b"), w("b")],
      wanted: [w("a", "b")], deleted: ["b"], needs: ["a b"]),
    Case(
      testDescription: "a port goes from one to another", before: [w("a"), w("b", port: 80)],
      wanted: [w("a", port: 80), w("b", port: 81)], follows: ["a b"]),
    Case(
      testDescription: "a port goes from what is deleted", before: [w("b", port: 80)],
      wanted: [w("a", port: 80)], deleted: ["b"], follows: ["a b"]),
    Case(
      testDescription: "a port stays", before: [w("a", port: 80), w("b")],
      wanted: [w("a", port: 80), w("b")]),
    Case(
      testDescription: "ports are exchanged: one must try first",
      before: [w("a", port: 80), w("b", port: 81)], wanted: [w("a", port: 81), w("b", port: 80)],
      follows: ["b a"]),
    Case(
      testDescription: "a port goes against a dependency", before: [w("a", port: 80), w("b")],
      wanted: [w("a", "b"), w("b", port: 80)], needs: ["a b"]),
    Case(
      testDescription: "a circle, of which no plan is left", wanted: [w("a", "b"), w("b", "a")],
      needs: ["b a"]),
  ]

  @Test("Order", arguments: cases) func order(_ example: Case) async throws {
    let bench = Bench()
    for workload in example.before {
      let draft = ReleaseDraft(
        snapshot: workload, by: "ada", provenance: [:], restoredFrom: nil, setName: nil)
      let run = Run(
        id: RunID("run-\(workload.name)"), key: .named(workload.name), intent: .apply,
        startedAt: Timestamp(milliseconds: 1), by: "ada", summary: "")
      try await bench.store.begin(run)
      _ = try await bench.store.finish(
        run.id, of: run.key, outcome: .succeeded, failure: nil, at: run.startedAt, release: draft,
        operatorState: nil)
    }
    let requests = Bench.requests(example.wanted, deleting: example.deleted)
    let neighbourhood = await Neighbourhood(of: requests, among: Companions(requests), in: bench.store)
    let order = WorkloadOrder(requests, neighbourhood)
    func pairs(_ edges: [Set<Int>]) -> [String] {
      edges.enumerated().flatMap { index, others in
        others.map { "\(requests[index].key.name) \(requests[$0].key.name)" }
      }.sorted()
    }
    #expect(pairs(order.needs) == example.needs)
    #expect(pairs(order.follows) == example.follows)
    #expect(order.sequence.sorted() == Array(requests.indices))
    for (place, index) in order.sequence.enumerated() {
      #expect(order.before(index).isSubset(of: order.sequence[..<place]))
    }
  }
}
