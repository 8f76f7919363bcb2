import Planning
import ProviderKit
import Values
import WorkloadSpec

extension StoreContract {
  private static let asked = OperatorState(
    stopped: [ServiceScope(service: "api"), ServiceScope(ordinal: 1, service: "db")],
    suspension: Suspension(
      reason: "moving \"the\" database", by: "ada@build", since: Timestamp(milliseconds: 1_700_000_000_123)))

  private static func ask(
    _ state: OperatorState?, _ name: String, _ outcome: RunOutcome = .succeeded, in store: any ReleaseStore
  ) async throws {
    try await store.begin(run(name, of: key, .stop))
    _ = try await store.finish(
      RunID(name), of: key, outcome: outcome, failure: nil, at: Timestamp(milliseconds: 2000), release: nil,
      operatorState: state)
  }

  /// What operators asked is kept for the next plan.
  static let operatorCases: [StoreCase] = [
    StoreCase("what operators asked is read by others, and stays until they ask otherwise") { harness in
      let store = try await harness.open()
      try await ask(asked, "run-1", in: store)
      try expect(try await harness.open().head(of: key).operatorState, is: asked, "what operators asked")
      try expect(
        try await store.head(of: other).operatorState, is: OperatorState(),
        "what was asked of another workload")
      try await record("run-2", in: store)
      try await ask(nil, "run-3", in: store)
      try expect(try await store.head(of: key).operatorState, is: asked, "what still holds")
      let less = OperatorState(stopped: [.all])
      try await ask(less, "run-4", in: store)
      try expect(try await store.head(of: key).operatorState, is: less, "what took its place")
      try await ask(OperatorState(), "run-5", in: store)
      try expect(try await harness.open().head(of: key).operatorState, is: OperatorState(), "what is left")
    },
    StoreCase("a paused rollout is read as it was written") { harness in
      let store = try await harness.open()
      var service = Service()
      service.name = "api"
      service.command = ["/bin/api", "a \"word\""]
      var workload = Workload()
      workload.name = key.name
      workload.replicas = 3
      workload.strategy.type = .canary
      workload.services = [service]
      let rollout = PausedRollout(
        snapshot: workload, instances: [InstanceID(0, generation: 2), InstanceID(3)], places: 4,
        provenance: ["api": Provenance(commit: "c0ffee", isDirty: true, author: "Ada <ada@example.com>")],
        setName: "shop-prod",
        pause: Pause(by: "ada@build", since: Timestamp(milliseconds: 1_700_000_000_123)))
      let state = OperatorState(stopped: [.all], rollout: rollout)
      try await ask(state, "run-1", in: store)
      try expect(try await harness.open().head(of: key).operatorState, is: state, "what operators asked")
      try await ask(OperatorState(rollout: rollout), "run-2", in: store)
      try expect(try await store.head(of: key).operatorState.rollout, is: rollout, "the rollout")
      try await ask(OperatorState(), "run-3", in: store)
      try expect(try await harness.open().head(of: key).operatorState, is: OperatorState(), "what is left")
    },
    StoreCase("what operators asked is written with the end of a run, or not at all") { harness in
      let store = try await harness.open()
      try await store.begin(run("run-1", of: key, .suspend))
      try await store.begin(run("run-2", of: key, .stop))
      try await expectError(StoreError.self, "the end of an abandoned run") {
        try await store.finish(
          RunID("run-1"), of: key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 2000),
          release: nil, operatorState: asked)
      }
      try expect(try await store.head(of: key).operatorState, is: OperatorState(), "what operators asked")
      let intents: [RunIntent] = [.stop, .suspend]
      try expect(try await store.runs(of: key, limit: 2).map(\.intent), is: intents, "the intents")
    },
    StoreCase("a workload of which there are only runs is known") { harness in
      let store = try await harness.open()
      try await fail("run-1", in: store)
      try expect(try await store.workloads(in: nil), is: [key], "the workloads")
    },
  ]
}
