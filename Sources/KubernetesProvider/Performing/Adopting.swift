import KubernetesAPI
import Planning
import ProviderKit
import Values

extension ActionPerformer {
  /// Makes what another client made the workload's, and starts no pod anew.
  ///
  /// Until the last step, nothing is the workload's that stands for it: what is broken off before is gone on with.
  func adopt(_ action: Action) async throws {
    guard let desired = context.desired?.ofInstances else {
      throw ActionFailure("a workload that is being destroyed adopts nothing")
    }
    let found = try await AdoptableObjects.find(desired, as: key, on: client, budgets: .budgets(on: facts))
    guard let found, found.controller.uid == action.adopts else {
      let done = try await find().controllers.first { $0.uid == action.adopts && $0.isAdopted }
      guard let done else { throw ActionFailure("what was to be adopted as `\(key.name)` is gone") }
      return try await settle(done)
    }
    if let problem = AdoptionRules(objects: found, workload: desired, key: key).problems.first {
      throw ActionFailure("\(problem.message): \(problem.help ?? "")")
    }
    let marks = AdoptionMarks(found, writing(desired, generation: 1, replicas: nil))
    for object in marks.ofOthers { try await take(object) }
    for service in found.services { try await namePorts(of: service) }
    let controller =
      found.controller.kind == ResourceType.statefulSets.kind
      ? try await adoptStatefulSet(found.controller, marks)
      : try await adoptDeployment(found.controller, marks)
    try await settle(controller)
  }

  /// Writes marks on an object, whoever wrote it.
  @discardableResult
  private func take(_ object: KubernetesObject) async throws -> KubernetesObject {
    try await client.objects(try ResourceType(of: object, on: facts)).apply(
      object, ObjectWriter.options, force: true)
  }

  /// A Service may have one port without a name, and berth adds others, of which each needs one.
  private func namePorts(of service: KubernetesObject) async throws {
    let ports = (service.json.at("spec", "ports")?.array ?? []).compactMap { port -> JSON? in
      guard port["name"]?.string == nil, let number = port["port"]?.int else { return nil }
      let transport = port["protocol"]?.string ?? "TCP"
      return [
        "port": .int(number), "protocol": .string(transport),
        "name": .string("\(transport.lowercased())-\(number)"),
      ]
    }
    guard !ports.isEmpty else { return }
    try await writer().patch(service, .strategic(["spec": ["ports": .array(ports)]]))
  }

  /// A Deployment makes its pods anew when its template is not that of any ReplicaSet of its. So the ReplicaSet of its pods, which
  /// heeds no change of its template, and the pods get the marks before the Deployment, which is paused meanwhile.
  private func adoptDeployment(
    _ live: KubernetesObject, _ marks: AdoptionMarks
  ) async throws -> KubernetesObject {
    try await writer().patch(live, ["spec": ["paused": true]])
    let sets = try await client.objects(.replicaSets).list(
      in: key.namespace, Selection(labels: live.podSelection)
    ).items.filter { $0.isMade(by: live) }
    let revision = live.annotations[Self.revision]
    for set in sets where set.annotations[Self.revision] == revision {
      _ = try await client.objects(.replicaSets).patch(
        set.name, in: key.namespace, .merge(["spec": ["template": ["metadata": marks.ofTemplate]]]),
        ObjectWriter.options)
    }
    try await mark(marks.objects, ["metadata": marks.ofTemplate])
    var object = marks.ofController
    object.json[["spec", "paused"]] = false
    return try await take(object)
  }

  /// The number that a Deployment and a ReplicaSet of its count their templates by.
  private static let revision = "deployment.kubernetes.io/revision"

  /// A StatefulSet makes each pod anew that is not of its newest revision. So it is held while it gets the marks, and its pods are
  /// said to be of that revision, which they are: they get the same.
  private func adoptStatefulSet(
    _ live: KubernetesObject, _ marks: AdoptionMarks
  ) async throws -> KubernetesObject {
    let held = try await writer().patch(
      live,
      [
        "spec": [
          "updateStrategy": [
            "type": "RollingUpdate",
            "rollingUpdate": ["partition": .int(ControllerObject.heldPartition)],
          ], "template": ["metadata": marks.ofTemplate],
        ]
      ])
    var metadata = marks.ofTemplate
    metadata[["labels", "controller-revision-hash"]] = .string(try await revision(of: held))
    try await mark(marks.objects, ["metadata": metadata])
    var object = marks.ofController
    object.json[["spec", "updateStrategy"]] = ["type": "RollingUpdate", "rollingUpdate": ["partition": 0]]
    return try await take(object)
  }

  /// The revision of what a StatefulSet was told last, once it has seen that.
  private func revision(of controller: KubernetesObject) async throws -> String {
    let feed = ObjectFeed(
      client: client, namespace: key.namespace,
      sources: [.init(type: .statefulSets, selection: Selection(fields: "metadata.name=\(controller.name)"))],
      end: end, report: context.report)
    return try await feed.read { scene -> String? in
      guard let live = scene[0].first, live.uid == controller.uid else {
        throw ActionFailure("another client deleted the StatefulSet \(controller.name) meanwhile")
      }
      if RolloutState(controller: live, pods: []).isSeen {
        return live.json.at("status", "updateRevision")?.string
      }
      guard ContinuousClock.now < end else {
        throw ActionFailure(
          "the StatefulSet \(controller.name) was not seen by its controller", hasTimedOut: true)
      }
      return nil
    }
  }

  /// Writes the same on all pods of a controller.
  private func mark(_ objects: AdoptableObjects, _ fields: JSON) async throws {
    let pods = try await client.objects(.pods).list(
      in: key.namespace, Selection(labels: objects.controller.podSelection)
    ).items
    for pod in pods where pod.isMade(by: objects.controller) {
      _ = try await ifFound {
        try await client.objects(.pods).patch(
          pod.name, in: key.namespace, .merge(fields), ObjectWriter.options)
      }
    }
  }
}
