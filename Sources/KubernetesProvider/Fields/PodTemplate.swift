import KubernetesAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// The template of a workload's pods, or of the pod of a service that runs once per run.
struct PodTemplate {
  /// As it was written.
  let draft: PodDraft
  /// In which order its containers start.
  let order: PodOrder

  /// Writes a template.
  ///
  /// - Parameters:
  ///   - services: the services whose containers are in it.
  ///   - config: where their files and secrets are.
  init(of services: [Service], _ writing: Writing, config: [String: ConfigNames]) {
    order = PodOrder(services, on: writing.facts)
    var draft = PodDraft()
    draft.labels = writing.identity
    draft.annotations = writing.annotations
    // A service's variables are those of its spec, and no addresses of whatever else the namespace has.
    draft.pod["enableServiceLinks"] = false
    let table = KubernetesTable.on(writing.facts)
    for service in services {
      let config = config[service.name] ?? ConfigNames()
      table.write(
        ServiceWriting(writing: writing, service: service, config: config, order: order), into: &draft)
      draft.endContainer(of: service.name)
    }
    table.write(writing, into: &draft)
    if services.count > 1 {
      // Siblings are at the loopback address, by their own names, too.
      for service in services where !service.role.isRunToEnd {
        draft.add(host: service.name, at: "127.0.0.1")
      }
    }
    Self.checkLabels(of: writing.workload, &draft)
    Self.checkPorts(of: services, &draft)
    self.draft = draft
  }

  /// The template as the cluster is given it.
  ///
  /// - Throws: `ActionFailure` with what a cluster can't be asked for.
  func json() throws(ActionFailure) -> JSON {
    if let refusal = draft.refusals.first { throw ActionFailure("\(refusal.message): \(refusal.help)") }
    return draft.template(in: order)
  }

  private static func checkLabels(of workload: Workload, _ draft: inout PodDraft) {
    for entry in workload.labels.entries {
      if entry.key.hasPrefix(Mark.prefix) || entry.key == Mark.managedBy {
        draft.refuse(
          "the label `\(entry.key)` is one that berth itself writes on a cluster", help: "use another name")
      } else if !LabelText.isName(entry.key) {
        draft.refuse(
          "the label `\(entry.key)` has a name that Kubernetes does not take",
          help: "write it as in `example.com/team`")
      }
    }
  }

  /// Services of a pod share its network, so that one of them can have a port.
  private static func checkPorts(of services: [Service], _ draft: inout PodDraft) {
    var owners: [String: String] = [:]
    for service in services where !service.role.isRunToEnd {
      for port in service.ports {
        if let other = owners[port.identity] {
          draft.refuse(
            .sharedByPod,
            "the services `\(other)` and `\(service.name)` both listen on \(port.identity), and the containers of a pod share its ports",
            help: "have one of them listen on another port")
        }
        owners[port.identity] = service.name
      }
    }
  }
}
