/// The labels and annotations that berth writes on what it creates on a cluster. They never change, and hold no secret's
/// value.
enum Mark {
  /// What the names of berth's own marks start with.
  static let prefix = "berth/"

  // MARK: Labels, by which objects are listed

  /// Who manages it, as the recommended labels have it.
  static let managedBy = "app.kubernetes.io/managed-by"
  /// The value of ``managedBy``.
  static let berth = "berth"
  /// The workload. The namespace is the object's own.
  static let workload = prefix + "workload"
  /// What kind of thing it is to berth: see ``Part``.
  static let part = prefix + "part"
  /// The generation of controller that pods belong to: in every selector, from the first apply on.
  static let generation = prefix + "generation"

  // MARK: Annotations

  /// The run that made it, or changed it last.
  static let run = prefix + "run"
  /// The stamps of the services that it was made from, as JSON.
  static let services = prefix + "services"
  /// The name of the register that an object of the store keeps.
  static let register = prefix + "register"
  /// What a lock's register holds; others have it in their data.
  static let contents = prefix + "contents"
  /// A text that no other write of a register has: by it, a write whose answer was lost is told from another's.
  static let write = prefix + "write"
}

/// What an object is to berth.
enum Part: String {
  /// Holds instances: a Deployment, a StatefulSet.
  case controller
  /// Names instances to others: a Service.
  case service
  /// Configuration of services: a ConfigMap, a Secret.
  case config
  /// A volume's claim.
  case claim
  /// Runs once per run: a Job.
  case before
  /// A disruption budget.
  case budget
  /// Says what is true of a workload's history now: a register of the store.
  case head
  /// What a head refers to: a register of the store.
  case record
  case lock
  /// A key of a namespace.
  case key
}

extension Mark {
  /// The volume that a claim is of.
  static let volume = prefix + "volume"
  /// How the controller was told to roll, as JSON: an engine can't tell all of it.
  static let strategy = prefix + "strategy"
  /// The run that restarted the instances.
  static let restarted = prefix + "restarted-by"
}
