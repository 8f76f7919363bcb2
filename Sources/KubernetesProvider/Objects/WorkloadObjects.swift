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

  /// Has the controller keep what no server changes of the one that is there: what it selects its pods by, and the Service
  /// that names them. Its ports keep their names, by which Services of others may reach them.
  mutating func keepIdentity(of live: KubernetesObject) {
    guard live.kind == controller.kind else { return }
    if let selector = live.json.at("spec", "selector") { controller.json[["spec", "selector"]] = selector }
    for (name, value) in live.json.at("spec", "selector", "matchLabels")?.strings ?? [:] {
      controller.json[["spec", "template", "metadata", "labels", name]] = .string(value)
    }
    for key in ["serviceName", "podManagementPolicy"] {
      if let value = live.json.at("spec", key) { controller.json[["spec", key]] = value }
    }
    keepPortNames(of: live)
  }

  /// Has ports keep the names that they have in a controller, by which Services of others may reach them.
  mutating func keepPortNames(of live: KubernetesObject) {
    let path = ["spec", "template", "spec", "containers"]
    guard var containers = controller.json[path]?.array else { return }
    for index in containers.indices {
      let there = live.json[path]?.element(named: containers[index]["name"]?.string ?? "")?["ports"]?.array
      guard let there, let ports = containers[index]["ports"]?.array else { continue }
      containers[index]["ports"] = .array(
        ports.map { port in
          var port = port
          let same = there.first {
            $0["containerPort"] == port["containerPort"]
              && $0["protocol"]?.string ?? "TCP" == port["protocol"]?.string
          }
          if let name = same?["name"] { port["name"] = name }
          return port
        })
    }
    controller.json[path] = .array(containers)
  }

  /// Has the controller keep all of the template that it has, also what other clients wrote: one that is made anew has
  /// nothing else.
  mutating func keepWholeTemplate(of live: KubernetesObject) {
    controller.json[["spec", "template"]] = live.json.at("spec", "template")
  }

  /// Has the controller of what was adopted say so as long as its template is not written. Until then its claims are made without
  /// berth's labels: for these alone, it is not made anew.
  mutating func keepAdoption(of live: KubernetesObject) {
    guard let origin = live.annotations[Mark.adopted] else { return }
    let claims = ["spec", "volumeClaimTemplates"]
    if ClaimTemplate.areSame(live, controller) { controller.json[claims] = live.json[claims] }
    controller.json[["metadata", "annotations", Mark.adopted]] = .string(origin)
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
