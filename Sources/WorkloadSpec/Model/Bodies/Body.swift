/// What a document holds: one of the bodies.
public enum Body: String, Sendable, CaseIterable {
  /// Containers or processes, side by side in each instance.
  case services
  /// A machine for each instance.
  case machine
  /// Objects of an engine, as its own tools write them.
  case objects
}

extension Body {
  /// The fields of a workload that only a document with this body has.
  public var fields: Set<String> { self == .machine ? [rawValue, "healthCheck"] : [rawValue] }
}

extension Workload {
  /// What the document holds: a valid one holds one body, which its kind is about.
  public var body: Body { bodies.first ?? kind.body }

  /// The bodies of which the document holds anything.
  var bodies: [Body] {
    var bodies: [Body] = []
    if !services.isEmpty { bodies.append(.services) }
    if machine != nil { bodies.append(.machine) }
    if !objects.isEmpty { bodies.append(.objects) }
    return bodies
  }
}

extension WorkloadKind {
  /// The body of a document of this kind.
  public var body: Body {
    switch self {
    case .deployment, .statefulSet: .services
    case .machineGroup: .machine
    case .objectSet: .objects
    }
  }

  /// Whether each instance is one of a kind: with a name and volumes of its own, changed where it is, one after the
  /// other.
  public var hasStableInstances: Bool { self == .statefulSet }

  /// Whether a new instance can come up beside an old one and take its place.
  public var takesSuccessors: Bool { self == .deployment || self == .machineGroup }

  /// Whether there is one instance, neither more nor less.
  public var isSingle: Bool { self == .objectSet }
}
