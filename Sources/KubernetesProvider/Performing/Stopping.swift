import KubernetesAPI
import Planning
import ProviderKit
import Values

extension ActionPerformer {
  /// Ends all instances, and keeps it so. How many there were is remembered.
  func stop() async throws {
    let found = try await find()
    for controller in found.controllers {
      var fields: JSON = ["spec": ["replicas": 0]]
      if controller.replicas > 0 {
        fields["metadata"] = ["annotations": [Mark.stoppedReplicas: .string("\(controller.replicas)")]]
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

  /// Has the controller change nothing more.
  func hold() async throws {
    guard let controller = try await find().newest, !controller.isBeingDeleted, !controller.isHeld else {
      return
    }
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
    if !found.controllers.isEmpty { try await waitUntilNoPods() }
    for object in found.budgets + found.services { try await writer().delete(object) }
    try await ConfigSweeper(client: client, writer: writer()).sweepAll()
    try await deleteControllers(found.controllers)
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
