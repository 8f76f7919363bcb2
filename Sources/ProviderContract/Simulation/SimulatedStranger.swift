import Planning
import ProviderKit
import WorkloadSpec

/// Something that lives on an imaginary engine, does its work, and was not made by berth.
public struct SimulatedStranger: Sendable, Equatable {
  /// What it belongs to.
  public var source: String
  /// What it is there: one of so many of a service.
  public var service: String
  /// Which one of them, from 0.
  public var ordinal: Int
  /// How it is configured.
  public var spec: AnyElement
  /// The process id that the simulated engine reports.
  public var processID: Int

  /// What the engine calls it.
  public var name: String { "\(source)-\(service)-\(ordinal + 1)" }
}

extension SimulatedWorld {
  /// Has something live on the engine that berth did not make.
  ///
  /// - Returns: the engine's id of it.
  @discardableResult
  public mutating func addStranger(
    _ spec: Service, of source: String, ordinal: Int = 0
  ) -> String {
    let processID = makeProcessID()
    let id = "stranger-\(processID)"
    strangers[id] = SimulatedStranger(
      source: source, service: spec.name, ordinal: ordinal, spec: AnyElement(spec), processID: processID)
    return id
  }

  /// Takes away what berth did not make.
  public mutating func removeStranger(_ id: String) { strangers[id] = nil }

  /// What of it could become a workload's.
  func adoptable(for workload: Workload, as key: WorkloadKey, _ request: AdoptionRequest) -> Adoptable {
    var instances: [InstanceID: ObservedInstance] = [:]
    var volumes: [ObservedVolume] = []
    for (id, stranger) in strangers where stranger.source == request.source ?? key.name {
      guard workload.element(stranger.service) != nil else { continue }
      let place = InstanceID(stranger.ordinal)
      var service = observed(stranger, in: place, of: key, workload, run: RunID(""))
      service.adoption = Adoption(
        id: id, name: stranger.name,
        changes: [
          Deviation("name", from: .string(stranger.name), to: .string("\(place).\(stranger.service)"))
        ])
      instances[place, default: ObservedInstance(id: place)].services.append(service)
      for volume in stranger.spec.volumes where volume.type == .persistent {
        let ordinal = workload.kind.hasStableInstances ? stranger.ordinal : nil
        volumes.append(
          ObservedVolume(name: volume.name, ordinal: ordinal, type: .persistent, size: volume.size))
      }
    }
    for id in instances.keys { instances[id]?.services.sort { $0.name < $1.name } }
    return Adoptable(instances: instances.values.sorted { $0.id < $1.id }, volumes: volumes)
  }

  /// Makes something a service that was a stranger, which goes on as it is.
  mutating func adopt(_ name: String, in id: InstanceID, _ action: Action, _ context: ActionContext) throws {
    guard let stranger = action.adopts.flatMap({ strangers[$0] }), let desired = context.desired else {
      // What a repetition finds done.
      if observation(of: context.key).instance(id)?.service(name)?.origin != nil { return }
      throw ActionFailure("what was to be adopted as `\(name)` is gone")
    }
    make(id, of: context.key)
    addVolumes(of: stranger.spec, for: id, isStateful: desired.kind.hasStableInstances, context.key)
    var service = observed(stranger, in: id, of: context.key, desired, run: context.run)
    service.origin = stranger.source
    meddle(with: id, of: context.key) { $0.services.append(service) }
    if let adopted = action.adopts { strangers[adopted] = nil }
  }

  func observed(
    _ stranger: SimulatedStranger, in id: InstanceID, of key: WorkloadKey, _ workload: Workload, run: RunID
  ) -> ObservedService {
    var service = ObservedService(
      name: stranger.service,
      stamp: Stamp(
        key: key, instance: id, service: stranger.service, run: run,
        digest: SpecDigest(of: stranger.spec, in: workload, on: SimulatedFields.all)),
      state: .running, isReady: true,
      live: LiveService(spec: stranger.spec, labels: workload.labels, workloadBlocks: workload.on))
    service.processID = stranger.processID
    return service
  }
}
