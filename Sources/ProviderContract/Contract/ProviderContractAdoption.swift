import Planning
import ProviderKit
import WorkloadSpec

extension ProviderContract {
  // MARK: What was there before

  /// Taking over what berth did not create.
  static let adoptionCases: [ContractCase] = [
    ContractCase("what is adopted goes on, and is stamped", "adopt", needs: .adopt) { scene in
      let (workload, adoption) = try await stranger(in: scene)
      try expect(try await scene.observe().instance(at: 0)?.service("api"), is: nil, "what is ours of it")
      let action = try takingOver(adoption, on: scene.provider)
      for run in ["run-1", "run-2"] {
        try await scene.provider.perform(action, in: scene.context(workload, run: run))
        let api = try await scene.require("api")
        try expect(api.stamp.run, is: RunID("run-1"), "the run that adopted it")
        try expect(
          api.stamp.digest,
          is: SpecDigest(
            of: workload.services[0], in: workload, on: scene.provider.traits.engineFields), "its digest")
        try expect(api.adoption, is: nil, "what is left to be adopted of it")
        try expect(api.origin != nil, "that it is known to have been there before")
        try expect(
          api.processID, is: adoption.services.first?.service.processID, "its process after \(run)")
      }
      try expect(
        try await scene.plan(workload, last: workload).actions.map(\.id), is: [],
        "the actions of another plan")
      let more = try await scene.provider.adoptable(
        for: workload, as: scene.key, AdoptionRequest(), given: try await scene.observe())
      try expect(more.isEmpty, "nothing that is left to be adopted")
    },
    ContractCase("what was adopted is replaced and deleted as any", "adopt-replaced", needs: .adopt) {
      scene in
      let (workload, adoption) = try await stranger(in: scene)
      let action = try takingOver(adoption, on: scene.provider)
      try await scene.provider.perform(action, in: scene.context(workload, run: "run-1"))
      let changed = scene.workload([scene.service("api", version: 2)])
      try await scene.apply(changed, last: workload, run: "run-2")
      let api = try await scene.require("api")
      try expect(api.stamp.run, is: RunID("run-2"), "the run that made it anew")
      try expect(api.origin, is: nil, "what it belonged to")
      try expect(api.isReady, "a ready service")
      try await scene.apply(nil, last: changed, run: "run-3")
      try expect(try await scene.observe().instances, is: [], "what is left of it")
    },
    ContractCase("what is gone is not adopted", "adopt-gone", needs: .adopt) { scene in
      let (workload, adoption) = try await stranger(in: scene)
      let real = try takingOver(adoption, on: scene.provider)
      let action = Action(.adopt, real.subject, adopts: "0123456789ab")
      do {
        try await scene.provider.perform(action, in: scene.context(workload, run: "run-1"))
      } catch is ActionFailure {
        try expect(try await scene.observe().instance(at: 0)?.service("api"), is: nil, "what is ours")
        // What is there is adopted after all, so that nothing is left of the case.
        try await scene.provider.perform(real, in: scene.context(workload, run: "run-2"))
        return
      }
      throw ContractViolation("expected a failure", line: #line)
    },
  ]

  /// A workload, and something that could become its only service.
  private static func stranger(in scene: ContractScene) async throws -> (Workload, Adoptable) {
    let workload = scene.workload([scene.service("api")])
    try await scene.harness.startStranger(workload.services[0], in: InstanceID(0), of: scene.key)
    let found = try await scene.provider.adoptable(
      for: workload, as: scene.key, AdoptionRequest(), given: try await scene.observe())
    try expect(found.notes.hasErrors, is: false, "errors")
    try expect(found.services.map(\.service.name), is: ["api"], "what could be adopted")
    return (workload, found)
  }

  /// What takes over what was found: a service, or all that a controller keeps.
  private static func takingOver(_ found: Adoptable, on provider: any Provider) throws -> Action {
    if provider.traits.unit(of: .services) == .workload {
      let id = try require(found.controller?.adoption?.id, "a controller that is there")
      return Action(.adopt, .workload, adopts: id)
    }
    let id = try require(found.services.first?.service.adoption?.id, "what is there")
    return Action(.adopt, .service(InstanceID(0), "api"), adopts: id)
  }
}
