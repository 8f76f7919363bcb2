import Planning
import ProviderContract
import ProviderKit
import Synchronization
import TestSupport
import Testing

@testable import KubernetesAPI
@testable import KubernetesProvider

/// The store does what is asked of every store, and loses nothing, whichever request to the cluster goes wrong.
@Suite("The store on a cluster in memory") struct FakeStoreSuites {
  struct Harness: StoreHarness {
    let cluster: FakeCluster
    func open() async throws -> any ReleaseStore {
      let client = try await cluster.client()
      return RegisterStore(ClusterRegisters(createsNamespaces: true) { client })
    }
  }

  @Test("keeps the contract of stores", arguments: StoreContract.cases)
  func keepsTheContract(_ contract: StoreCase) async throws {
    let cluster = try await FakeCluster.start()
    defer { cluster.stop() }
    try await contract.run(Harness(cluster: cluster))
  }

  /// Every request that changes something can be cut off, or lose its answer; each can fail or come late.
  struct Place: StoreCrashPlace {
    let cluster: FakeCluster
    let findsOutLostReplies = true
    /// What is asked for several at a time goes on while one comes late.
    let goesOnMeanwhile = true

    func open() async throws -> any ReleaseStore { store(try await cluster.client()) }

    private func store(_ client: KubernetesClient) -> RegisterStore<ClusterRegisters> {
      RegisterStore(ClusterRegisters(createsNamespaces: true) { client }, limits: StoreScript.limits)
    }

    func attempt(
      _ fault: StoreFault, _ body: @Sendable (any ReleaseStore) async -> Void
    ) async throws -> Int {
      let faults = FaultyRequests(fault)
      await body(store(try await cluster.client { faults.judge($0) }))
      faults.end()
      return faults.count
    }

    func leftovers(of key: WorkloadKey) async throws -> [String] {
      try await store(try await cluster.client()).unreferred(of: key)
    }

    func end() async throws { cluster.stop() }
  }

  @Test("loses nothing wherever a request goes wrong")
  func losesNothing() async throws {
    let stride = Thoroughness.part?.of ?? (Thoroughness.isFull ? 1 : 11)
    let report = try await StoreCrashes(stride: stride, first: Thoroughness.part?.number, atOnce: 4) {
      Place(cluster: try await FakeCluster.start())
    }.run()
    print(report.summary("Kubernetes, requests to a cluster in memory"))
    for failure in report.failures { Issue.record("\(failure)") }
    #expect(report.points >= 25)
  }
}

/// Lets one request go wrong.
private final class FaultyRequests: Sendable {
  private struct State {
    var count = 0
    /// Whether the program is over: no request of its is carried out any more.
    var isOver = false
  }
  private let fault: StoreFault
  private let state = Mutex(State())

  init(_ fault: StoreFault) { self.fault = fault }

  var count: Int { state.withLock { $0.count } }
  private var isKill: Bool { [.cutBefore, .cutAfter].contains(fault.kind) }

  func end() { state.withLock { state in if isKill { state.isOver = true } } }

  func judge(_ request: FakeCluster.Request) -> FakeCluster.Verdict {
    return state.withLock { state in
      if state.isOver { return .refuse(400, ["kind": "Status"]) }
      if request.method == "GET", ![.fail, .comeLate].contains(fault.kind) { return .pass }
      state.count += 1
      guard state.count == fault.step else { return .pass }
      if isKill { state.isOver = true }
      return switch fault.kind {
      case .fail: .refuse(400, FakeObjects.refusal(400, "BadRequest", "it fails").1)
      case .cutBefore: .refuse(400, ["kind": "Status"])
      case .cutAfter, .loseReply: .loseAnswer
      case .comeLate: .passAfter { [fault] in try? await fault.meanwhile() }
      }
    }
  }
}
