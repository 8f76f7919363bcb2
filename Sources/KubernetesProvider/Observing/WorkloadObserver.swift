import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Makes what a cluster has of a workload into an observation. Pure: all that it needs has been listed.
struct WorkloadObserver: Sendable {
  /// Which cluster it is.
  let engine: EngineIdentity
  let key: WorkloadKey
  /// What there is of it.
  let found: FoundObjects
  /// What the server has.
  let facts: EngineFacts
  /// What could not be listed.
  let gaps: [String]

  private var names: ObjectNames { ObjectNames(key: key) }

  /// What is true now.
  func observation() -> Observation {
    var gaps = gaps
    var observation = Observation(engine: engine)
    observation.facts = facts.compared
    observation.instances = found.pods.filter { !$0.isLeftBehind }.map(instance).sorted { $0.id < $1.id }
    observation.before = before
    observation.controller = controller(&gaps)
    observation.volumes = volumes
    observation.heldFields = heldFields
    let controllers = [ResourceType.deployments.kind, ResourceType.statefulSets.kind]
    let canBeAdopted = found.strangers.contains { controllers.contains($0.kind) }
    observation.foreign = found.strangers.map {
      ForeignObject(
        name: $0.name, kind: "a \($0.kind) that berth did not create", canBeAdopted: canBeAdopted)
    }.sorted { ($0.name, $0.kind) < ($1.name, $1.kind) }
    observation.gaps = gaps.sorted()
    return observation
  }

  // MARK: The controller

  private func controller(_ gaps: inout [String]) -> ObservedController? {
    guard let newest = found.newest, let stable = found.stable else { return remains }
    guard
      let reading = ControllerReading(
        newest, objects: found.all, secrets: found.secrets, isAlone: found.controllers.count == 1, key: key,
        facts: facts)
    else {
      gaps.append("the \(newest.kind) \(newest.name) was written by another version of berth")
      return nil
    }
    var template = reading.services
    if reading.isAsApplied, let main = template.firstIndex(where: { $0.live.spec.role == .main }) {
      template[main].deviations += unreadChanges(of: newest)
    }
    return ObservedController(
      template: template, replicas: stable.replicas, strategy: reading.strategy,
      progress: progress(newest, isHeld: reading.isHeld))
  }

  /// What is left without its controller: pods, which another one takes over as they are; else what is taken up, or taken away,
  /// like what keeps nothing.
  private var remains: ObservedController? {
    let pods = found.pods.filter { !$0.isLeftBehind && !$0.isBeingDeleted }
    let newest = pods.max {
      ($0.metadata["creationTimestamp"]?.string ?? "", $0.name)
        < ($1.metadata["creationTimestamp"]?.string ?? "", $1.name)
    }
    let template = newest.map { services(of: $0) } ?? []
    if !template.isEmpty {
      return ObservedController(
        template: template, replicas: pods.count, strategy: Strategy(), progress: .orphaned)
    }
    return found.hasRemains
      ? ObservedController(template: [], replicas: 0, strategy: Strategy(), progress: .rolling) : nil
  }

  private func progress(_ newest: KubernetesObject, isHeld: Bool) -> ObservedController.Progress {
    if isHeld { return .held }
    // One that is being deleted takes everything with it, or is made anew.
    if newest.isBeingDeleted { return .rolling }
    let states = found.controllers.map { controller in
      RolloutState(
        controller: controller, pods: found.pods.filter { $0.isOf(controller) }, claims: found.claims)
    }
    if let stuck = states.lazy.compactMap(\.trouble).first(where: { $0.outlook == .hopeless }) {
      return .stuck(stuck.sentence)
    }
    if states.allSatisfy(\.isDone) { return states.count > 1 ? .paused : .settled }
    if states.contains(where: \.isGivenUp) {
      return .stuck("its pods have not become ready in the time that the cluster gives them")
    }
    return .rolling
  }

  // MARK: Instances

  private func instance(_ pod: KubernetesObject) -> ObservedInstance {
    let isBegun = pod.isTrue("Initialized") != false
    let services = self.services(of: pod).compactMap { service -> ObservedService? in
      let runsToEnd = service.live.spec.role.isRunToEnd
      // Nothing of what comes after the inits is there before they have completed.
      guard runsToEnd || isBegun || pod.containerStatus(service.name)?.at("state", "waiting") == nil else {
        return nil
      }
      return observed(service, in: pod)
    }
    var instance = ObservedInstance(id: pod.instance, services: services.sorted { $0.name < $1.name })
    instance.isAlive = pod.phase != "Failed"
    instance.message = pod.phase == "Failed" ? pod.failure ?? "the pod has failed" : message(of: pod)
    return instance
  }

  /// The services of a pod, as its own specification has them.
  private func services(of pod: KubernetesObject) -> [ObservedService] {
    let controller = found.controllers.last { pod.isOf($0) }
    let stamp = pod.annotations[Mark.services]
    let isOfTemplate = stamp == nil || stamp == controller?.templateMarks[Mark.services]
    return podServices(
      of: pod, as: pod.instance, pod.isOfStatefulSet ? .statefulSet : .deployment,
      objects: ObjectIndex(found.all + [controller].compactMap(\.self)),
      applied: isOfTemplate ? TemplateStamp(text: controller?.annotations[Mark.services]) : nil, key: key,
      facts: facts)
  }

  private func message(of pod: KubernetesObject) -> String? {
    guard let trouble = Trouble.of(pod), trouble.container == nil else { return nil }
    return trouble.message
  }

  private func observed(_ service: ObservedService, in pod: KubernetesObject) -> ObservedService {
    let state = ContainerState(service.name, of: pod, runsToEnd: service.live.spec.role.isRunToEnd)
    var service = service
    (service.state, service.isReady, service.restarts) = (state.state, state.isReady, state.restarts)
    (service.since, service.exitCode, service.message) = (state.since, state.exitCode, state.message)
    if state.state == .running || state.state == .starting, let address = pod.address {
      service.endpoints = service.live.service.ports.map { port in
        Endpoint(
          containerPort: port.container, transport: port.protocol, hostAddress: address,
          hostPort: port.container)
      }
    }
    service.origin = found.controllers.last { pod.isOf($0) }?.annotations[Mark.adopted]
    let image = pod.containerStatus(service.name)?["imageID"]?.string
    if let digest = image?.split(separator: "@").last, digest.hasPrefix("sha256:"),
      image?.contains("@") == true
    {
      service.imageDigests = [String(digest)]
    }
    return service
  }

  // MARK: What other clients wrote

  private var heldFields: [HeldField] {
    // What was adopted is berth's, also what other clients wrote.
    let isAdopted = found.controllers.contains(where: \.isAdopted)
    let objects = found.controllers + found.services + found.budgets
    return HeldFields.of(objects.filter { !isAdopted && !$0.isAdopted }) {
      found.controllers.flatMap { MadeObjects.applied(to: $0, of: key, on: facts) }
    }
  }

  /// What other clients changed of what berth had applied, and no row reads. It is mended where it is.
  private func unreadChanges(of controller: KubernetesObject) -> [Deviation] {
    let held = heldFields.filter(\.wasApplied)
    guard !held.isEmpty else { return [] }
    return MadeObjects.applied(to: controller, of: key, on: facts).flatMap { made in
      HeldFields.conflicts(with: made, in: held).filter { !Self.isComparedElsewhere($0.path) }.map { field in
        Deviation(
          "objects.\(made.kind)/\(made.name).\(HeldFields.text(of: field.path))", from: field.value,
          to: HeldFields.value(at: field.path, in: made.json)?.value,
          impact: field.path.starts(with: ["f:spec", "f:template"]) ? .replace : .inPlace)
      }
    }
  }

  /// Whether a field is one of those that are compared with the controller, or with a Service, as a whole.
  private static func isComparedElsewhere(_ path: [String]) -> Bool {
    let fields: Set<String> = [
      "f:replicas", "f:strategy", "f:updateStrategy", "f:paused", "f:selector", "f:ports",
    ]
    return path.first == "f:spec" && path.count > 1 && fields.contains(path[1])
  }

  // MARK: Once per run

  private var before: ObservedInstance? {
    let services = found.jobs.compactMap { job -> ObservedService? in
      // Its template is what its pods are.
      let template = KubernetesObject(job.json.at("spec", "template") ?? [:])
      let services = podServices(
        of: template, as: .before, .deployment, objects: ObjectIndex(found.all), key: key, facts: facts)
      guard var service = services.first else { return nil }
      let pods = found.jobPods.filter { $0.labels["controller-uid"] == job.uid }.sorted {
        ($0.metadata["creationTimestamp"]?.string ?? "") < ($1.metadata["creationTimestamp"]?.string ?? "")
      }
      if let pod = pods.last {
        service = observed(service, in: pod)
        service.endpoints = []
      }
      read(job, hasPods: !pods.isEmpty, into: &service)
      return service
    }
    guard !services.isEmpty else { return nil }
    return ObservedInstance(id: .before, services: services.sorted { $0.name < $1.name })
  }

  /// What a Job says of its end outlasts its pods.
  private func read(_ job: KubernetesObject, hasPods: Bool, into service: inout ObservedService) {
    if job.isTrue("Complete") == true {
      (service.state, service.isReady, service.exitCode) = (.stopped, true, 0)
      service.since = service.since ?? job.json.at("status", "completionTime")?.time
    } else if job.isTrue("Failed") == true || job.json.at("spec", "parallelism")?.int == 0 {
      (service.state, service.isReady) = (.failed, false)
      service.message = service.message ?? job.condition("Failed")?["message"]?.string?.oneLine
    } else if !hasPods {
      (service.state, service.isReady) = (.provisioning, false)
    }
  }

  // MARK: Volumes

  private var volumes: [ObservedVolume] {
    found.claims.compactMap { claim in
      guard let name = claim.labels[Mark.volume] else { return nil }
      let size = ByteQuantity(amount: claim.json.at("spec", "resources", "requests", "storage"))
      var volume = ObservedVolume(name: name, ordinal: nil, type: .persistent, size: size)
      if claim.name != names.claim(of: name) {
        guard let text = claim.name.split(separator: "-").last, let ordinal = Int(text),
          claim.name == names.claim(of: name, ordinal: ordinal)
        else { return nil }
        volume.ordinal = ordinal
      }
      return volume
    }.sorted { ($0.name, $0.ordinal ?? -1) < ($1.name, $1.ordinal ?? -1) }
  }
}

extension KubernetesObject {
  /// Whether a pod is one of a controller's.
  func isOf(_ controller: KubernetesObject) -> Bool {
    let selector = controller.json.at("spec", "selector", "matchLabels")?.strings ?? [:]
    let labels = labels
    // A controller that was adopted may select more than its own generation.
    let generation = labels[Mark.generation].map { $0 == "\(controller.controllerGeneration)" } ?? true
    return generation && selector.allSatisfy { labels[$0.key] == $0.value }
  }

  /// Where a pod is reached within the cluster.
  var address: String? { json.at("status", "podIP")?.string.flatMap { $0.isEmpty ? nil : $0 } }
}
