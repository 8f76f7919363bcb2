/// What berth writes on jobs. It never holds a secret's value.
///
/// The clients hand what stands in a job's `Meta` to every task, as variables, and start all tasks anew when it changes. So a job
/// has only its identity there, and the labels of the spec. All else stands in the `Meta` of a second group that never runs
/// anything, since it has no instances: see ``JobNames/marks``.
enum Mark {
  /// What the names of berth's own marks start with.
  static let prefix = "berth."

  // MARK: Of the job

  /// The workload. The namespace is the job's own.
  static let workload = prefix + "workload"
  /// What the job is to berth: see ``Part``.
  static let part = prefix + "part"

  // MARK: Of the group of marks

  /// The stamps of the services that the job was made from, with the run that changed each last, as JSON.
  static let services = prefix + "services"
  /// The stamps of the services that its instances are made from, as JSON.
  static let template = prefix + "template"
  /// How the workload's instances relate to their names and storage.
  static let kind = prefix + "kind"
  /// How it rolls, as JSON: Nomad can't tell all of it.
  static let strategy = prefix + "strategy"
  /// How many instances there shall be once a rollout has come to its end.
  static let replicas = prefix + "replicas"
  /// The run that made it, or changed it last.
  static let run = prefix + "run"
  /// The run that restarted the instances. It stands in the `Meta` of their own group, so that Nomad makes them anew.
  static let restarted = prefix + "restarted-by"
  /// How many instances a workload had that operators stopped.
  static let stoppedReplicas = prefix + "stopped-replicas"
  /// How many the release had then.
  static let releasedReplicas = prefix + "released-replicas"
}

/// What a job is to berth.
enum Part: String {
  /// Holds instances.
  case controller
  /// Runs once per run.
  case before
}
