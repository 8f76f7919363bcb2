import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// What a live controller is told to make, read back through the rows of the table.
struct ControllerReading: Sendable {
  /// Its generation, from 1.
  let generation: Int
  /// The services of its template, each as for one that runs.
  let services: [ObservedService]
  /// How many instances it keeps.
  let replicas: Int
  /// How it rolls.
  let strategy: Strategy
  /// Whether no instance starts before every other one has ended, whatever the strategy says.
  let isOneAtATime: Bool
  /// Whether it was told to change nothing.
  let isHeld: Bool
  /// Whether all that the rows read is as berth said it last: what differs all the same, no row reads.
  let isAsApplied: Bool

  /// Reads a controller; `nil` if it is not the workload's, or another version of berth made it. From one whose stamps were
  /// taken away, nothing is read: it is made anew as a whole.
  ///
  /// - Parameters:
  ///   - objects: the workload's Services, ConfigMaps, claims and budgets, as they were listed.
  ///   - secrets: its Secrets, without what they hold; `nil` where berth may not list them.
  ///   - isAlone: whether there is no controller of another generation.
  init?(
    _ controller: KubernetesObject, objects: [KubernetesObject], secrets: [KubernetesObject]? = nil,
    isAlone: Bool = true, key: WorkloadKey, facts: EngineFacts
  ) {
    let isStateful = controller.kind == ResourceType.statefulSets.kind
    let template = controller.json.at("spec", "template") ?? [:]
    let annotations = template.at("metadata", "annotations")?.strings ?? [:]
    let ofTemplate = annotations[Mark.services]
    let told = ofTemplate ?? controller.annotations[Mark.services]
    guard controller.labels[Mark.workload] == key.name,
      let stamp = told == nil ? TemplateStamp.lost : TemplateStamp(text: told)
    else { return nil }
    let applied = TemplateStamp(text: controller.annotations[Mark.services]) ?? stamp
    let selector = controller.json.at("spec", "selector", "matchLabels")?.strings ?? [:]
    generation = selector[Mark.generation].flatMap { Int($0) } ?? 1
    let reading = PodReading(
      names: ObjectNames(key: key), facts: facts, kind: isStateful ? .statefulSet : .deployment,
      metadata: template["metadata"] ?? [:], spec: template["spec"] ?? [:], stamp: stamp,
      applied: applied,
      objects: ObjectIndex(objects + (secrets ?? []) + [controller]),
      claimTemplates: controller.json.at("spec", "volumeClaimTemplates")?.array ?? [],
      knowsSecrets: secrets != nil)
    var services = reading.services(in: InstanceID(0))
    if let main = services.firstIndex(where: { $0.live.spec.role == .main }) {
      services[main].deviations = reading.deviations(generation: generation, isAlone: isAlone)
      if ofTemplate == nil {
        services[main].deviations.append(
          Deviation(
            "objects.\(controller.kind)/\(controller.name).spec.template.metadata.annotations", from: nil,
            to: .string(Mark.services), impact: .replace))
      }
    }
    isAsApplied = services.allSatisfy { service in
      applied[service.name].map { $0.isRead(as: service.live) } == true
        && service.live.labels == applied.labels
        && service.live.workloadBlocks[KubernetesWorkload.self] == applied.own
    }
    self.services = services
    replicas = controller.json.at("spec", "replicas")?.int.map { Int($0) } ?? 1
    let text = StrategyText(text: controller.annotations[Mark.strategy])
    isOneAtATime = text?.isOneAtATime ?? false
    isHeld = ControllerObject.isHeld(controller)
    strategy =
      isStateful
      ? text?.strategy ?? Strategy()
      : StrategyText.live(controller.json.at("spec", "strategy"), stated: text)
  }
}

/// The services of a live pod, as its own specification has them. Their states are told by what runs.
///
/// - Parameters:
///   - objects: the workload's Services, ConfigMaps, claims and budgets, as they were listed.
///   - applied: what its controller was told last, if the pod is as the template says: that has what is changed in place, and stands
///     in for a stamp that was taken away.
/// - Returns: nothing of a pod that berth did not make, or that another version of berth made.
func podServices(
  of pod: KubernetesObject, as instance: InstanceID, _ kind: WorkloadKind, objects: ObjectIndex,
  applied: TemplateStamp? = nil, key: WorkloadKey, facts: EngineFacts
) -> [ObservedService] {
  let text = pod.annotations[Mark.services]
  guard let stamp = text == nil ? applied : TemplateStamp(text: text) else { return [] }
  return PodReading(
    names: ObjectNames(key: key), facts: facts, kind: kind, metadata: pod.metadata, spec: pod["spec"] ?? [:],
    stamp: stamp, applied: applied ?? stamp, objects: objects, claimTemplates: []
  ).services(in: instance)
}
