import KubernetesAPI
import Planning

/// What a cluster has of one workload.
struct FoundObjects: Sendable {
  /// What holds its instances, by generation: more than one while a rollout is paused.
  var controllers: [KubernetesObject] = []
  /// The pods of its controllers.
  var pods: [KubernetesObject] = []
  /// The Services by which it is found.
  var services: [KubernetesObject] = []
  /// The ConfigMaps that its services read.
  var config: [KubernetesObject] = []
  /// The Secrets that its services use, without what they hold; `nil` where berth may not list them, as one who only plans need
  /// not.
  var secrets: [KubernetesObject]?
  /// The claims of its volumes.
  var claims: [KubernetesObject] = []
  /// The Jobs of what runs once per run.
  var jobs: [KubernetesObject] = []
  /// The pods of these.
  var jobPods: [KubernetesObject] = []
  /// The disruption budgets.
  var budgets: [KubernetesObject] = []
  /// What sits on its names without its stamp.
  var strangers: [KubernetesObject] = []

  /// The controller that stands for the workload: of two, the one that was there first.
  var stable: KubernetesObject? { controllers.first }
  /// The controller of the newest template.
  var newest: KubernetesObject? { controllers.last }

  /// What reading the controller needs.
  var all: [KubernetesObject] { services + config + claims + budgets }

  /// Whether anything is there that only a controller gives a meaning.
  var hasRemains: Bool { !services.isEmpty || !config.isEmpty || !budgets.isEmpty }

  /// Takes an object up that carries the workload's label.
  mutating func add(_ object: KubernetesObject) {
    switch object.kind {
    case "Deployment", "StatefulSet":
      controllers.append(object)
      controllers.sort { ($0.controllerGeneration, $0.name) < ($1.controllerGeneration, $1.name) }
    case "Pod": if object.isOfJob { jobPods.append(object) } else { pods.append(object) }
    case "Service": services.append(object)
    case "ConfigMap": config.append(object)
    case "Secret": secrets = (secrets ?? []) + [object]
    case "PersistentVolumeClaim": claims.append(object)
    case "Job": jobs.append(object)
    case "PodDisruptionBudget": budgets.append(object)
    default: break
    }
  }
}

extension KubernetesObject {
  /// Whether a Job made it.
  var isOfJob: Bool {
    (metadata["ownerReferences"]?.array ?? []).contains { $0["kind"]?.string == "Job" }
      || labels["job-name"] != nil
  }

  /// Whether it carries the stamp of a workload of its namespace.
  func isOurs(as key: WorkloadKey) -> Bool {
    labels[Mark.managedBy] == Mark.berth && labels[Mark.workload] == key.name
  }
}
