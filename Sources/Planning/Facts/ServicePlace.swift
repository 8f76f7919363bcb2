import Diagnostics

/// A service of an instance that lives.
public struct ServicePlace: Sendable, Equatable {
  /// The instance that the service is part of, by its place or its name.
  public let instance: InstanceID
  /// The name of the service, which the instance has.
  public let service: String

  /// Finds the place that a person means: without a service the main one, without an instance the first in which the
  /// service has a process.
  ///
  /// - Parameters:
  ///   - instance: the name of an instance, or the number of its place.
  ///   - observation: what is live of the workload.
  /// - Returns: `nil` if no instance lives.
  /// - Throws: `DiagnosticError` if there is no such service or instance.
  public static func find(
    service: String?, instance: String?, in observation: Observation, of key: WorkloadKey
  ) throws(DiagnosticError) -> ServicePlace? {
    guard !observation.instances.isEmpty else { return nil }
    try WorkloadParts(of: key, live: observation.instances)
      .check(services: [], instances: instance.map { [$0] } ?? [])
    let instances = observation.instances(meantBy: instance)
    let services = instances.flatMap { instance in instance.services.map { (instance.id, $0) } }
    let meant = services.filter { _, live in
      service.map { $0 == live.name } ?? (live.live.spec.role == .main)
    }
    guard let place = meant.first(where: { $0.1.processID != nil }) ?? meant.first else {
      throw DiagnosticError(WorkloadParts(of: key, live: instances).unknown(service: service ?? "main"))
    }
    return ServicePlace(instance: place.0, service: place.1.name)
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
