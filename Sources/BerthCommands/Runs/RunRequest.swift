import Engine
import Planning
import WorkloadSpec

extension RunRequest {
  /// A request that comes from files; their repository is asked where each service's spec comes from.
  init(_ plan: PlanRequest, from loaded: LoadedWorkload) {
    self.init(plan) { SpecProvenance.of(loaded) }
  }
}
