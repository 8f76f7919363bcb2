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
    let all = [ownership, selector, rollout].compactMap(\.self) + selectedLabels + strangeContainers
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
