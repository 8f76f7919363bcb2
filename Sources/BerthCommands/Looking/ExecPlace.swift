import Planning
import WorkloadSpec

/// Which service of which instance a command runs beside.
struct ExecPlace {
  let instance: InstanceID
  let service: String

  /// Finds the place that is meant: without a service the main one, without an instance the first in which the
  /// service has a process.
  ///
  /// - Throws: `DiagnosticError` if there is no such place.
  static func find(
    service: String?, instance: String?, in observation: Observation, of key: WorkloadKey,
    on target: Target
  ) throws -> ExecPlace {
    guard !observation.instances.isEmpty else { throw UnknownWorkload.error(key, on: target) }
    let instances = observation.instances(meantBy: instance)
    guard !instances.isEmpty else {
      throw DiagnosticError(
        .unknownInstance(
          instance ?? "", of: key, known: observation.instances.map(\.id.description)))
    }
    let services = instances.flatMap { instance in instance.services.map { (instance.id, $0) } }
    let meant = services.filter { _, live in
      service.map { $0 == live.name } ?? (live.live.spec.role == .main)
    }
    guard let place = meant.first(where: { $0.1.processID != nil }) ?? meant.first else {
      throw DiagnosticError(
        .unknownService(service ?? "main", of: key, known: services.map(\.1.name)))
    }
    return ExecPlace(instance: place.0, service: place.1.name)
  }
}

extension Observation {
  /// The instances that a person means by a text: the one that is called so or, of a number alone, those in the place
  /// with the number; all, where none is said.
  fileprivate func instances(meantBy text: String?) -> [ObservedInstance] {
    guard let text else { return instances }
    let meant = instances.filter { $0.id.isMeant(by: text) }
    return meant.first { $0.id.description == text }.map { [$0] } ?? meant
  }
}
