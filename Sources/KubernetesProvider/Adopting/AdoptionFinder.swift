import Diagnostics
import KubernetesAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

extension ObservedController {
  /// Whether it is only what is around a controller that is not the workload's: marked by an adoption that was broken off, or left.
  fileprivate var isRemains: Bool { template.isEmpty || progress == .orphaned }
}

/// Finds what another client made and could become a workload's, and how it differs.
struct AdoptionFinder: Sendable {
  let client: KubernetesClient
  /// Which cluster it is.
  let engine: EngineIdentity
  /// How the target writes workloads.
  let target: KubernetesTarget
  /// What the server has.
  let facts: EngineFacts

  /// What is there, as it would be observed once it is the workload's.
  func find(
    _ workload: Workload, as key: WorkloadKey, _ request: AdoptionRequest, given observation: Observation
  ) async throws -> Adoptable {
    let wanted = workload.ofInstances
    guard observation.controller?.isRemains ?? true,
      let objects = try await AdoptableObjects.find(
        wanted, as: key, on: client, budgets: .budgets(on: facts)),
      request.source == nil || request.source == objects.origin
    else { return Adoptable() }
    let problems = AdoptionRules(objects: objects, workload: wanted, key: key).problems
    guard problems.isEmpty else { return Adoptable(notes: Diagnostics(problems)) }
    let marks = AdoptionMarks(
      objects, Writing(key: key, workload: wanted, run: RunID(""), target: target, facts: facts))
    let found = WorkloadObserver(
      engine: engine, key: key, found: marks.found, facts: facts, gaps: []
    ).observation()
    guard found.gaps.isEmpty, var controller = found.controller else { return Adoptable() }
    let adoption = Adoption(
      id: objects.controller.uid, name: objects.controller.name,
      changes: ([marks.ofController] + marks.ofOthers).map { object in
        Deviation(
          "objects.\(object.kind)/\(object.name)", from: .string(objects.origin), to: .string(Mark.berth))
      })
    controller.adoption = adoption
    for index in controller.template.indices { controller.template[index].adoption = adoption }
    return Adoptable(
      instances: found.instances, controller: controller, volumes: found.volumes,
      notes: leavings(of: objects.controller, marks.writing))
  }

  /// What goes with the pods that are there when a plan makes new ones of a controller that was adopted and is as it was.
  func leavings(by plan: Plan, given observation: Observation) async throws -> Diagnostics {
    let makesPods = plan.actions.contains {
      $0.subject == .workload && [.replace, .restart].contains($0.kind)
    }
    guard makesPods, !observation.adopted.isEmpty, observation.controller?.adoption == nil,
      let desired = plan.desired?.ofInstances
    else { return Diagnostics() }
    let key = plan.key
    let type: ResourceType = desired.kind.hasStableInstances ? .statefulSets : .deployments
    let name = ObjectNames(key: key).controller(1)
    guard let live = try await ifFound({ try await client.objects(type).get(name, in: key.namespace) }),
      live.isAdopted
    else { return Diagnostics() }
    return leavings(
      of: live, Writing(key: key, workload: desired, run: RunID(""), target: target, facts: facts))
  }

  private func leavings(of controller: KubernetesObject, _ writing: Writing) -> Diagnostics {
    guard let made = MadeObjects.make(writing).first else { return Diagnostics() }
    let paths = AdoptionLeavings(of: controller, beside: made).paths.map { "`\($0)`" }
    guard !paths.isEmpty else { return Diagnostics() }
    return Diagnostics([
      Diagnostic(
        .goesWithNewPods,
        "the pods of the \(controller.kind) \(controller.name) have what the spec does not state: \(paths.joined(separator: ", "))",
        help: "it goes with the first change that makes new pods; write down what shall stay")
    ])
  }
}
