import KubernetesAPI
import Planning
import Values

/// The Deployment or StatefulSet of a workload.
enum ControllerObject {
  /// A partition that no pod is beyond: a stateful set with it changes none.
  static let heldPartition: Int64 = 2_147_483_647

  /// Has a controller change nothing for now.
  static func hold(_ controller: inout KubernetesObject) {
    if controller.kind == ResourceType.statefulSets.kind {
      controller.json[["spec", "updateStrategy", "rollingUpdate", "partition"]] = .int(heldPartition)
    } else {
      controller.json[["spec", "paused"]] = true
    }
  }

  /// Whether a controller was told to change nothing.
  static func isHeld(_ controller: KubernetesObject) -> Bool {
    guard controller.kind == ResourceType.statefulSets.kind else {
      return controller.json.at("spec", "paused")?.bool ?? false
    }
    return controller.json.at("spec", "updateStrategy", "rollingUpdate", "partition")?.int ?? 0 > 0
  }

  /// Makes the controller.
  ///
  /// - Parameter template: what the services say of their pods, which gets berth's own marks.
  static func make(_ writing: Writing, template: JSON) -> KubernetesObject {
    var template = template
    for (name, value) in writing.selector { template[["metadata", "labels", name]] = .string(value) }
    let stamp = TemplateStamp(of: writing.workload.services, writing).textOfTemplate
    template[["metadata", "annotations", Mark.services]] = .string(stamp)
    if let run = writing.restartedBy {
      template[["metadata", "annotations", Mark.restarted]] = .string(run.description)
    }
    let isStateful = writing.workload.kind.hasStableInstances
    var object = writing.object(
      isStateful ? .statefulSets : .deployments, named: writing.names.controller(writing.generation),
      .controller)
    let strategy = StrategyText(writing.workload.strategy, isOneAtATime: writing.isOneAtATime)
    var annotations = object.annotations
    for entry in writing.own.annotations.entries { annotations[entry.key] = entry.value }
    annotations[Mark.services] = TemplateStamp(of: writing.workload.services, writing).text
    annotations[Mark.strategy] = strategy.text
    object.metadata["annotations"] = .texts(annotations)
    var spec: JSON = ["selector": ["matchLabels": .texts(writing.selector)]]
    if let replicas = writing.replicas { spec["replicas"] = .int(Int64(replicas)) }
    if let limit = writing.own.revisionHistory { spec["revisionHistoryLimit"] = .int(Int64(limit)) }
    if isStateful {
      spec["serviceName"] = .string(writing.names.pods)
      spec["updateStrategy"] = [
        "type": "RollingUpdate",
        "rollingUpdate": ["partition": 0],
      ]
      let claims = ClaimObjects.templates(writing)
      if !claims.isEmpty { spec["volumeClaimTemplates"] = .array(claims) }
    } else {
      spec["strategy"] = strategy.ofDeployment
      spec["paused"] = false
    }
    spec["template"] = template
    object["spec"] = spec
    if writing.isHeld { hold(&object) }
    return object
  }
}

extension KubernetesObject {
  /// The generation of a controller, as its selector has it, or of what belongs to one; 1 if it says none.
  var controllerGeneration: Int {
    let selected = json.at("spec", "selector", "matchLabels", Mark.generation)?.string
    return (selected ?? labels[Mark.generation]).flatMap { Int($0) } ?? 1
  }

  /// How many pods a controller keeps.
  var replicas: Int { json.at("spec", "replicas")?.int.map { Int($0) } ?? 1 }
}
