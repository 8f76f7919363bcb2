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

  /// Writes marks on an object, also where another client wrote the same fields.
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
    let template: JSON = ["spec": ["template": ["metadata": marks.ofTemplate]]]
    let sets = try await client.objects(.replicaSets).list(
      in: key.namespace, Selection(labels: live.podSelection)
    ).items.filter { $0.isMade(by: live) && $0.annotations[Self.revision] == live.annotations[Self.revision] }
    guard sets.allSatisfy({ Self.unmarked($0) == Self.unmarked(live) }) else {
      throw ActionFailure(
        "the Deployment \(live.name) was changed, and its pods are not made from that yet: let it go on, or take the change back"
      )
    }
    // What berth may not write is known before the Deployment is paused.
    for set in sets { try await write(template, on: set, ObjectWriter.trial) }
    try await writer().patch(
      live,
      [
        "metadata": ["annotations": [Mark.adopting: .string(context.run.description)]],
        "spec": ["paused": true],
      ])
    for set in sets { try await write(template, on: set, ObjectWriter.options) }
    try await mark(marks.objects, ["metadata": marks.ofTemplate])
    var object = marks.ofController
    object.json[["spec", "paused"]] = true
    let paused = try await take(object)
    // It has to see that its pods are of its template before it goes on.
    _ = try await seen(paused) { status in
      status["updatedReplicas"]?.int ?? 0 == status["replicas"]?.int ?? 0 ? true : nil
    }
    object.json[["spec", "paused"]] = false
    return try await end(try await take(object))
  }

  /// A template without what berth and the cluster mark it with.
  private static func unmarked(_ object: KubernetesObject) -> JSON {
    var template = object.json.at("spec", "template") ?? [:]
    for kind in ["labels", "annotations"] {
      let marks = template.at("metadata", kind)?.strings ?? [:]
      template[["metadata", kind]] = .texts(
        marks.filter {
          !$0.key.hasPrefix(Mark.prefix) && $0.key != Mark.managedBy
            && $0.key != KubernetesObject.templateHash
        })
    }
    return template
  }

  private func write(_ fields: JSON, on set: KubernetesObject, _ options: WriteOptions) async throws {
    _ = try await client.objects(.replicaSets).patch(set.name, in: key.namespace, .merge(fields), options)
  }

  /// Takes away the mark of an adoption that is under way.
  private func end(_ controller: KubernetesObject) async throws -> KubernetesObject {
    try await writer().patch(controller, ["metadata": ["annotations": [Mark.adopting: .null]]])
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
        "metadata": ["annotations": [Mark.adopting: .string(context.run.description)]],
        "spec": [
          "updateStrategy": [
            "type": "RollingUpdate",
            "rollingUpdate": ["partition": .int(ControllerObject.heldPartition)],
          ], "template": ["metadata": marks.ofTemplate],
        ],
      ])
    var metadata = marks.ofTemplate
    metadata[["labels", "controller-revision-hash"]] = .string(
      try await seen(held) { $0["updateRevision"]?.string })
    try await mark(marks.objects, ["metadata": metadata])
    var object = marks.ofController
    object.json[["spec", "updateStrategy"]] = ["type": "RollingUpdate", "rollingUpdate": ["partition": 0]]
    return try await end(try await take(object))
  }

  /// Waits until a controller has seen what it was told last, and its status says something.
  private func seen<Result: Sendable>(
    _ controller: KubernetesObject, _ look: @escaping @Sendable (_ status: JSON) -> Result?
  ) async throws -> Result {
    let feed = ObjectFeed(
      client: client, namespace: key.namespace,
      sources: [
        .init(
          type: try ResourceType(of: controller, on: facts),
          selection: Selection(fields: "metadata.name=\(controller.name)"))
      ],
      end: end, report: context.report)
    return try await feed.read { scene -> Result? in
      guard let live = scene[0].first, live.uid == controller.uid else {
        throw ActionFailure("another client deleted the \(controller.kind) \(controller.name) meanwhile")
      }
      if RolloutState(controller: live, pods: []).isSeen, let found = look(live["status"] ?? [:]) {
        return found
      }
      guard ContinuousClock.now < end else {
        throw ActionFailure(
          "the cluster has not seen what the \(controller.kind) \(controller.name) was told",
          hasTimedOut: true)
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
