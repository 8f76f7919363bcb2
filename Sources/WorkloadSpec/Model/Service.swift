import Diagnostics
import Values
import YAMLNodes

/// One container or process of a workload. What is said of it are its ``ServiceFields``.
///
/// It is handed on wherever workloads are read, planned and compared, and has many fields: so it is a pointer to them, and
/// is copied only when one of two that share them changes.
@dynamicMemberLookup
public struct Service: SpecElement {
  @usableFromInline final class Box: Sendable {
    @usableFromInline let fields: ServiceFields

    @usableFromInline init(_ fields: consuming ServiceFields) { self.fields = fields }

    @usableFromInline static let empty = Box(.blank)
  }

  @usableFromInline var box: Box

  /// A service with nothing set but defaults.
  @inlinable public init() { box = .empty }

  /// A service of which this is said.
  public init(_ fields: consuming ServiceFields) { box = Box(fields) }

  /// All that is said of it.
  @inlinable public var fields: ServiceFields {
    get { box.fields }
    _modify {
      var fields = box.fields
      // Who changes a list of it is then the only one that has it, and need not copy it.
      box = .empty
      defer { box = Box(fields) }
      yield &fields
    }
  }

  /// One of its fields.
  @inlinable public subscript<Value>(dynamicMember path: WritableKeyPath<ServiceFields, Value>) -> Value {
    get { box.fields[keyPath: path] }
    _modify { yield &fields[keyPath: path] }
  }

  /// What follows from its fields.
  @inlinable public subscript<Value>(dynamicMember path: KeyPath<ServiceFields, Value>) -> Value {
    box.fields[keyPath: path]
  }

  /// Whether all that is said of two is equal.
  public static func == (left: Service, right: Service) -> Bool {
    left.box === right.box || left.box.fields == right.box.fields
  }
}

// MARK: What every element has

extension Service {
  /// The name, unique within the workload.
  public var name: String {
    get { box.fields.name }
    _modify { yield &fields.name }
  }
  /// What it is to the workload.
  public var role: Role {
    get { box.fields.role }
    _modify { yield &fields.role }
  }
  /// Ports it listens on.
  public var ports: [Port] {
    get { box.fields.ports }
    _modify { yield &fields.ports }
  }
  /// Storage it sees.
  public var volumes: [Volume] {
    get { box.fields.volumes }
    _modify { yield &fields.volumes }
  }
  /// What happens when its process ends.
  public var restart: RestartPolicy {
    get { box.fields.restart }
    _modify { yield &fields.restart }
  }
  /// How long it may take to stop before it is stopped by force.
  public var stopGrace: SpecDuration {
    get { box.fields.stopGrace }
    _modify { yield &fields.stopGrace }
  }
  /// When its image is pulled.
  public var pullPolicy: PullPolicy {
    get { box.fields.pullPolicy }
    _modify { yield &fields.pullPolicy }
  }
  /// The services that must be ready before it starts.
  public var dependsOn: StringSet {
    get { box.fields.dependsOn }
    _modify { yield &fields.dependsOn }
  }
}

// MARK: As its fields

extension Service {
  // Stated here, so that `service.init` is never taken for an initializer.
  /// Whether its first process is one that reaps the others and passes signals on.
  public var `init`: Bool {
    get { box.fields.`init` }
    _modify { yield &fields.`init` }
  }
  /// The statement of its fields.
  public static let schema = ObjectSchema<Service>(of: ServiceFields.schema) {
    $0.box.fields
  } set: {
    $0.fields = $1
  }
  /// Told apart by name.
  public static let identityFields = ServiceFields.identityFields
  /// A name has one service.
  public static let duplicateCode = ServiceFields.duplicateCode
  /// The name.
  public var identity: String { box.fields.identity }

  /// Reads its fields.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Service? {
    guard let fields = ServiceFields.read(node, by: &decoder) else { return nil }
    return Service(consume fields)
  }

  /// Every field that is set, defaults included, in the order of the schema.
  public var plain: Value { box.fields.plain }
}

/// What a service is to its workload.
public enum Role: String, SpecChoice {
  /// The one that does the work.
  case main
  /// One that runs beside it.
  case sidecar
  /// One that runs once in each instance, to success, before the others start.
  case `init`
  /// One that runs once per run, to success, before any instance changes.
  case before
}

/// What happens when a service's process ends.
public enum RestartPolicy: String, SpecChoice {
  /// It is started again.
  case always
  /// It is started again if it ended in failure.
  case onFailure = "on-failure"
  /// It stays ended.
  case never
}

/// When an image is pulled.
public enum PullPolicy: String, SpecChoice {
  /// Before every create.
  case always
  /// When the engine does not have it.
  case missing
  /// Never: the engine must have it.
  case never
}
