import Engine
import Planning
import ProviderContract
import ProviderKit
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
    _ = try await bench.engine().apply(PlanRequest(key: key, goal: .spec(workload, services: nil)))
  }

  func reach(_ goal: Goal, _ name: String) async throws {
    _ = try await bench.engine().apply(PlanRequest(key: WorkloadKey(name: name), goal: goal))
  }

  func names(_ query: ListQuery) async throws -> [String] {
    try await lister.page(query).workloads.map(\.key.description)
  }

  @Test func whatIsDestroyedIsNotListedAndWhatFailedIs() async throws {
    for name in ["a", "b", "c"] { try await apply(name) }
    try await reach(.destroy(volumes: false), "b")
    bench.provider.meddle { $0.failingCommands = [["/bin/hello"]] }
    try await apply("d")
    let page = try await lister.page(ListQuery())
    #expect(page.workloads.map(\.key.name) == ["a", "c", "d"])
    #expect(page.workloads.map { $0.release?.number } == [1, 1, nil])
    #expect(page.workloads.last?.observation.state == .failed)
  }

  @Test func filtersNarrowTheList() async throws {
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

  @Test(.timeLimit(.minutes(10))) func manyWorkloadsAreLookedAtAtTheSameTimeAndNotAll() async throws {
    for number in 10..<40 { try await apply("w\(number)") }
    let crowd = Crowd(atLeast: WorkloadLister.width)
    let lister = WorkloadLister(reader: CrowdedReader(base: bench.provider, crowd: crowd))
    #expect(try await lister.page(ListQuery()).workloads.count == 30)
    #expect(await crowd.largest == WorkloadLister.width)
  }

  @Test func pagesGoOnWhereTheyEndedWhateverComesAndGoes() async throws {
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

  @Test(arguments: ["", "zz", "abc", "64656661756c74", "2f61", "41412f62"])
  func aCursorOfAnotherMakingIsRefused(_ text: String) {
    #expect(ListCursor(text) == nil)
  }
}

/// Those who are asking something at the same time: each waits until there were as many as there have to be.
private actor Crowd {
  private let least: Int
  private var now = 0
  private(set) var largest = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(atLeast least: Int) { self.least = least }

  func come() async {
    now += 1
    largest = max(largest, now)
    if largest >= least {
      for one in waiting { one.resume() }
      waiting = []
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func go() { now -= 1 }
}

/// A provider whose engine takes its time over each observation.
private struct CrowdedReader: ProviderReader {
  let base: SimulatedProvider
  let crowd: Crowd

  var traits: ProviderTraits { base.traits }
  var history: any ReleaseReader { base.history }

  func observe(_ key: WorkloadKey, deeply: Bool) async throws -> Observation {
    await crowd.come()
    let observation = try await base.observe(key, deeply: deeply)
    await crowd.go()
    return observation
  }

  func info() async throws -> ProviderInfo { try await base.info() }
  func health() async -> ProviderHealth { await base.health() }
  func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics {
    try await base.assess(workload, as: key, given: observation)
  }
  func impact(of change: ServiceChange) -> ImpactStatement { base.impact(of: change) }
  func logs(of key: WorkloadKey, matching query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
    base.logs(of: key, matching: query)
  }
  func usage(of key: WorkloadKey) async throws -> [ServiceUsage] { try await base.usage(of: key) }
}
