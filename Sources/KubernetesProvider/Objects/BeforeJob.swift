import KubernetesAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// Makes the Job of a service that runs once per run, and what it needs: config, secrets, and claims of the volumes that
/// it shares with the instances.
///
/// - Throws: `ActionFailure` if a secret has no usable value, or for what a cluster can't be asked for.
func beforeJob(
  of service: Service, _ writing: Writing
) throws(ActionFailure) -> (config: [KubernetesObject], job: KubernetesObject) {
  let config = try ConfigObjects(of: service, writing)
  var template = try PodTemplate(of: [service], writing, config: [service.name: config.names]).json()
  template[["metadata", "labels", Mark.part]] = .string(Part.before.rawValue)
  // It runs to its end once: what failed is not tried again behind berth's back.
  template[["spec", "restartPolicy"]] = "Never"
  // The pod of a Job has containers, and one that runs to its end is none of the init containers.
  if let containers = template[["spec", "initContainers"]] {
    template[["spec", "containers"]] = containers
    template[["spec", "initContainers"]] = nil
  }
  var job = writing.object(.jobs, named: writing.names.job(of: service.name), .before)
  let stamp: JSON = .string(TemplateStamp(of: [service], writing).text)
  job.metadata[["annotations", Mark.services]] = stamp
  template[["metadata", "annotations", Mark.services]] = stamp
  job["spec"] = ["backoffLimit": 0, "completions": 1, "parallelism": 1, "template": template]
  return (config.objects + ClaimObjects.make([service], writing), job)
}
