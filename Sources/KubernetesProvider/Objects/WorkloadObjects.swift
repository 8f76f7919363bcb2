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
    let template = try PodTemplate(of: writing.workload.services, writing, config: names).json()
    if let refusal = SizeRule.refusals(writing).first {
      throw ActionFailure("\(refusal.message): \(refusal.help)")
    }
    controller = ControllerObject.make(writing, template: template)
  }

  /// Has claims that are there keep what no server changes: their class of storage, who may mount them, and a size that is
  /// larger.
  mutating func keepClaims(of live: [KubernetesObject]) {
    claims = claims.map { $0.keepingClaim(of: live) }
  }

  /// Has a StatefulSet keep the class of storage of what it makes claims of, where the spec names none: that the target names
  /// another one from now on is for volumes that come.
  mutating func keepClaimTemplates(of live: KubernetesObject, for desired: Workload) {
    let path = ["spec", "volumeClaimTemplates"]
    guard var templates = controller.json[path]?.array else { return }
    let stating = ClaimObjects.persistent(desired.services).filter {
      $0.on[KubernetesVolume.self].storageClass != nil
    }
    for index in templates.indices {
      guard let name = templates[index].at("metadata", "name")?.string,
        !stating.contains(where: { $0.name == name }),
        let there = live.json[path]?.array?.first(where: { $0.at("metadata", "name")?.string == name })
      else { continue }
      templates[index][["spec", "storageClassName"]] = there.at("spec", "storageClassName")
    }
    controller.json[path] = .array(templates)
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

extension KubernetesObject {
  /// A claim that keeps what no server changes of the one that is there: its class of storage, who may mount it, and a size that
  /// is larger.
  func keepingClaim(of live: [KubernetesObject]) -> KubernetesObject {
    guard kind == ResourceType.claims.kind, let spec = live.first(where: { $0.name == name })?["spec"] else {
      return self
    }
    var claim = self
    for key in ["storageClassName", "accessModes"] { claim.json[["spec", key]] = spec[key] }
    let size = ["spec", "resources", "requests", "storage"]
    if let there = spec.at("resources", "requests", "storage"), let made = ByteQuantity(amount: json[size]),
      let larger = ByteQuantity(amount: there), larger > made
    {
      claim.json[size] = there
    }
    return claim
  }
}
