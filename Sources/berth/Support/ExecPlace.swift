import Planning
import WorkloadSpec

/// Which service of which instance a command runs beside.
struct ExecPlace {
  /// The instance.
  let instance: InstanceID
  /// The service.
  let service: String

  /// Finds the place that is meant: without a service the main one, without an instance the first in which the
  /// service has a process.
  ///
  /// - Throws: `DiagnosticError` if there is no such place.
  static func find(
    _ scope: ScopeOptions, in observation: Observation, of key: WorkloadKey, on target: Target
  ) throws -> ExecPlace {
    guard !observation.instances.isEmpty else { throw UnknownWorkload.error(key, on: target) }
    let instances = observation.instances.filter { instance in
      scope.instance.map { $0 == instance.id.ordinal } ?? true
    }
    guard !instances.isEmpty else {
      let numbers = observation.instances.map { "\($0.id.ordinal)" }.joined(separator: ", ")
      throw DiagnosticError(
        Diagnostic(
          .unknownInstance, "`\(key.name)` has no instance \(scope.instance ?? 0)",
          help: "its instances are \(numbers)"))
    }
    let services = instances.flatMap { instance in instance.services.map { (instance.id, $0) } }
    let meant = services.filter { service in
      scope.service.map { $0 == service.1.name } ?? (service.1.live.spec.role == .main)
    }
    guard let place = meant.first(where: { $0.1.processID != nil }) ?? meant.first else {
      let names = Set(services.map(\.1.name)).sorted()
      let name = scope.service ?? "main"
      throw DiagnosticError(
        Diagnostic(
          .unknownService, "`\(key.name)` has no service `\(name)`",
          help: Suggestion.help(for: name, among: names)
            ?? "it has \(names.map { "`\($0)`" }.joined(separator: ", "))"))
    }
    return ExecPlace(instance: place.0, service: place.1.name)
  }
}
