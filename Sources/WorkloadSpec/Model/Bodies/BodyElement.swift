/// One thing of those that a body holds, and that a provider makes, changes and takes away: a service, a machine, an
/// object.
///
/// It brings its fields (``SpecObject/schema``), by which it is read, compared, digested and shown, and what makes it the
/// same one: its name. What only some elements have, such as volumes, others have none of.
public protocol BodyElement: SpecObject {
  /// The name, unique within the workload.
  var name: String { get }
  /// What it is to the workload.
  var role: Role { get }
  /// The elements that must be ready before it comes.
  var dependsOn: StringSet { get }
  /// Those, and the elements that it refers to.
  var waitsFor: StringSet { get }
  /// The container image that it runs, which a registry knows by digests.
  var containerImage: String? { get set }
  /// When that image is pulled.
  var pullPolicy: PullPolicy { get }
  /// What happens when its process ends.
  var restart: RestartPolicy { get }
  /// How long it may take to stop before it is stopped by force.
  var stopGrace: SpecDuration { get }
  /// Ports it listens on.
  var ports: [Port] { get }
  /// Storage it sees.
  var volumes: [Volume] { get }
  /// Secrets it is given, wherever they go. Ordered by identity.
  var secretUses: [SecretUse] { get }

  /// The field of a workload that holds elements of this type: `services`.
  static var field: String { get }

  /// The fields that the name is made of, in order: those that are not empty, joined by `/`.
  static var nameFields: [String] { get }

  /// Where an element with a name stands in the document: `services[api]`.
  static func place(of name: String) -> String

  /// The elements of this type that a workload holds.
  static func elements(of workload: Workload) -> [Self]

  /// Has a workload hold these elements of this type.
  static func setElements(_ elements: [Self], of workload: inout Workload)
}

extension BodyElement {
  /// In a list, each under its name.
  public static func place(of name: String) -> String { "\(field)[\(name)]" }

  /// It does the work.
  public var role: Role { .main }
  /// It waits for nothing.
  public var dependsOn: StringSet { [] }
  /// What it names.
  public var waitsFor: StringSet { dependsOn }
  /// It runs no container.
  public var containerImage: String? {
    get { nil }
    set {}
  }
  /// Nothing is pulled.
  public var pullPolicy: PullPolicy { .missing }
  /// It shall be there always.
  public var restart: RestartPolicy { .always }
  /// The usual time.
  public var stopGrace: SpecDuration { .seconds(10) }
  /// It listens on none that berth knows.
  public var ports: [Port] { [] }
  /// It sees none that berth keeps.
  public var volumes: [Volume] { [] }
  /// It is given none.
  public var secretUses: [SecretUse] { [] }
}

extension Service: BodyElement {
  /// The image it runs.
  public var containerImage: String? {
    get { box.fields.image }
    set { fields.image = newValue }
  }

  /// The key of the body in a document: `services`.
  public static let field = "services"
  /// A service is called by its name alone.
  public static let nameFields = identityFields

  /// Those of ``Workload/services``, in their order.
  public static func elements(of workload: Workload) -> [Service] { workload.services }

  /// Has a workload hold these services.
  public static func setElements(_ elements: [Service], of workload: inout Workload) {
    workload.services = elements
  }
}
