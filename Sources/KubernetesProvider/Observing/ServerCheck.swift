import Diagnostics
import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Asks a cluster whether it would take the objects of a plan. It validates them and asks its admission controllers, and keeps
/// nothing.
struct ServerCheck: Sendable {
  let client: KubernetesClient
  /// How the target writes workloads.
  let target: KubernetesTarget
  let facts: EngineFacts

  /// What the cluster would refuse.
  ///
  /// - Throws: `KubernetesError` if it can't be asked.
  func objections(to plan: Plan) async throws -> Diagnostics {
    var diagnostics = Diagnostics()
    let isWritten = plan.actions.contains { $0.subject == .workload && $0.kind.handsSpecOver }
    guard isWritten, let desired = plan.desired?.ofInstances else { return diagnostics }
    guard try await ifFound({ try await client.objects(.namespaces).get(plan.key.namespace) }) != nil else {
      diagnostics.report(
        .providerNote, "the cluster could not be asked for its dry run: the namespace is made by the apply")
      return diagnostics
    }
    let found = try await ClusterListing(of: [plan.key], on: client, facts).objects(of: plan.key)
    let writing = Writing(
      key: plan.key, workload: desired, run: RunID("none"),
      generation: found.newest?.controllerGeneration ?? 1,
      target: target, facts: facts, replicas: desired.replicas)
    let claims = ClaimObjects.make(writing.workload.services, writing).map {
      $0.keepingClaim(of: found.claims)
    }
    for object in claims + MadeObjects.make(writing) {
      if let problem = try await objection(to: object, over: found) { diagnostics.append(problem) }
    }
    return diagnostics
  }

  private static let options = WriteOptions(fieldManager: Mark.berth, isDryRun: true)

  private func objection(
    to object: KubernetesObject, over found: FoundObjects
  ) async throws -> Diagnostic? {
    let live = found.controllers.first { $0.kind == object.kind && $0.name == object.name }
    var object = object
    if let live {
      // An apply takes out before what would be left, and makes a StatefulSet anew for other claims: a dry run does neither.
      guard ControllerPreparation.patch(of: live, for: object) == nil else {
        return Diagnostic(
          .providerNote,
          "the \(object.kind) \(object.name) could not be tried by a dry run: an apply changes it in two steps"
        )
      }
      let path = ["spec", "volumeClaimTemplates"]
      object.json[path] = live.json[path]
    }
    let type = try ResourceType(of: object, on: facts)
    do {
      _ = try await client.objects(type).apply(object, Self.options, force: true)
      return nil
    } catch let error as KubernetesError where error.status != nil && !error.mayPass {
      let asked = AccessQuestion("patch", type, in: object.namespace, name: object.name)
      let refusal = Refusal(of: asked, error, unknown: .serverRefuses)
      guard refusal.code == .serverRefuses else {
        return Diagnostic(refusal.code, refusal.message, help: refusal.help)
      }
      return Diagnostic(
        .serverRefuses, "the cluster would refuse the \(object.kind) \(object.name): \(error.message)",
        help: error.help ?? "change what it names in the spec")
    }
  }
}
