import KubernetesAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// What is written on objects that another client made, so that they are a workload's: beside all that they say already.
///
/// The template of a controller gets its marks together with what it was made into, its ReplicaSet and its pods: so it makes no pod
/// anew for them. What a controller selects its pods by never changes, and stays.
struct AdoptionMarks: Sendable {
  /// How the workload is written.
  let writing: Writing
  /// What is taken over.
  let objects: AdoptableObjects
  /// What the services are stamped with: each as it lives.
  private let stamp: TemplateStamp

  init(_ objects: AdoptableObjects, _ writing: Writing) {
    self.objects = objects
    self.writing = writing
    let template = objects.controller.json.at("spec", "template", "spec")
    let containers = ["initContainers", "containers"].flatMap { template?[$0]?.array ?? [] }
    let live = Set(containers.compactMap { $0["name"]?.string })
    var stamp = TemplateStamp(
      of: writing.workload.services.filter { live.contains($0.name) }, writing)
    // What secrets hold that another client handed over is not known.
    for index in stamp.services.indices { stamp.services[index].secretDigests = [:] }
    let made = Self.controller(objects, writing, stamp)
    let reading = ControllerReading(
      made, objects: objects.services + objects.claims, key: writing.key, facts: writing.facts)
    for service in reading?.services ?? [] {
      guard let index = stamp.services.firstIndex(where: { $0.spec.name == service.name }),
        !stamp.services[index].isRead(as: service.live)
      else { continue }
      stamp.services[index].spec = service.live.service
      stamp.services[index].digest =
        writing.context.stamp(for: service.live.service, in: InstanceID(0)).digest
    }
    self.stamp = stamp
  }

  // MARK: What is written

  /// The marks of pods, and of what makes them.
  var ofTemplate: JSON {
    [
      "labels": .texts(Self.labels(writing)),
      "annotations": .texts([Mark.services: stamp.textOfTemplate]),
    ]
  }

  /// The controller with its marks, and nothing else: as it is applied.
  var ofController: KubernetesObject {
    var object = adopted(objects.controller, .controller)
    object.metadata["annotations"] = .texts(
      object.annotations.merging([Mark.services: stamp.text]) { $1 })
    object.json[["spec", "template", "metadata"]] = ofTemplate
    return object
  }

  /// What is around the controller, each with its marks and nothing else.
  var ofOthers: [KubernetesObject] {
    objects.services.map { adopted($0, .service) } + objects.budgets.map { adopted($0, .budget) }
      + objects.claims.map { claim in
        var marked = Self.marked(claim, writing, .claim)
        marked.metadata["labels"] = .texts(marked.labels.merging([Mark.volume: volume(of: claim)]) { $1 })
        return marked
      }
  }

  /// What is there once it is done.
  var found: FoundObjects {
    var found = FoundObjects()
    found.add(objects.controller.with(ofController))
    for (object, marked) in zip(objects.services + objects.budgets + objects.claims, ofOthers) {
      found.add(object.with(marked))
    }
    for pod in objects.pods { found.add(pod.with(KubernetesObject(["metadata": ofTemplate]))) }
    return found
  }

  // MARK: Each

  private func adopted(_ object: KubernetesObject, _ part: Part) -> KubernetesObject {
    var marked = Self.marked(object, writing, part)
    marked.metadata["annotations"] = .texts(
      marked.annotations.merging([Mark.adopted: objects.origin]) { $1 })
    return marked
  }

  private func volume(of claim: KubernetesObject) -> String {
    objects.controller.claimTemplateNames.first {
      claim.name.hasPrefix("\($0)-\(objects.controller.name)-")
    } ?? ""
  }

  private static func labels(_ writing: Writing) -> [String: String] {
    writing.selector.merging([Mark.managedBy: Mark.berth]) { $1 }
  }

  private static func marked(
    _ object: KubernetesObject, _ writing: Writing, _ part: Part
  ) -> KubernetesObject {
    var marked = KubernetesObject([
      "apiVersion": .string(object.apiVersion), "kind": .string(object.kind),
      "metadata": ["name": .string(object.name), "namespace": .string(writing.key.namespace)],
    ])
    marked.metadata["labels"] = .texts([
      Mark.managedBy: Mark.berth, Mark.workload: writing.key.name, Mark.part: part.rawValue,
    ])
    marked.metadata["annotations"] = .texts([Mark.run: writing.run.description])
    return marked
  }

  private static func controller(
    _ objects: AdoptableObjects, _ writing: Writing, _ stamp: TemplateStamp
  ) -> KubernetesObject {
    var object = objects.controller.with(marked(objects.controller, writing, .controller))
    object.json[["spec", "template", "metadata", "annotations", Mark.services]] = .string(
      stamp.textOfTemplate)
    return object
  }
}

extension Mark {
  /// That an adoption of a controller has begun: it is paused, or held, until that has come to its end.
  static let adopting = prefix + "adopting"
  /// What an object belonged to before berth took it over, until berth has written all of it.
  static let adopted = prefix + "adopted-from"
}

extension KubernetesObject {
  /// Whether berth took an object over and has not written all of it so far.
  var isAdopted: Bool { annotations[Mark.adopted] != nil }

  /// The object with what another one says of it besides.
  fileprivate func with(_ other: KubernetesObject) -> KubernetesObject {
    KubernetesObject(json.merged(with: other.json))
  }
}

extension JSON {
  /// Objects joined with objects, and everything else as the other one has it.
  fileprivate func merged(with other: JSON) -> JSON {
    guard members != nil, let others = other.members else { return other }
    var merged = self
    for member in others {
      merged[member.key] = merged[member.key].map { $0.merged(with: member.value) } ?? member.value
    }
    return merged
  }
}
