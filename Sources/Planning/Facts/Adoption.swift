import Diagnostics

/// What it takes to make something a service of ours that berth did not create.
public struct Adoption: Sendable, Hashable {
  /// The engine's own id of it: what is shown is what is taken over, and never another one of the same name.
  public var id: String
  /// What the engine calls it now.
  public var name: String
  /// What is changed about it on the way, while it does its work: its name, where it is reached.
  public var changes: [Deviation]

  public init(id: String, name: String, changes: [Deviation] = []) {
    self.id = id
    self.name = name
    self.changes = changes
  }
}

/// That what is there already is taken over, rather than made beside it.
public struct AdoptionRequest: Sendable, Hashable {
  /// What it belongs to now, by the name that this has where it comes from: a compose project, a release of a chart. `nil`
  /// means what has the workload's name.
  public var source: String?

  public init(from source: String? = nil) { self.source = source }
}

/// What an engine has that could become a workload's, without berth having created it.
public struct Adoptable: Sendable {
  /// What would be its instances and services, each as it would be observed once it is ours, with its
  /// ``ObservedService/adoption``.
  public var instances: [ObservedInstance]
  /// What would be its controller, on an engine whose unit of change is the workload, with its
  /// ``ObservedController/adoption``.
  public var controller: ObservedController?
  /// What would be its volumes.
  public var volumes: [ObservedVolume]
  /// What a person should know; errors stop the plan.
  public var notes: Diagnostics

  /// What was found; by default, nothing.
  public init(
    instances: [ObservedInstance] = [], controller: ObservedController? = nil, volumes: [ObservedVolume] = [],
    notes: Diagnostics = Diagnostics()
  ) {
    self.instances = instances
    self.controller = controller
    self.volumes = volumes
    self.notes = notes
  }

  /// Whether nothing is there that could be taken over.
  public var isEmpty: Bool { controller == nil && services.isEmpty }

  /// The services of all instances, in the order of the instances.
  public var services: [(instance: InstanceID, service: ObservedService)] {
    instances.flatMap { instance in instance.services.map { (instance.id, $0) } }
  }
}

extension Observation {
  /// Takes what could be adopted for what is there: what is ours already stays as it is.
  public mutating func adopt(_ adoptable: Adoptable) {
    let adoptions = adoptable.services.map(\.service.adoption) + [adoptable.controller?.adoption]
    let names = Set(adoptions.compactMap { $0?.name })
    controller = adoptable.controller ?? controller
    foreign.removeAll { names.contains($0.name) }
    for found in adoptable.instances {
      guard let index = instances.firstIndex(where: { $0.id == found.id }) else {
        instances.append(found)
        continue
      }
      instances[index].services += found.services.filter { instances[index].service($0.name) == nil }
      instances[index].services.sort { $0.name < $1.name }
      // What it lives in is made when the first of its services is taken over.
      instances[index].isAlive = true
      instances[index].message = nil
    }
    instances.sort { $0.id < $1.id }
    for volume in adoptable.volumes
    where !volumes.contains(where: { $0.name == volume.name && $0.ordinal == volume.ordinal }) {
      volumes.append(volume)
    }
  }

  /// The services that berth took over and has not made anew since.
  public var adopted: [ObservedService] { instances.flatMap(\.services).filter { $0.origin != nil } }
}
