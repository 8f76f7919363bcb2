import Values

/// What would come of registering a job, as the scheduler sees it.
package struct JobPlan: Sendable, Hashable {
  /// All of it.
  package let json: JSON

  init(_ json: JSON) { self.json = json }

  /// What would change, as a tree of fields and objects; `nil` if it was not asked for. Edited objects list also fields
  /// that stay.
  package var diff: JSON? { json["Diff"].flatMap { $0.isNull ? JSON?.none : $0 } }
  /// What would be done to each group.
  package var updates: [String: DesiredUpdates] {
    (json["Annotations"] ?? .null).each("DesiredTGUpdates") { DesiredUpdates($0) }
  }
  /// The groups that would find no place, and why.
  package var failures: [String: PlacementMetrics] { json.each("FailedTGAllocs") { PlacementMetrics($0) } }
  /// The index that the job has; 0 if there is none.
  package var jobModifyIndex: UInt64 { json.state("JobModifyIndex") }
  /// What the agent warns of; empty if it does not.
  package var warnings: String { json.text("Warnings") }
}

/// What a scheduler would do to the allocations of a group.
package struct DesiredUpdates: Sendable, Hashable {
  /// Those that stay as they are.
  package let ignore: Int
  package let place: Int
  package let migrate: Int
  package let stop: Int
  /// Those that get the new job while they run.
  package let inPlace: Int
  /// Those that are replaced.
  package let destructive: Int
  package let canary: Int
  /// Those of other jobs that have to go.
  package let preemptions: Int

  init(_ json: JSON) {
    ignore = json.number("Ignore")
    place = json.number("Place")
    migrate = json.number("Migrate")
    stop = json.number("Stop")
    inPlace = json.number("InPlaceUpdate")
    destructive = json.number("DestructiveUpdate")
    canary = json.number("Canary")
    preemptions = json.number("Preemptions")
  }
}
