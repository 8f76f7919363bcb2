import Planning
import ProviderKit
import Values
import WorkloadSpec

/// The job of a service that runs once per run: a batch of one instance, which is tried once.
struct BeforeJob: Sendable {
  /// The job.
  let json: JSON
  /// What the variable of the service holds, by path; it is there before the job is.
  let variables: [String: [String: String]]

  /// Makes it.
  ///
  /// - Throws: `ActionFailure` if a secret has no usable value, or for what a cluster can't be asked for.
  init(of service: Service, _ writing: Writing) throws(ActionFailure) {
    let id = writing.names.job(of: service.name)
    variables = try WorkloadJob.variables(of: [service], job: id, writing)
    let context = writing.context
    let group = GroupTemplate(of: [service], job: id, writing) { context.secretDigests(of: $0) }
    try group.check()
    var job = JobFrame.json(id: id, type: "batch", .before, group.draft, writing)
    var instance = group.json
    instance["Count"] = 1
    // It is berth that says whether it is run again.
    instance["RestartPolicy"] = [
      "Attempts": 0, "Interval": SpecDuration.seconds(86_400).nanoseconds,
      "Delay": SpecDuration.seconds(1).nanoseconds, "Mode": "fail",
    ]
    instance["ReschedulePolicy"] = ["Attempts": 0, "Unlimited": false]
    job["TaskGroups"] = [instance, JobFrame.marks(JobStamp(of: [service], writing), writing)]
    json = job
  }
}
