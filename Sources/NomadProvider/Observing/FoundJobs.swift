import NomadAPI
import Planning
import ProviderKit

/// What a cluster has of a workload, as it was listed.
struct FoundJobs: Sendable {
  /// The job that holds its instances.
  var job: NomadJob?
  /// A job of that name that was stopped and that servers have not forgotten yet.
  var remains: NomadJob?
  /// The versions of that job that allocations run, by number.
  var versions: [Int: NomadJob] = [:]
  /// The allocations of that job.
  var allocations: [Allocation] = []
  /// The latest deployment of that job.
  var deployment: Deployment?
  /// The looks of the scheduler at that job.
  var evaluations: [Evaluation] = []
  /// The jobs of services that run once per run, each with its allocations.
  var befores: [(job: NomadJob, allocations: [Allocation])] = []
  /// The names of jobs that berth did not create, and that sit on names of the workload's.
  var strangers: [String] = []

  /// How far the job has come; `nil` if there is none.
  var rollout: RolloutState? {
    job.map {
      RolloutState(job: $0, allocations: allocations, deployment: deployment, evaluations: evaluations)
    }
  }
}

extension NomadJob {
  /// Whether berth made it for a workload, as a part of it.
  func isOurs(_ key: WorkloadKey, _ part: Part) -> Bool {
    meta[Mark.workload] == key.name && meta[Mark.part] == part.rawValue
  }

  /// Whether nothing of it is wanted any more.
  var isGone: Bool { isStopped && status == "dead" }
}
