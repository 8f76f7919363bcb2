import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing
import Values

@testable import KubernetesAPI
@testable import KubernetesProvider

/// What the documentation's Roles allow is what the store needs.
@Suite(
  "The Roles of the documentation, and the store", .enabled(if: RealCluster.isThere, RealCluster.skipped))
struct StoreRoleTests {
  private func store(_ client: KubernetesClient) -> RegisterStore<ClusterRegisters> {
    RegisterStore(ClusterRegisters(createsNamespaces: false) { client })
  }

  /// Records a release as an apply does.
  private func record(
    _ run: String, of key: WorkloadKey, in store: RegisterStore<ClusterRegisters>
  ) async throws {
    let holder = LockHolder(token: run, description: "ada@build", since: Timestamp(milliseconds: 1))
    #expect(try await store.tryLock(key, as: holder) == .acquired)
    _ = try await store.makeDigestKey(in: key.namespace)
    let begun = Run(
      id: RunID(run), key: key, intent: .apply, startedAt: Timestamp(milliseconds: 1), by: "ada", summary: "")
    try await store.begin(begun)
    let entry = JournalEntry(
      run: begun.id, action: ActionID("create"), event: .intended, at: Timestamp(milliseconds: 2))
    try await store.append([entry])
    #expect(try await store.beat(key, token: run))
    _ = try await store.finish(
      begun.id, of: key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 3),
      release: ReleaseDraft(snapshot: .of(.script("api", "sleep 600", in: RealCluster.image)), by: "ada"))
    try await store.unlock(key, token: run)
  }

  @Test("with the Role for an apply, a run takes the lock, makes the keys and records releases")
  func applies() async throws {
    try await RealCluster.withNamespace { admin, namespace in
      let client = try await RoleUser.connect("berth-apply", in: namespace, by: admin)
      let key = WorkloadKey(namespace: namespace, name: "shop")
      let store = store(client)
      for run in ["run-1", "run-2"] { try await record(run, of: key, in: store) }
      #expect(try await self.store(client).head(of: key).release?.number == 2)
      #expect(try await store.planKey(in: namespace) != nil)
    }
  }

  @Test("with the Role for a plan, the history is read, and nothing of Secrets but the key of digests")
  func plans() async throws {
    try await RealCluster.withNamespace { admin, namespace in
      let client = try await RoleUser.connect("berth-plan", in: namespace, by: admin)
      let key = WorkloadKey(namespace: namespace, name: "shop")
      let reader = store(client)
      // Where nothing was ever applied, there is nothing to be refused.
      #expect(try await reader.head(of: key) == HistoryHead())
      #expect(try await reader.digestKey(in: namespace) == nil)
      try await record("run-1", of: key, in: store(admin))
      #expect(try await reader.head(of: key).release?.number == 1)
      #expect(try await reader.releases(of: key, before: nil, limit: 10).count == 1)
      #expect(try await reader.workloads(in: namespace) == [key])
      #expect(try await reader.lock(of: key) == nil)
      let digestKey = try await store(admin).digestKey(in: namespace)
      #expect(try await reader.digestKey(in: namespace) == digestKey)
      let signing = await #expect(throws: StoreError.self) { try await reader.planKey(in: namespace) }
      #expect(signing?.code == .rightMissing)
      #expect(signing?.message.contains("get secrets `berth.key.plans`") == true)
      let listing = await #expect(throws: KubernetesError.self) {
        try await client.objects(.secrets).list(in: namespace)
      }
      #expect(listing?.isForbidden == true)
    }
  }

  @Test("with the Role for a plan, nothing can be written")
  func plansWriteNothing() async throws {
    try await RealCluster.withNamespace { admin, namespace in
      let client = try await RoleUser.connect("berth-plan", in: namespace, by: admin)
      let key = WorkloadKey(namespace: namespace, name: "shop")
      let holder = LockHolder(token: "a", description: "ada", since: Timestamp(milliseconds: 1))
      let lock = await #expect(throws: StoreError.self) { try await store(client).tryLock(key, as: holder) }
      #expect(lock?.code == .rightMissing)
      #expect(lock?.message.contains("create leases.coordination.k8s.io `berth.shop.lock`") == true)
      for verb in ["create", "update", "patch", "delete"] {
        for type in [
          ResourceType.configMaps, .secrets, .leases, .pods, .deployments, .statefulSets, .services, .claims,
          .jobs,
        ] {
          let answer = try await client.server.allows(AccessQuestion(verb, type, in: namespace))
          #expect(!answer.isAllowed, "\(verb) \(type)")
        }
      }
    }
  }
}
