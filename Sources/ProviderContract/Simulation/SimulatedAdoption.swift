import Planning
import ProviderKit
import WorkloadSpec

/// Taking over what was not made by berth, on an imaginary engine that rolls workloads by itself: all of it at once.
extension SimulatedWorld {
  /// What of it could become a workload with a controller, as that would be.
  func adoptableController(
    for workload: Workload, as key: WorkloadKey, _ request: AdoptionRequest
  ) -> Adoptable {
    let source = request.source ?? key.name
    let ids = strangers.filter { $0.value.source == source && workload.element($0.value.service) != nil }.keys
    guard controllers[key] == nil, !ids.isEmpty else { return Adoptable() }
    let adoption = Adoption(
      id: ids.sorted().joined(separator: ","), name: source,
      changes: [Deviation("name", from: .string(source), to: .string(key.name))])
    var taken = self
    let context = ActionContext(
      key: key, desired: workload, run: RunID(""), timeout: .zero, engine: SimulatedFields.all)
    do { try taken.adopt(Action(.adopt, .workload, adopts: adoption.id), context) } catch {
      return Adoptable()
    }
    let observation = taken.observation(of: key)
    var controller = observation.controller
    controller?.adoption = adoption
    for index in controller?.template.indices ?? 0..<0 { controller?.template[index].adoption = adoption }
    var instances = observation.instances
    for instance in instances.indices {
      for service in instances[instance].services.indices {
        instances[instance].services[service].origin = nil
      }
    }
    return Adoptable(instances: instances, controller: controller, volumes: observation.volumes)
  }

  /// Gives what were strangers a controller, and has them go on as they are.
  mutating func adopt(_ action: Action, _ context: ActionContext) throws {
    let key = context.key
    let ids = (action.adopts ?? "").split(separator: ",").map(String.init)
    let taken = ids.compactMap { strangers[$0] }.sorted {
      ($0.ordinal, $0.service) < ($1.ordinal, $1.service)
    }
    guard let desired = context.desired?.ofInstances, let first = taken.first, taken.count == ids.count else {
      // What a repetition finds done.
      if observation(of: key).instances.contains(where: { $0.services.contains { $0.origin != nil } }) {
        return
      }
      throw ActionFailure("what was to be adopted as `\(key.name)` is gone")
    }
    var template = desired
    template.services = desired.services.compactMap { service in
      taken.first { $0.service == service.name }?.spec.as(Service.self)
    }
    let places = Set(taken.map(\.ordinal)).sorted()
    template.replicas = places.count
    var controller = SimulatedController(template: template, run: context.run)
    for place in places {
      controller.instancesMade += 1
      let id = controller.nextInstance(
        of: key, revision: controller.revision, beside: observation(of: key).instances)
      controller.revisions[id] = controller.revision
      make(id, of: key)
      for stranger in taken where stranger.ordinal == place {
        addVolumes(of: stranger.spec, for: id, isStateful: desired.kind.hasStableInstances, key)
        var service = observed(stranger, in: id, of: key, desired, run: context.run)
        service.origin = first.source
        meddle(with: id, of: key) { $0.services.append(service) }
      }
    }
    controllers[key] = controller
    for id in ids { strangers[id] = nil }
  }
}
