import Diagnostics
import Planning
import Values
import WorkloadSpec

/// Plans every workload of a file against a full observation of it, in which every hundredth was changed since.
struct PlanningWork {
  private let inputs: [PlanInput]
  /// How many workloads differ from what is observed.
  let changed: Int

  init(workloads count: Int) {
    let file = SourceFile(name: "generated.yaml", bytes: SpecGenerator.text(workloads: count))
    let workloads = SpecGenerator.load(file, workloads: count).map(\.workload)
    var changed = 0
    inputs = workloads.enumerated().map { index, workload in
      var desired = workload
      if index.isMultiple(of: 100) {
        desired.services[0].env["CHANGED"] = "yes"
        changed += 1
      }
      return PlanInput(
        key: WorkloadKey(name: workload.name), target: "bench", intent: .apply, desired: desired,
        observation: Self.observation(of: workload), lastRelease: Self.release(of: workload),
        impact: { ImpactStatement($0.minimum) })
    }
    self.changed = changed
  }

  /// Makes all plans; returns how many services were looked at.
  func run() -> Int {
    var count = 0
    var differing = 0
    for input in inputs {
      guard let plan = try? Planner.plan(input) else { continue }
      count += plan.desired?.services.count ?? 0
      if !plan.isEmpty { differing += 1 }
    }
    precondition(differing == changed, "\(differing) plans are not empty, and \(changed) should be")
    return count
  }

  private static func observation(of workload: Workload) -> Observation {
    let key = WorkloadKey(name: workload.name)
    return Observation(
      engine: EngineIdentity(provider: "bench", id: "bench"),
      instances: (0..<(workload.replicas ?? 1)).map { ordinal in
        let id = InstanceID(ordinal)
        return ObservedInstance(
          id: id,
          services: workload.services.map { service in
            let isInit = service.role == .`init`
            return ObservedService(
              name: service.name,
              stamp: Stamp(
                key: key, instance: id, service: service.name, run: RunID("run-1"),
                digest: SpecDigest("v1:0")),
              state: isInit ? .stopped : .running, isReady: true, exitCode: isInit ? 0 : nil,
              live: LiveService(spec: service, labels: workload.labels))
          })
      })
  }

  private static func release(of workload: Workload) -> Release {
    Release(
      number: 1, key: WorkloadKey(name: workload.name), snapshot: workload,
      recordedAt: Timestamp(milliseconds: 0), by: "bench", run: RunID("run-1"))
  }
}
