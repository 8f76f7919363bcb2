import ClusterNodes
import Engine
import ProviderContract
import ProviderKit
import Synchronization
import Testing

/// Clusters are started, stopped and deleted node by node.
@Suite struct ClusterKeeperTests {
  @Test("control planes run before anything else starts", arguments: [0, 3])
  func startOrder(looksUntilDone: Int) async throws {
    let bench = ClusterBench()
    bench.stopAll()
    bench.nodes.meddle { $0.looksUntilDone = looksUntilDone }
    let log = ClusterEventLog()
    let change = await bench.keeper().start(try #require(try await bench.cluster()), events: log.note)
    #expect(!change.hasFailed && change.now?.phase == .running)
    #expect(log.isOver(["p1", "p2"], before: ["w1", "w2", "w3", "lb"]))
    #expect(change.ends.count { $0.outcome == .succeeded } == 6)
  }

  @Test("everything else has stopped before control planes stop", arguments: [0, 3])
  func stopOrder(looksUntilDone: Int) async throws {
    let bench = ClusterBench()
    bench.nodes.meddle { $0.looksUntilDone = looksUntilDone }
    let log = ClusterEventLog()
    let before = bench.othersState()
    let change = await bench.keeper().stop(try #require(try await bench.cluster()), events: log.note)
    #expect(!change.hasFailed && change.now?.phase == .stopped)
    #expect(log.isOver(["w1", "w2", "w3", "lb"], before: ["p1", "p2"]))
    #expect(bench.othersState() == before)
  }

  @Test("what is as wanted is not asked for again", arguments: [ClusterOperation.start, .stop])
  func repeatedCalls(_ operation: ClusterOperation) async throws {
    let bench = ClusterBench()
    if operation == .start { bench.stopAll() }
    _ = try await bench.perform(operation, by: bench.keeper())
    let calls = bench.nodes.calls
    let again = try #require(try await bench.perform(operation, by: bench.keeper()))
    #expect(again.isUnchanged && again.ends.count == 6)
    #expect(bench.nodes.calls == calls)
  }

  @Test("a node that fails does not keep the others from being tried", arguments: [1, 20])
  func failures(parallelism: Int) async throws {
    for operation in [ClusterOperation.start, .stop] {
      let bench = ClusterBench()
      if operation == .start { bench.stopAll() }
      bench.nodes.meddle { $0.broken = ["p1", "w2"] }
      let change = try #require(
        try await bench.perform(operation, by: bench.keeper(parallelism: parallelism)))
      #expect(change.ends.filter { $0.outcome == .failed }.map(\.item.name).sorted() == ["p1", "w2"])
      #expect(change.ends.filter { $0.outcome == .failed }.allSatisfy { $0.message == "it is broken" })
      #expect(change.ends.count { $0.outcome == .succeeded } == 4)
      #expect(change.now?.phase == .degraded)
      bench.nodes.meddle { $0.broken = [] }
      let again = try #require(try await bench.perform(operation, by: bench.keeper()))
      #expect(again.ends.count { $0.outcome == .succeeded } == 2)
      #expect(again.now?.phase == (operation == .start ? .running : .stopped))
    }
  }

  @Test("each node has its own time, and one that is never done fails when it is over")
  func limits() async throws {
    let bench = ClusterBench()
    bench.stopAll()
    bench.nodes.meddle { $0.stuck = ["p1"] }
    let change = try #require(
      try await bench.perform(.start, by: bench.keeper(limit: .milliseconds(500))))
    #expect(change.ends.filter { $0.outcome == .failed }.map(\.item.name) == ["p1"])
    #expect(change.ends.first { $0.item.name == "p1" }?.message?.contains("longer than") == true)
    #expect(change.ends.count { $0.outcome == .succeeded } == 5)
  }

  @Test("a node that ends right after its start has not started")
  func shortLives() async throws {
    let bench = ClusterBench()
    bench.stopAll()
    bench.nodes.meddle { $0.shortLived = ["w1"] }
    let change = try #require(try await bench.perform(.start, by: bench.keeper()))
    #expect(change.ends.filter { $0.outcome == .failed }.map(\.item.name) == ["w1"])
    #expect(change.ends.first { $0.outcome == .failed }?.message?.contains("right after") == true)
  }

  @Test("as many nodes at a time are changed as is asked for, and no more", arguments: [1, 2, 20])
  func parallelism(_ limit: Int) async throws {
    let bench = ClusterBench()
    // A step has four nodes at most.
    let expected = min(limit, 4)
    let counter = ConcurrencyCounter(expected: expected)
    let change = try #require(
      try await bench.perform(.stop, by: bench.keeper(parallelism: limit, gate: counter)))
    #expect(!change.hasFailed)
    #expect(counter.most == expected)
  }

  @Test("nothing more is begun once a signal came")
  func stopRequests() async throws {
    let bench = ClusterBench()
    let stop = StopRequest()
    let change = await bench.keeper(parallelism: 1, stop: stop).stop(
      try #require(try await bench.cluster())
    ) { event in if case .ended = event { stop.make() } }
    #expect(change.ends.count { $0.outcome == .succeeded } == 1)
    #expect(change.notTried.count == 5)
  }

  // MARK: Addresses

  @Test("a node that the engine gave another address is named, once")
  func movedNodes() async throws {
    let bench = ClusterBench()
    let address = try #require(bench.nodes.world.nodes.values.first { $0.name == "w1" }?.addresses.first)
    _ = try await bench.perform(.stop, by: bench.keeper())
    bench.nodes.meddle { $0.takenAddresses = [address] }
    let change = try #require(try await bench.perform(.start, by: bench.keeper()))
    let moved = try #require(change.moved.first { $0.before == [address] })
    #expect(moved.now != [address] && change.remarks == [])
    #expect(try await bench.perform(.start, by: bench.keeper())?.moved == [])
  }

  @Test("addresses of a cluster whose nodes do not know each other by them are not noted")
  func addressesThatDoNotMatter() async throws {
    let bench = ClusterBench()
    let other = try #require(try await ClusterLister(reader: bench.nodes).cluster(bench.others[1]))
    _ = await bench.keeper().stop(other)
    #expect(bench.nodes.world.notes.isEmpty)
  }

  // MARK: Deleting

  @Test("nodes go first, control planes last among them, then networks, then volumes")
  func deleting() async throws {
    let bench = ClusterBench()
    let before = bench.othersState()
    _ = try await bench.perform(.stop, by: bench.keeper())
    let log = ClusterEventLog()
    let change = await bench.keeper().delete(try #require(try await bench.cluster()), events: log.note)
    #expect(!change.hasFailed && change.now == nil && change.remarks == [])
    #expect(log.isOver(["w1", "w2", "w3", "lb"], before: ["p1", "p2"]))
    #expect(log.isOver(["p1", "p2"], before: ["net"]))
    #expect(log.isOver(["net"], before: ["vol1", "vol2"]))
    #expect(try await bench.cluster() == nil)
    #expect(bench.nodes.world.notes.isEmpty)
    #expect(bench.othersState() == before)
  }

  @Test("what something else uses stays, and is deleted when it is free")
  func usedNetworks() async throws {
    let bench = ClusterBench()
    bench.nodes.meddle { $0.used = ["network-net"] }
    let change = try #require(try await bench.perform(.delete, by: bench.keeper()))
    #expect(change.ends.filter { $0.outcome == .failed }.map(\.item.name) == ["net"])
    #expect(change.notTried.map(\.name) == ["vol1", "vol2"])
    #expect(change.now?.nodes == [] && change.now?.belongings.count == 3)
    bench.nodes.meddle { $0.used = [] }
    let again = try #require(try await bench.perform(.delete, by: bench.keeper()))
    #expect(!again.hasFailed && again.now == nil)
  }

  // MARK: Looking

  @Test("what can't be asked is no empty list")
  func unreachable() async throws {
    let bench = ClusterBench()
    bench.nodes.meddle { $0.isUnreachable = true }
    await #expect(throws: ProviderError.self) { try await ClusterLister(reader: bench.nodes).clusters() }
    await #expect(throws: ProviderError.self) { try await bench.cluster() }
  }

  @Test("all pages together are the clusters, and a gap makes their counts unknown")
  func pages() async throws {
    let bench = ClusterBench()
    let whole = try await ClusterLister(reader: bench.nodes).clusters()
    #expect(whole.map(\.id.description) == ["dev (k3d)", "dev (kind)", "dev-2 (kind)"])
    bench.nodes.meddle { $0.pageSize = 1 }
    #expect(try await ClusterLister(reader: bench.nodes).clusters() == whole)
    bench.nodes.meddle { $0.gaps = ["the region fsn1"] }
    let clusters = try await ClusterLister(reader: bench.nodes).clusters()
    #expect(clusters.allSatisfy { $0.phase == .unknown && $0.total == nil })
  }
}

/// Counts how many changes are under way at the same time; each waits for as many others as there may be.
private final class ConcurrencyCounter: CallGate {
  private let counts = Mutex((now: 0, most: 0))
  private let expected: Int

  init(expected: Int) { self.expected = expected }

  var most: Int { counts.withLock { $0.most } }

  func read<Result>(_ body: () async throws -> Result) async throws -> Result { try await body() }

  func effect<Result>(_ body: () async throws -> Result) async throws -> Result {
    counts.withLock { counts in
      counts.now += 1
      counts.most = max(counts.most, counts.now)
    }
    defer { counts.withLock { $0.now -= 1 } }
    let end = ContinuousClock.now + .seconds(30)
    while most < expected, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(1)) }
    // One more than may be would come now.
    try await Task.sleep(for: .milliseconds(20))
    return try await body()
  }
}
