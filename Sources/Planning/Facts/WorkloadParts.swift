import Diagnostics
import WorkloadSpec

/// The services and the instances of a workload that a person can name: the one place that says which of them a name
/// means, and what is wrong with one that means none.
public struct WorkloadParts: Sendable {
  private let key: WorkloadKey
  /// The names of the services.
  public let services: Set<String>
  /// The instances, in order.
  public let instances: [InstanceID]

  /// Names parts of a workload.
  public init(of key: WorkloadKey, services: some Sequence<String>, instances: some Sequence<InstanceID>) {
    self.key = key
    self.services = Set(services)
    self.instances = Set(instances).sorted()
  }

  /// What is live, and the services that a release has besides.
  public init(of key: WorkloadKey, live places: [ObservedInstance], release: Workload? = nil) {
    self.init(
      of: key,
      services: places.flatMap(\.services).map(\.name) + (release?.elements ?? []).map(\.name),
      instances: places.map(\.id))
  }

  /// What is wrong with the name of a service; `nil` if there is such a service.
  public func problem(service name: String) -> Diagnostic? {
    services.contains(name) ? nil : unknown(service: name)
  }

  /// That there is no service of a name.
  func unknown(service name: String) -> Diagnostic {
    let known = services.sorted()
    return Diagnostic(
      .unknownService, "`\(key.name)` has no service `\(name)`",
      help: Suggestion.help(for: name, among: known)
        ?? (known.isEmpty ? "it has none now" : "it has \(known.map { "`\($0)`" }.joined(separator: ", "))"))
  }

  /// What is wrong with the name or number of an instance; `nil` if it means one.
  public func problem(instance name: String) -> Diagnostic? {
    guard !instances.contains(where: { $0.isMeant(by: name) }) else { return nil }
    let known = instances.map(\.description).joined(separator: ", ")
    return Diagnostic(
      .unknownInstance, "`\(key.name)` has no instance \(name)",
      help: known.isEmpty ? "it has none now" : "its instances are \(known)")
  }

  /// Makes sure that each name means something.
  ///
  /// - Throws: `DiagnosticError` with the first that does not.
  public func check(services: some Sequence<String>, instances: some Sequence<String>) throws(DiagnosticError)
  {
    for name in services {
      if let problem = problem(service: name) { throw DiagnosticError(problem) }
    }
    for name in instances {
      if let problem = problem(instance: name) { throw DiagnosticError(problem) }
    }
  }
}
