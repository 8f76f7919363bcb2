import KubernetesAPI
import Planning
import WorkloadSpec

extension Writing {
  /// An object of the workload, with its labels and the run that writes it.
  func object(_ type: ResourceType, named name: String, _ part: Part) -> KubernetesObject {
    var object = KubernetesObject(type, name: name, namespace: key.namespace)
    object.metadata["labels"] = .texts(labels(of: part))
    var annotations = annotations
    annotations[Mark.run] = run.description
    object.metadata["annotations"] = .texts(annotations)
    return object
  }

  /// The labels of an object.
  func labels(of part: Part) -> [String: String] { identity.merging([Mark.part: part.rawValue]) { $1 } }

  /// What tells the workload's objects and pods: the recommended labels, what the spec states, and berth's own.
  var identity: [String: String] {
    var labels = [
      "app.kubernetes.io/name": key.name, "app.kubernetes.io/instance": key.name,
    ]
    for entry in workload.labels.entries where LabelText.isValue(entry.value) {
      labels[entry.key] = entry.value
    }
    labels[Mark.managedBy] = Mark.berth
    labels[Mark.workload] = key.name
    return labels
  }

  /// Labels of the spec whose values no label of Kubernetes can have.
  var annotations: [String: String] {
    Dictionary(
      workload.labels.entries.filter { !LabelText.isValue($0.value) }.map { ($0.key, $0.value) }
    ) { $1 }
  }

  /// What selects the pods of the controller.
  var selector: [String: String] {
    [Mark.workload: key.name, Mark.generation: String(generation)]
  }
}
