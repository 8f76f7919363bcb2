import KubernetesAPI
import Planning
import ProviderKit
import Values

extension ActionPerformer {
  /// Ends all instances, and keeps it so. How many there were is remembered.
  func stop() async throws {
    let found = try await find()
    if found.controllers.allSatisfy(\.isBeingDeleted) { try await endOrphans(found) }
    for controller in found.controllers where !controller.isBeingDeleted {
      var fields: JSON = ["spec": ["replicas": 0]]
      if controller.replicas > 0 {
        let released = (context.last?.replicas).map { JSON.string("\($0)") } ?? .null
        fields["metadata"] = [
          "annotations": [
            Mark.stoppedReplicas: .string("\(controller.replicas)"), Mark.releasedReplicas: released,
          ]
        ]
      }
      // One that is held would keep pods of its old revisions.
      if controller.kind == "Deployment", controller.isHeld {
        fields[["spec", "paused"]] = .bool(false)
      }
      try await writer().patch(controller, fields)
    }
    try await waitUntilNoPods()
  }

  /// Waits until the workload has no pods.
  private func waitUntilNoPods() async throws {
    try await waitUntilGone(.pods, Selection(labels: key.selector)) { !$0.isOfJob && !$0.isLeftBehind }
  }

  /// Has the controller change nothing more. One that this run has told nothing goes on as before: it was refused, or did not
  /// come to it.
  func hold() async throws {
    guard let controller = try await find().newest, !controller.isBeingDeleted, !controller.isHeld,
      controller.annotations[Mark.run] == context.run.description
    else { return }
    try await writer().patch(
      controller,
      controller.kind == "StatefulSet"
        ? ["spec": ["updateStrategy": ["rollingUpdate": ["partition": .int(ControllerObject.heldPartition)]]]]
        : ["spec": ["paused": true]])
  }

  // MARK: Going

  /// Takes the workload away, but for the claims of its volumes. The controller goes last: as long as anything else is
  /// there, it stands for it.
  func delete() async throws {
    let found = try await find()
    for controller in found.controllers where !controller.isBeingDeleted {
      // One that is held would keep the pods of its old revisions.
      try await writer().patch(
        controller,
        controller.kind == "Deployment"
          ? ["spec": ["replicas": 0, "paused": false]] : ["spec": ["replicas": 0]])
    }
    if found.controllers.allSatisfy(\.isBeingDeleted) { try await endOrphans(found) }
    try await waitUntilNoPods()
    for object in found.budgets + found.services { try await writer().delete(object) }
    try await ConfigSweeper(client: client, writer: writer()).sweepAll()
    try await deleteControllers(found.controllers)
  }

  /// Ends pods whose controller is gone, or goes, with what would make others in their place.
  private func endOrphans(_ found: FoundObjects) async throws {
    for type in [ResourceType.replicaSets, .controllerRevisions] where !found.pods.isEmpty {
      let calls = client.objects(type)
      for object in try await calls.list(in: key.namespace, Selection(labels: key.selector)).items {
        try await ifFound {
          try await calls.delete(object.name, in: key.namespace, Deletion(uid: object.uid))
        }
      }
    }
    for pod in found.pods where !pod.isBeingDeleted {
      try await ifFound {
        try await client.objects(.pods).delete(pod.name, in: key.namespace, Deletion(uid: pod.uid))
      }
    }
  }

  /// Deletes the claim of a volume, and what it holds, as its class says.
  func deleteVolume(_ name: String, _ ordinal: Int?) async throws {
    let claim = ordinal.map { names.claim(of: name, ordinal: $0) } ?? names.claim(of: name)
    let calls = client.objects(.claims)
    guard let found = try await ifFound({ try await calls.get(claim, in: key.namespace) }),
      found.isOurs(as: key)
    else { return }
    try await writer().delete(found)
    try await waitUntilGone(.claims, Selection(fields: "metadata.name=\(claim)")) { $0.uid == found.uid }
  }
}
