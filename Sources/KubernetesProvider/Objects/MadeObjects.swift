import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// What a workload becomes on a cluster as far as that can be told without the values of secrets: to compare with, not to be
/// written.
enum MadeObjects {
  /// The controller, the Services and the budget. Objects of config and secrets, which are called by what they hold, have names
  /// that stand for theirs.
  static func make(_ writing: Writing) -> [KubernetesObject] {
    let config = writing.workload.services.map { service -> (String, ConfigNames) in
      let (name, registry) = (
        writing.names.config(of: service.name, digest: "planned"),
        writing.names.registry(of: service.name, digest: "planned")
      )
      return (
        service.name,
        ConfigNames(
          files: name, secrets: name,
          registry: service.secrets.contains { $0.type == .registry } ? registry : nil)
      )
    }
    let template = PodTemplate(
      of: writing.workload.services, writing, config: Dictionary(config) { first, _ in first })
    let controller = ControllerObject.make(writing, template: template.draft.template(in: template.order))
    return [controller] + ServiceObjects.make(writing) + BudgetObject.make(writing)
  }

  /// What a controller and what is around it were made as when berth applied it last, by its stamp; nothing of one without.
  static func applied(
    to controller: KubernetesObject, of key: WorkloadKey, on facts: EngineFacts
  )
    -> [KubernetesObject]
  {
    guard let stamp = TemplateStamp(text: controller.annotations[Mark.services]) else { return [] }
    let kind: WorkloadKind = controller.kind == ResourceType.statefulSets.kind ? .statefulSet : .deployment
    var workload = stamp.workload(key.name, kind)
    let strategy = StrategyText(text: controller.annotations[Mark.strategy])
    if let strategy { workload.strategy = strategy.strategy }
    return make(
      Writing(
        key: key, workload: workload, run: RunID("none"), generation: controller.controllerGeneration,
        facts: facts, replicas: controller.replicas, isOneAtATime: strategy?.isOneAtATime ?? false))
  }
}
