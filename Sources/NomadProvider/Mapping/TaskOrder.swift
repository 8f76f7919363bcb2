import WorkloadSpec

/// In which order the tasks of an instance start, as far as Nomad keeps one: first all that run to their end, at the same time,
/// and beside them the sidecars that main needs; then main; then all other sidecars.
struct TaskOrder: Sendable, Equatable {
  /// When a task starts.
  enum Moment: Sendable, Equatable {
    /// Before main, which waits until it has ended.
    case before
    /// Before main, which waits until it runs.
    case beside
    /// With main, or as main.
    case main
    /// When main runs.
    case after

    /// As a job has it; `nil` for main.
    var lifecycle: (hook: String, isSidecar: Bool)? {
      switch self {
      case .before: ("prestart", false)
      case .beside: ("prestart", true)
      case .main: nil
      case .after: ("poststart", true)
      }
    }
  }

  /// When each service starts.
  let moments: [String: Moment]
  /// The services, in the order in which they stand in the job.
  let names: [String]

  /// The order of a workload's services.
  init(_ services: [Service]) {
    let order = ServiceOrder(services)
    let roles = Dictionary(services.map { ($0.name, $0.role) }) { first, _ in first }
    let main = services.first { $0.role == .main }?.name
    let needed = main.map { main in order.needs(of: main) { roles[$0] == .sidecar } } ?? []
    moments = roles.mapValues { _ in .main }.merging(
      services.map { service in
        let moment: Moment =
          switch service.role {
          case .`init`: .before
          case .sidecar: needed.contains(service.name) ? .beside : .after
          case .main, .before: .main
          }
        return (service.name, moment)
      }
    ) { $1 }
    names = order.startOrder
  }

  /// What a service waits for that Nomad does not wait for, by name.
  static func unkept(_ services: [Service]) -> [(service: String, dependency: String)] {
    let order = TaskOrder(services)
    var unkept: [(service: String, dependency: String)] = []
    for service in services {
      for name in service.waitsFor.elements {
        guard let dependency = services.first(where: { $0.name == name }),
          let own = order.moments[service.name], let other = order.moments[name]
        else { continue }
        if !isKept(own, other, isChecked: dependency.healthCheck?.probe != nil) {
          unkept.append((service.name, name))
        }
      }
      // Inits come before all that stays, and a sidecar that main needs comes with them.
      if order.moments[service.name] == .beside, let first = services.first(where: { $0.role == .`init` }) {
        unkept.append((service.name, first.name))
      }
    }
    return unkept
  }

  /// Whether a service starts when what it waits for is done, or runs; of what is checked, running is not enough.
  private static func isKept(_ own: Moment, _ other: Moment, isChecked: Bool) -> Bool {
    switch (own, other) {
    case (.main, .before), (.after, .before): true
    case (.main, .beside), (.after, .beside), (.after, .main): !isChecked
    default: false
    }
  }
}
