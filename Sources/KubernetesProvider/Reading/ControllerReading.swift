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

  /// Reads a controller; `nil` if it is not the workload's, or another version of berth made it.
  ///
  /// - Parameters:
  ///   - objects: the workload's Services, ConfigMaps, claims and budgets, as they were listed.
  ///   - secrets: its Secrets, without what they hold; `nil` where berth may not list them.
  init?(
    _ controller: KubernetesObject, objects: [KubernetesObject], secrets: [KubernetesObject]? = nil,
    key: WorkloadKey, facts: EngineFacts
  ) {
    let isStateful = controller.kind == ResourceType.statefulSets.kind
    let template = controller.json.at("spec", "template") ?? [:]
    let annotations = template.at("metadata", "annotations")?.strings ?? [:]
    guard controller.labels[Mark.workload] == key.name,
      let stamp = TemplateStamp(text: annotations[Mark.services])
    else { return nil }
    let selector = controller.json.at("spec", "selector", "matchLabels")?.strings ?? [:]
    generation = selector[Mark.generation].flatMap { Int($0) } ?? 1
    let reading = PodReading(
      names: ObjectNames(key: key), facts: facts, kind: isStateful ? .statefulSet : .deployment,
      metadata: template["metadata"] ?? [:], spec: template["spec"] ?? [:], stamp: stamp,
      applied: TemplateStamp(text: controller.annotations[Mark.services]) ?? stamp,
      objects: ObjectIndex(objects + (secrets ?? []) + [controller]),
      claimTemplates: controller.json.at("spec", "volumeClaimTemplates")?.array ?? [],
      knowsSecrets: secrets != nil)
    var services = reading.services(in: InstanceID(0))
    if let main = services.firstIndex(where: { $0.live.spec.role == .main }) {
      services[main].deviations = reading.deviations(generation: generation)
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
/// - Parameter objects: the workload's Services, ConfigMaps, claims and budgets, as they were listed.
/// - Returns: nothing of a pod that berth did not make, or that another version of berth made.
func podServices(
  of pod: KubernetesObject, as instance: InstanceID, _ kind: WorkloadKind, objects: ObjectIndex,
  key: WorkloadKey, facts: EngineFacts
) -> [ObservedService] {
  guard let stamp = TemplateStamp(text: pod.annotations[Mark.services]) else { return [] }
  return PodReading(
    names: ObjectNames(key: key), facts: facts, kind: kind, metadata: pod.metadata, spec: pod["spec"] ?? [:],
    stamp: stamp, applied: stamp, objects: objects, claimTemplates: []
  ).services(in: instance)
}
