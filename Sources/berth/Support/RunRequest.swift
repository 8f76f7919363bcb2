import Engine
import Planning
import WorkloadSpec

/// What a command asks the engine to reach, with where that comes from.
struct RunRequest: Sendable {
  /// The workload and what is wanted of it.
  let plan: PlanRequest
  /// Whether a workload goes away by it.
  var deletesWorkload: Bool {
    switch plan.goal {
    case .destroy: true
    case .saved(let saved): saved.desired == nil
    case .spec, .release, .scale, .operation, .promote, .abort: false
    }
  }
  /// Where each service's spec comes from. It takes git a while to tell.
  let provenance: @Sendable () -> [String: Provenance]

  /// A request; one that comes from files is asked about in their repository.
  init(_ plan: PlanRequest, from loaded: LoadedWorkload? = nil) {
    self.plan = plan
    provenance = { loaded.map(SpecProvenance.of) ?? [:] }
  }
}
