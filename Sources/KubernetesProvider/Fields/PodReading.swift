import KubernetesAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// A pod, or the template of pods, as it is read back.
struct PodReading: Sendable {
  /// What its objects are called.
  let names: ObjectNames
  /// What the cluster can do.
  let facts: EngineFacts
  /// How instances relate to their names and storage.
  let kind: WorkloadKind
  /// Its labels and annotations.
  let metadata: JSON
  /// What it is made of.
  let spec: JSON
  /// What it was made from.
  let stamp: TemplateStamp
  /// What was last said of what is changed in place.
  let applied: TemplateStamp
  /// The workload's other objects.
  let objects: ObjectIndex
  /// What a stateful set makes claims of.
  let claimTemplates: [JSON]
  /// Whether the workload's Secrets are among its other objects: not every one who plans may list them.
  var knowsSecrets = false

  /// In which order its containers would start as berth makes it.
  var order: PodOrder { PodOrder(stamp.services.map(\.spec), on: facts) }

  /// The services that it was made from, as they are.
  func services(in instance: InstanceID) -> [ObservedService] {
    let table = KubernetesTable.on(facts)
    var own = KubernetesWorkload()
    table.read(self, into: &own)
    var blocks = EngineBlocks()
    blocks[KubernetesWorkload.self] = own
    let labels = labels
    return stamp.services.compactMap { stamp -> ObservedService? in
      guard let (container, isInitial) = container(of: stamp.spec.name) else { return nil }
      let reading = ServiceReading(
        pod: self, container: container, stamp: stamp, applied: applied[stamp.spec.name]?.spec ?? stamp.spec,
        isInitial: isInitial)
      let service = table.read(reading)
      let live = LiveService(
        spec: service, labels: labels, workloadBlocks: blocks,
        unobservable: isMissingFiles(of: stamp.spec.name) ? ["configFiles"] : [],
        untold: table.untold(of: service))
      return ObservedService(
        name: stamp.spec.name,
        stamp: Stamp(
          key: names.key, instance: instance, service: stamp.spec.name,
          run: applied[stamp.spec.name]?.run ?? stamp.run,
          digest: stamp.digest),
        state: .running, isReady: true, live: live, secretDigests: stamp.secretDigests)
    }
  }

  private func container(of service: String) -> (container: JSON, isInitial: Bool)? {
    if let container = spec["containers"]?.element(named: service) { return (container, false) }
    return spec["initContainers"]?.element(named: service).map { ($0, true) }
  }

  /// The labels that the workload was stated to have, as they are.
  private var labels: StringMap {
    let (labels, annotations) = (metadata["labels"]?.strings ?? [:], metadata["annotations"]?.strings ?? [:])
    return StringMap(
      stamp.labels.entries.compactMap { entry in
        let live = LabelText.isValue(entry.value) ? labels[entry.key] : annotations[entry.key]
        return live.map { (key: entry.key, value: $0) }
      })
  }

  func volume(named name: String) -> JSON? { spec["volumes"]?.element(named: name) }
}

/// The objects of a workload beside its controller, as they were listed.
struct ObjectIndex: Sendable {
  private let byKind: [String: [String: KubernetesObject]]

  /// Finds objects by kind and name.
  init(_ objects: [KubernetesObject]) {
    byKind = Dictionary(grouping: objects, by: \.kind).mapValues { objects in
      Dictionary(objects.map { ($0.name, $0) }) { first, _ in first }
    }
  }

  func object(_ type: ResourceType, _ name: String) -> KubernetesObject? { object(ofKind: type.kind, name) }

  func object(ofKind kind: String, _ name: String) -> KubernetesObject? { byKind[kind]?[name] }

  /// All objects of a type, ordered by name.
  func all(_ type: ResourceType) -> [KubernetesObject] {
    (byKind[type.kind] ?? [:]).values.sorted { $0.name < $1.name }
  }
}
