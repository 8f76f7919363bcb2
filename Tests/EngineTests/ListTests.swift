import Engine
import Planning
import ProviderContract
import ProviderKit
import Synchronization
import Testing
import WorkloadSpec

/// Which workloads are listed, and in which pages.
@Suite struct ListTests {
  let bench = Bench()
  var lister: WorkloadLister { WorkloadLister(reader: bench.provider) }

  func apply(_ name: String, in namespace: String = "default", labels: StringMap = [:]) async throws {
    var workload = Examples.hello
    workload.name = name
    workload.labels = labels
    let key = WorkloadKey(namespace: namespace, name: name)
    _ = try await bench.engine().apply(WorkloadRequest(key: key, goal: .spec(workload, services: nil)))
  }

  func reach(_ goal: Goal, _ name: String) async throws {
    _ = try await bench.engine().apply(WorkloadRequest(key: WorkloadKey(name: name), goal: goal))
  }

  func names(_ query: ListQuery) async throws -> [String] {
    try await lister.page(query).workloads.map(\.key.description)
  }

  @Test("What is destroyed is not listed and what failed is") func whatIsDestroyedIsNotListedAndWhatFailedIs()
    async throws
  {
    for name in ["a", "b", "c"] { try await apply(name) }
    try await reach(.destroy(volumes: false), "b")
    bench.provider.meddle { $0.failingCommands = [["/bin/hello"]] }
    try await apply("d")
    let page = try await lister.page(ListQuery())
    #expect(page.workloads.map(\.key.name) == ["a", "c", "d"])
    #expect(page.workloads.map { $0.release?.number } == [1, 1, nil])
    #expect(page.workloads.last?.observation.state == .failed)
  }

  @Test("Filters narrow the list") func filtersNarrowTheList() async throws {
    try await apply("a", labels: ["team": "checkout", "tier": "web"])
    try await apply("b", labels: ["team": "checkout"])
    try await apply("c", in: "other", labels: ["team": "checkout"])
    try await reach(.operation(.stop(.all)), "b")
    try await reach(.operation(.suspend(Examples.suspension)), "a")
    #expect(try await names(ListQuery()) == ["default/a", "default/b", "other/c"])
    #expect(try await names(ListQuery(namespace: "other")) == ["other/c"])
    #expect(try await names(ListQuery(states: [.instances(.stopped)])) == ["default/b"])
    #expect(try await names(ListQuery(states: [.suspended])) == ["default/a"])
    #expect(
      try await names(ListQuery(states: [.suspended, .instances(.stopped)])) == ["default/a", "default/b"])
    #expect(try await names(ListQuery(labels: ["team": "checkout", "tier": "web"])) == ["default/a"])
    #expect(try await names(ListQuery(labels: ["tier": "db"])) == [])
  }

  @Test("Many workloads are looked at together and not more than a page needs")
  func manyWorkloadsAreLookedAtTogetherAndNotMoreThanAPageNeeds() async throws {
    for number in 10..<60 { try await apply("w\(number)") }
    let counter = CallCounter()
    let provider = GatedProvider(bench.provider, gate: counter)
    let lister = WorkloadLister(reader: provider)
    #expect(try await lister.page(ListQuery(limit: 100)).workloads.count == 50)
    // The workloads' names, their observations, and their histories.
    #expect(counter.count == 3)
    let seen = bench.provider.observations
    #expect(try await lister.page(ListQuery(limit: 20)).workloads.count == 20)
    #expect(bench.provider.observations - seen == 21)
  }

  @Test("Pages go on where they ended whatever comes and goes")
  func pagesGoOnWhereTheyEndedWhateverComesAndGoes() async throws {
    for number in 10..<30 { try await apply("w\(number)") }
    let first = try await lister.page(ListQuery(limit: 9))
    #expect(first.workloads.map(\.key.name) == (10..<19).map { "w\($0)" })
    try await apply("w05")
    try await reach(.destroy(volumes: false), "w12")
    let text = ListCursor(after: try #require(first.next)).description
    let cursor = try #require(ListCursor(text))
    let second = try await lister.page(ListQuery(after: cursor.key, limit: 11))
    #expect(second.workloads.map(\.key.name) == (19..<30).map { "w\($0)" })
    #expect(second.next == nil)
  }

  @Test(
    "A cursor of another making is refused",
    arguments: ["", "zz", "abc", "64656661756c74", "2f61", "41412f62"])
  func aCursorOfAnotherMakingIsRefused(_ text: String) {
    #expect(ListCursor(text) == nil)
  }
}

/// Counts what is asked.
private final class CallCounter: CallGate {
  private let calls = Atomic(0)
  var count: Int { calls.load(ordering: .relaxed) }

  func read<Result>(_ body: () async throws -> Result) async throws -> Result {
    calls.add(1, ordering: .relaxed)
    return try await body()
  }
  func effect<Result>(_ body: () async throws -> Result) async throws -> Result { try await body() }
}
