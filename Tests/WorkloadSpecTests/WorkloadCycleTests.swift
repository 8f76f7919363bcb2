import Testing
import WorkloadSpec

/// What workloads say of the order among them.
@Suite struct WorkloadCycleTests {
  private func load(_ documents: [(String, String)]) -> LoadResult {
    let texts = documents.map { name, list in
      "name: \(name)\ndependsOn: \(list)\nservices: [{name: main, command: [x]}]\n"
    }
    return Loaded(texts.joined(separator: "---\n")).result
  }

  @Test(
    "No workload waits for itself",
    arguments: [
      ([("a", "[]"), ("b", "[a]"), ("c", "[a, b, elsewhere]")], []),
      ([("a", "[a]")], ["the workload `a` waits for itself: a → a"]),
      ([("a", "[b]"), ("b", "[a]")], ["these workloads wait for each other: a → b → a"]),
      (
        [("d", "[b]"), ("c", "[d, a]"), ("b", "[c]"), ("a", "[]")],
        ["these workloads wait for each other: b → c → d → b"]
      ),
    ] as [([(String, String)], [String])])
  func noWorkloadWaitsForItself(_ documents: [(String, String)], _ messages: [String]) {
    let result = load(documents)
    #expect(result.diagnostics.map(\.message) == messages)
    #expect(result.diagnostics.allSatisfy { $0.code == .workloadCycle && $0.location != nil })
    let cyclic = Set(documents.map(\.0).filter { name in messages.contains { $0.contains("\(name) →") } })
    let names = documents.map(\.0).filter { !cyclic.contains($0) }
    #expect(result.workloads.map(\.workload.name) == names.sorted())
  }

  @Test("Every step has its place") func everyStepHasItsPlace() throws {
    let diagnostic = try #require(load([("a", "[b]"), ("b", "[x, a]")]).diagnostics.first)
    #expect(diagnostic.location?.line == 2 && diagnostic.location?.column == 13)
    #expect(diagnostic.related.map(\.message) == ["`b` waits for `a`"])
    let place = diagnostic.related.first?.location
    #expect(place?.line == 6 && place?.column == 16)
  }

  @Test("Only names of workloads are taken", arguments: ["[Db]", "['']", "[a_b]"])
  func onlyNamesOfWorkloadsAreTaken(_ list: String) {
    #expect(load([("a", list)]).diagnostics.map(\.code) == [.badName])
  }

  @Test("It is a set that later layers replace") func itIsASetThatLaterLayersReplace() {
    let first = "name: a\ndependsOn: [c, b]\nservices: [{name: main, command: [x]}]\n"
    #expect(Loaded(first).workload?.dependsOn == ["b", "c"])
    #expect(Loaded(first, "name: a\ndependsOn: [d]\n").workload?.dependsOn == ["d"])
  }
}
