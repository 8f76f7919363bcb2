import Diagnostics
import KubernetesAPI
import Planning
import Values
import WorkloadSpec

/// What keeps something that another client made from becoming a workload's.
struct AdoptionRules {
  let objects: AdoptableObjects
  /// The workload as it is wanted.
  let workload: Workload
  let key: WorkloadKey

  private var controller: KubernetesObject { objects.controller }
  private var pod: JSON { controller.json.at("spec", "template", "spec") ?? [:] }
  private var containers: [JSON] {
    ["initContainers", "containers"].flatMap { pod[$0]?.array ?? [] }
  }

  /// Each as an error; nothing if all can be taken over.
  var problems: [Diagnostic] {
    let all =
      [ownership, selector, rollout, change].compactMap(\.self) + selectedLabels + strangeContainers
      + services
    return all + (workload.kind.hasStableInstances ? lostTemplates : lostClaims)
  }

  private func refusal(_ reason: String, help: String) -> Diagnostic {
    Diagnostic(
      .cannotAdopt, "the \(controller.kind) \(controller.name) can't be adopted: \(reason)", help: help)
  }

  /// Something else keeps writing it.
  private var ownership: Diagnostic? {
    let owner = (controller.metadata["ownerReferences"]?.array ?? []).first { $0["controller"]?.bool == true }
    guard let owner else { return nil }
    let name = "\(owner["kind"]?.string ?? "object") \(owner["name"]?.string ?? "")"
    return refusal("the \(name) keeps it", help: "change what makes it: the \(name)")
  }

  /// Its pods can't be told by plain labels, or not be given those of berth.
  private var selector: Diagnostic? {
    let selector = controller.json.at("spec", "selector")
    let labels = selector?["matchLabels"]?.strings ?? [:]
    guard !labels.isEmpty, selector?["matchExpressions"]?.array?.isEmpty ?? true else {
      return refusal(
        "it selects its pods by expressions, and not by labels",
        help: "have it made anew: delete it, and apply without `--adopt`")
    }
    guard let taken = labels.keys.sorted().first(where: { $0.hasPrefix(Mark.prefix) || $0 == Mark.managedBy })
    else { return nil }
    return refusal(
      "it selects its pods by the label `\(taken)`, which berth writes itself and no server changes",
      help: "have it made anew: delete it, and apply without `--adopt`")
  }

  /// A label by which pods are selected never changes.
  private var selectedLabels: [Diagnostic] {
    let selected = controller.json.at("spec", "selector", "matchLabels")?.strings ?? [:]
    return workload.labels.entries.compactMap { entry in
      guard let value = selected[entry.key], value != entry.value else { return nil }
      return refusal(
        "it selects its pods by `\(entry.key): \(value)`, which no server changes, and the spec says `\(entry.value)`",
        help: "write `labels: {\(entry.key): \(value)}`")
    }
  }

  /// Its pods are of more than one template.
  private var rollout: Diagnostic? {
    let isStateful = controller.kind == ResourceType.statefulSets.kind
    let key = isStateful ? "controller-revision-hash" : KubernetesObject.templateHash
    // What an adoption that was broken off has marked counts as what it was.
    let pods = objects.pods.filter { !$0.isLeftBehind && $0.labels[Mark.workload] == nil }
    let revisions = Set(pods.map { $0.labels[key] ?? "" })
    guard revisions.count > 1 else { return nil }
    return refusal("a rollout of it is under way", help: "wait until all of its pods are of one revision")
  }

  /// It was told something that its pods are not yet, and that an adoption would take them for, or have come: it is paused, or held.
  private var change: Diagnostic? {
    // One that was broken off has changed it by itself.
    guard controller.annotations[Mark.adopting] == nil else { return nil }
    let status = controller.json["status"]
    let isSeen = status?["observedGeneration"]?.int == controller.metadata["generation"]?.int
    let isOfTemplate: Bool
    if controller.kind == ResourceType.statefulSets.kind {
      let revision = status?["updateRevision"]?.string
      isOfTemplate = objects.pods.allSatisfy { $0.labels["controller-revision-hash"] == revision }
    } else {
      isOfTemplate = status?["updatedReplicas"]?.int ?? 0 == status?["replicas"]?.int ?? 0
    }
    guard status != nil, !isSeen || !isOfTemplate else { return nil }
    return refusal(
      "its template was changed, and its pods are not made from it yet",
      help:
        "let it go on (`kubectl rollout resume`, or delete the pods of a StatefulSet that waits for that), or take the change back"
    )
  }

  /// Services that would serve others from now on, or in another way.
  private var services: [Diagnostic] {
    objects.services.compactMap { service in
      let spec = service["spec"] ?? [:]
      let selector = spec["selector"]?.strings ?? [:]
      let labels = controller.json.at("spec", "template", "metadata", "labels")?.strings ?? [:]
      func refusal(_ reason: String, help: String) -> Diagnostic {
        Diagnostic(.cannotAdopt, "the Service \(service.name) can't be adopted: \(reason)", help: help)
      }
      let isOfPods = !selector.isEmpty && selector.allSatisfy { labels[$0.key] == $0.value }
      if !isOfPods || objects.servesOthers {
        return refusal(
          "it leads to pods that \(controller.name) does not make, and would lead to those of `\(workload.name)` alone",
          help: "give the workload another name, or the Service")
      }
      let (type, wanted) = (
        spec["type"]?.string ?? "ClusterIP", workload.on[KubernetesWorkload.self].serviceType.rawValue
      )
      if type != wanted {
        return refusal(
          "it is a \(type), and the spec makes it a \(wanted)",
          help: "write `on: {kubernetes: {serviceType: \(type)}}` at the workload")
      }
      return redirection(of: service, spec["ports"]?.array ?? []).map {
        refusal($0, help: "state the port of the container that it leads to, or rename the Service")
      }
    }
  }

  /// That a port of a Service would lead to another one of the pods.
  private func redirection(of service: KubernetesObject, _ ports: [JSON]) -> String? {
    let stated = workload.services.flatMap(\.ports)
    for port in ports {
      guard let number = port["port"]?.int else { continue }
      let transport = (port["protocol"]?.string ?? "TCP").lowercased()
      let made = stated.first { stated in
        stated.protocol.rawValue == transport
          && (Int64(stated.container) == number
            || stated.on[KubernetesPort.self].servicePort.map(Int64.init) == number)
      }
      let name = port["targetPort"]?.string
      let named = name.flatMap { name in
        containers.lazy.compactMap { $0["ports"]?.element(named: name)?["containerPort"]?.int }.first
      }
      guard let made, let target = named ?? port["targetPort"]?.int, target != Int64(made.container) else {
        continue
      }
      return "its port \(number) leads to \(target) of the pods, and the spec's leads to \(made.container)"
    }
    return nil
  }

  private var strangeContainers: [Diagnostic] {
    containers.compactMap { container in
      guard let name = container["name"]?.string, workload.service(name) == nil else { return nil }
      return refusal(
        "its pods have a container `\(name)`, and the spec has no service of that name",
        help: "call the service as its container is called, or write one down for it")
    }
  }

  // MARK: Data

  /// Claims that a Deployment's pods mount and the next ones would begin without.
  private var lostClaims: [Diagnostic] {
    (pod["volumes"]?.array ?? []).flatMap { volume -> [Diagnostic] in
      guard let claim = volume.at("persistentVolumeClaim", "claimName")?.string,
        let name = volume["name"]?.string
      else { return [] }
      return containers.flatMap { container -> [Diagnostic] in
        let service = container["name"]?.string.flatMap { workload.service($0) }
        let mounts = (container["volumeMounts"]?.array ?? []).filter { $0["name"]?.string == name }
        return mounts.compactMap { mount in
          let path = mount["mountPath"]?.string ?? ""
          let stated = service?.volumes.first { service?.texts.fill($0.mountPath) == path }
          if stated?.type == .external, stated?.source ?? stated?.name == claim { return nil }
          if claim == ObjectNames(key: key).claim(of: stated?.name ?? "") { return nil }
          return refusal(
            "its data at \(path) is in the claim `\(claim)`, and the pods that are made next would begin without it",
            help:
              "write it down: `volumes: [{name: \(name), mountPath: \(path), type: external, source: \(claim)}]`"
          )
        }
      }
    }
  }

  /// Claims of a StatefulSet whose pods would begin without them.
  private var lostTemplates: [Diagnostic] {
    let stated = Set(
      workload.services.flatMap(\.volumes).filter { $0.type == .persistent }.map(\.name))
    return controller.claimTemplateNames.filter { !stated.contains($0) }.map { name in
      let mount = containers.lazy.flatMap { $0["volumeMounts"]?.array ?? [] }.first {
        $0["name"]?.string == name
      }
      let path = mount?["mountPath"]?.string ?? "/data"
      return refusal(
        "its pods keep data in claims of the template `\(name)`, and those that are made next would begin without it",
        help: "write it down: `volumes: [{name: \(name), mountPath: \(path), type: persistent}]`")
    }
  }
}
