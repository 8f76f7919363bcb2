import Planning
import WorkloadSpec

/// Workloads that may break a policy until a day, and why.
public struct PolicyException: SpecObject {
  /// Patterns of their names, of which one must match.
  public var workloads: [Glob] = []
  /// Patterns of their namespaces; none means all.
  public var namespaces: [Glob] = []
  /// The targets that they are applied to.
  public var targets: [Glob] = []
  /// The services that are excused; none means all of the workload.
  public var services: [Glob] = []
  /// Why they may.
  public var reason = ""
  /// The last day on which they may, in UTC.
  public var until: CalendarDay?

  /// An exception for all workloads that has ended.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<PolicyException>(
    "exception", "Workloads that may break a policy until a day, and why.",
    synonyms: ["names": "workloads", "why": "reason", "expires": "until", "end": "until"],
    fields: [
      Field("workloads", \.workloads, "patterns of their names", required: true),
      Field("namespaces", \.namespaces, "patterns of their namespaces; without them, in all"),
      Field("targets", \.targets, "patterns of the names of targets; without them, on all"),
      Field(
        "services", \.services,
        "patterns of the names of the services that are excused; without them, all that is said of the workload"
      ),
      Field(
        "reason", \.reason, "why they may, which every plan shows that rests on it", required: true,
        rules: [.notEmpty]),
      Field("until", \.until, "the last day on which they may, in UTC", required: true),
    ])

  /// Whether it excuses what is found of a workload.
  ///
  /// - Parameter service: the service that it was found of; `nil` for what is found of the workload.
  func excuses(_ key: WorkloadKey, on target: String, service: String?) -> Bool {
    guard workloads.contains(where: { $0.matches(key.name) }), namespaces.mean(key.namespace),
      targets.mean(target)
    else { return false }
    guard !services.isEmpty else { return true }
    return service.map(services.mean) ?? false
  }
}
