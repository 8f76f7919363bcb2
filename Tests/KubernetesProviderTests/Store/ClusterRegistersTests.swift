import Planning
import ProviderKit
import Testing
import Values

@testable import KubernetesAPI
@testable import KubernetesProvider

/// What the registers of a cluster do besides what every store does.
@Suite("The registers of a cluster") struct ClusterRegistersTests {
  private func with(
    namespaces: [String] = ["default"], creates: Bool = false,
    refusing refusal: (status: Int, json: JSON)? = nil,
    _ body: (FakeCluster, ClusterRegisters) async throws -> Void
  ) async throws {
    let cluster = try await FakeCluster.start(namespaces: namespaces)
    defer { cluster.stop() }
    let client = try await cluster.client { _ in refusal.map { .refuse($0.status, $0.json) } ?? .pass }
    try await body(cluster, ClusterRegisters(createsNamespaces: creates) { client })
  }

  private let bytes = Array("text".utf8)

  @Test("a namespace that is not there holds nothing, and reading does not make it")
  func readsNothing() async throws {
    try await with(namespaces: [], creates: true) { cluster, registers async throws in
      #expect(try await registers.get("heads/shop_api") == nil)
      #expect(try await registers.list("heads/shop_", contents: true) == [])
      #expect(try await registers.list("records/shop_api/runs/", contents: false) == [])
      #expect(cluster.objects.all.isEmpty)
    }
  }

  @Test("the first write makes the namespace where the target says so, and says that it is missing where not")
  func makesNamespaces() async throws {
    try await with(namespaces: [], creates: true) { cluster, registers async throws in
      #expect(try await registers.create("locks/shop_api", bytes))
      #expect(cluster.objects.all.keys.sorted() == ["leases/shop/berth.api.lock", "namespaces/shop"])
    }
    try await with(namespaces: []) { cluster, registers async throws in
      let error = await #expect(throws: StoreError.self) {
        try await registers.create("heads/shop_api", bytes)
      }
      #expect(error?.code == .namespaceUnusable)
      #expect(error?.message == "the cluster has no namespace `shop`")
      #expect(error?.help?.contains("createNamespace: true") == true)
      #expect(cluster.objects.all.isEmpty)
    }
  }

  @Test("a namespace that is being deleted takes nothing, and the error says so")
  func refusesWhatEnds() async throws {
    try await with { cluster, registers async throws in
      cluster.objects.terminate("default")
      let error = await #expect(throws: StoreError.self) {
        try await registers.create("heads/default_api", bytes)
      }
      #expect(error?.code == .namespaceUnusable)
      #expect(error?.message.contains("`default` is being deleted") == true)
    }
  }

  @Test("a token that has expired is an error of its own")
  func refusesStrangers() async throws {
    try await with(refusing: FakeObjects.refusal(401, "Unauthorized", "Unauthorized")) {
      _, registers async throws in
      let error = await #expect(throws: StoreError.self) { try await registers.get("heads/default_api") }
      #expect(error?.code == .credentialsRefused)
      #expect(error?.message.contains("expired") == true)
      #expect(error?.help != nil)
    }
  }

  @Test("a right that is missing is named: the verb, the resource, the namespace")
  func namesRights() async throws {
    let message = #"secrets "berth.key.digests" is forbidden: User "ada" cannot get resource "secrets""#
    try await with(refusing: FakeObjects.refusal(403, "Forbidden", message)) { _, registers async throws in
      let error = await #expect(throws: StoreError.self) { try await registers.get("keys/default_digests") }
      #expect(error?.code == .rightMissing)
      #expect(
        error?.message.hasPrefix(
          "the cluster does not let this user get secrets `berth.key.digests` in the namespace `default`")
          == true)
    }
  }

  @Test("a quota that is exceeded is told in the cluster's words")
  func tellsQuotas() async throws {
    let message = #"configmaps "berth.api.head" is forbidden: exceeded quota: few"#
    try await with(refusing: FakeObjects.refusal(403, "Forbidden", message)) { _, registers async throws in
      let error = await #expect(throws: StoreError.self) {
        try await registers.create("heads/default_api", bytes)
      }
      #expect(error?.code == .storeUnusable)
      #expect(error?.message.contains("exceeded quota: few") == true)
    }
  }

  @Test("an object of another's on a register's name is left alone, and in the way")
  func leavesOthers() async throws {
    try await with { cluster, registers async throws in
      let foreign: JSON = [
        "kind": "ConfigMap", "data": ["contents": "x"],
        "metadata": ["name": "berth.api.head", "namespace": "default", "uid": "u", "resourceVersion": "7"],
      ]
      cluster.objects.put("configmaps/default/berth.api.head", foreign)
      let error = await #expect(throws: StoreError.self) { try await registers.get("heads/default_api") }
      #expect(error?.message.contains("ConfigMap `berth.api.head`") == true)
      #expect(try await registers.create("heads/default_api", bytes) == false)
      #expect(cluster.objects.all["configmaps/default/berth.api.head"] == foreign)
    }
  }

  @Test("a copy of a register in another namespace is no register")
  func leavesCopies() async throws {
    try await with(namespaces: ["default", "copy"]) { cluster, registers async throws in
      #expect(try await registers.create("heads/default_api", bytes))
      var copy = try #require(cluster.objects.all["configmaps/default/berth.api.head"])
      var metadata = copy["metadata"] ?? [:]
      metadata["namespace"] = "copy"
      copy["metadata"] = metadata
      cluster.objects.put("configmaps/copy/berth.api.head", copy)
      #expect(try await registers.list("heads/", contents: true).map(\.name) == ["heads/default_api"])
      await #expect(throws: StoreError.self) { try await registers.get("heads/copy_api") }
    }
  }

  @Test(
    "bytes come back as they were, text or not",
    arguments: [
      [], Array("text \"quoted\"\n\u{1F980}\u{0}".utf8), [0xff, 0xfe, 0], Array("é".utf8.prefix(1)),
    ])
  func keepsBytes(_ contents: [UInt8]) async throws {
    try await with { _, registers async throws in
      for name in ["heads/default_api", "keys/default_digests", "records/default_api/blobs/d_r_1"] {
        #expect(try await registers.create(name, contents))
        #expect(try await registers.get(name)?.contents == contents)
      }
    }
  }

  @Test("two writers of one register are told apart, also where an answer is lost")
  func tellsWritersApart() async throws {
    let cluster = try await FakeCluster.start()
    defer { cluster.stop() }
    let other = try await cluster.client()
    let rival = ClusterRegisters(createsNamespaces: false) { other }
    let lost = OneLoss(of: "POST")
    let client = try await cluster.client { lost.judge($0) }
    let registers = ClusterRegisters(createsNamespaces: false) { client }
    // The rival is first, and the answer that says so is lost: what is there is not taken for a write of ours, and may
    // have come after one.
    #expect(try await rival.create("heads/default_api", bytes))
    await #expect(throws: StoreError.self) { try await registers.create("heads/default_api", bytes) }
    #expect(lost.isDone)
    // Ours is done, its answer is lost, and no other writer came: it is found by what it holds.
    let second = OneLoss(of: "POST")
    let again = try await cluster.client { second.judge($0) }
    let own = ClusterRegisters(createsNamespaces: false) { again }
    #expect(try await own.create("heads/default_other", bytes))
    #expect(second.isDone)
  }

  @Test("the heads of 200 workloads are one list, in one page")
  func listsHeadsOnce() async throws {
    try await with { cluster, registers async throws in
      let keys = (0..<200).map { WorkloadKey(namespace: "default", name: "shop-\($0)") }
      let writer = RegisterStore(registers)
      for key in keys {
        try await writer.begin(
          Run(
            id: RunID("run-1"), key: key, intent: .apply, startedAt: Timestamp(milliseconds: 1), by: "ada",
            summary: ""))
      }
      let before = cluster.requests.count
      let heads = await RegisterStore(registers).heads(of: keys)
      for key in keys { #expect(try heads.answer(for: key).run?.id == RunID("run-1")) }
      #expect(cluster.requests.count == before + 1)
    }
  }

  @Test("A lock is a Lease that names its holder, and no holder once it is given back")
  func showsHolders() async throws {
    try await with { cluster, registers async throws in
      let store = RegisterStore(registers)
      let key = WorkloadKey(namespace: "default", name: "api")
      let holder = LockHolder(
        token: "t", description: "ada@build-7, process 4711",
        since: Timestamp(milliseconds: 1_700_000_000_123))
      #expect(try await store.tryLock(key, as: holder) == .acquired)
      let lease = try #require(cluster.objects.all["leases/default/berth.api.lock"])
      #expect(lease.at("spec", "holderIdentity") == "ada@build-7, process 4711")
      #expect(lease.at("spec", "acquireTime") == "2023-11-14T22:13:20.123000Z")
      try await store.unlock(key, token: "t")
      #expect(cluster.objects.all["leases/default/berth.api.lock"]?.at("spec", "holderIdentity") == nil)
    }
  }
}

/// Loses the answer to the first request of a kind.
private final class OneLoss: Sendable {
  private let method: String
  private let count = Counted()

  init(of method: String) { self.method = method }

  var isDone: Bool { count.value > 0 }

  func judge(_ request: FakeCluster.Request) -> FakeCluster.Verdict {
    guard request.method == method else { return .pass }
    return count.next() == 0 ? .loseAnswer : .pass
  }
}
