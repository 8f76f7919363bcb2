import Engine
import Rendering

extension WorkloadStatus {
  /// A workload of a target, to be shown.
  init(_ workload: ListedWorkload, target: String) {
    self.init(
      key: workload.key, target: target, observation: workload.observation, release: workload.release,
      lastRun: workload.lastRun, operatorState: workload.operatorState)
  }
}
