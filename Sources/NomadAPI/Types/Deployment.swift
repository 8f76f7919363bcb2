import Values

/// How one version of a job takes the place of another.
package struct Deployment: Sendable, Hashable {
  /// All of it.
  package let json: JSON

  package init(_ json: JSON) { self.json = json }

  package var id: String { json.text("ID") }
  package var namespace: String { json.text("Namespace") }
  package var jobID: String { json.text("JobID") }
  /// The version that is rolled out.
  package var jobVersion: Int { json.number("JobVersion") }
  /// The index that the job had.
  package var jobModifyIndex: UInt64 { json.state("JobModifyIndex") }
  /// The index that the job had when it was registered: ``NomadJob/jobModifyIndex``.
  package var jobSpecModifyIndex: UInt64 { json.state("JobSpecModifyIndex") }
  /// The index in which the job was made: it tells jobs of one name apart.
  package var jobCreateIndex: UInt64 { json.state("JobCreateIndex") }
  /// The state in which it was made.
  package var createIndex: UInt64 { json.state("CreateIndex") }
  /// The state in which it changed last.
  package var modifyIndex: UInt64 { json.state("ModifyIndex") }
  /// `initializing`, `running`, `paused`, `pending`, `blocked`, `unblocking`, `successful`, `failed` or `cancelled`.
  package var status: String { json.text("Status") }
  /// Why, in one line.
  package var statusDescription: String { json.text("StatusDescription") }
  /// How far each group is.
  package var groups: [String: DeploymentGroup] { json.each("TaskGroups") { DeploymentGroup($0) } }
  /// Whether it goes on, or could.
  package var isActive: Bool {
    ["initializing", "running", "paused", "pending", "blocked", "unblocking"].contains(status)
  }
  /// Whether it goes on only when its canaries are promoted by hand. It may be said before they are healthy.
  package var needsPromotion: Bool {
    isActive
      && groups.values.contains { $0.desiredCanaries > 0 && !$0.promoted && !$0.autoPromote }
  }
}

/// How far the deployment of a group is.
package struct DeploymentGroup: Sendable, Hashable {
  /// Whether the servers go back to the last stable version by themselves if it fails.
  package let autoRevert: Bool
  /// Whether the servers promote by themselves.
  package let autoPromote: Bool
  package let promoted: Bool
  /// The canaries' allocations.
  package let placedCanaries: [String]
  package let desiredCanaries: Int
  package let desiredTotal: Int
  package let placed: Int
  package let healthy: Int
  package let unhealthy: Int
  /// How long may pass between two allocations that become healthy.
  package let progressDeadline: Duration
  /// When the next must be healthy; `nil` before the first is placed.
  package let requireProgressBy: ServerTime?

  init(_ json: JSON) {
    autoRevert = json.flag("AutoRevert")
    autoPromote = json.flag("AutoPromote")
    promoted = json.flag("Promoted")
    placedCanaries = json.texts("PlacedCanaries")
    desiredCanaries = json.number("DesiredCanaries")
    desiredTotal = json.number("DesiredTotal")
    placed = json.number("PlacedAllocs")
    healthy = json.number("HealthyAllocs")
    unhealthy = json.number("UnhealthyAllocs")
    progressDeadline = .nanoseconds(json["ProgressDeadline"]?.int ?? 0)
    requireProgressBy = json.time("RequireProgressBy")
  }
}
