import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// What a workload becomes on a cluster, in the order in which it is applied.
struct WorkloadObjects {
  /// Config files, secrets and credentials: objects that never change, called by a keyed digest of what they hold.
  let config: [KubernetesObject]
  /// The claims of a deployment's persistent volumes. Those of a stateful set are made from templates in the controller.
  private(set) var claims: [KubernetesObject]
  /// What it is reached by.
  let services: [KubernetesObject]
  /// The Deployment or StatefulSet.
  private(set) var controller: KubernetesObject
  /// Disruption budgets.
  let budgets: [KubernetesObject]

  /// Makes them.
  ///
  /// - Throws: `ActionFailure` if a secret has no usable value, or for what a cluster can't be asked for.
  init(_ writing: Writing) throws(ActionFailure) {
    var config: [KubernetesObject] = []
    var names: [String: ConfigNames] = [:]
    for service in writing.workload.services {
      let objects = try ConfigObjects(of: service, writing)
      config += objects.objects
      names[service.name] = objects.names
    }
    self.config = config
    claims = ClaimObjects.make(writing.workload.services, writing)
    services = ServiceObjects.make(writing)
    budgets = BudgetObject.make(writing)
    var template = try PodTemplate(of: writing.workload.services, writing, config: names).json()
    for (name, value) in writing.selector { template[["metadata", "labels", name]] = .string(value) }
    if let refusal = SizeRule.refusals(writing).first {
      throw ActionFailure("\(refusal.message): \(refusal.help)")
    }
    let stamp = TemplateStamp(of: writing.workload.services, writing).textOfTemplate
    template[["metadata", "annotations", Mark.services]] = .string(stamp)
    if let run = writing.restartedBy {
      template[["metadata", "annotations", Mark.restarted]] = .string(run.description)
    }
    controller = ControllerObject.make(writing, template: template)
  }

  /// Has claims that are there keep what no server changes: their class of storage, who may mount them, and a size that is
  /// larger.
  mutating func keepClaims(of live: [KubernetesObject]) {
    let live = ObjectIndex(live)
    for index in claims.indices {
      guard let spec = live.object(.claims, claims[index].name)?["spec"] else { continue }
      for key in ["storageClassName", "accessModes"] { claims[index].json[["spec", key]] = spec[key] }
      let size = ["spec", "resources", "requests", "storage"]
      let (made, there) = (
        ByteQuantity(amount: claims[index].json[size]), spec.at("resources", "requests", "storage")
      )
      if let there, let made, let larger = ByteQuantity(amount: there), larger > made {
        claims[index].json[size] = there
      }
    }
  }

  /// Has the controller keep the template that it has: what is changed in place must start no pod anew, whatever no plan
  /// compares, and whatever an earlier version of berth has written.
  mutating func keepTemplate(of live: KubernetesObject) {
    let path = ["spec", "template"]
    guard let template = live.json[path], let applied = AppliedFields.of(live)?[path.map { "f:\($0)" }] else {
      return
    }
    controller.json[path] = AppliedFields.extract(template, applied)
  }
}
