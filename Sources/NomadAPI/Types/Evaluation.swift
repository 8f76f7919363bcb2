import Values

/// One look of a scheduler at a job.
package struct Evaluation: Sendable, Hashable {
  /// All of it.
  package let json: JSON

  package init(_ json: JSON) { self.json = json }

  package var id: String { json.text("ID") }
  package var namespace: String { json.text("Namespace") }
  package var jobID: String { json.text("JobID") }
  /// `pending`, `complete`, `failed`, `blocked` or `canceled`.
  package var status: String { json.text("Status") }
  /// Why, in one line.
  package var statusDescription: String { json.text("StatusDescription") }
  /// What it came of: `job-register`, `node-update`, `deployment-watcher`, `queued-allocs` …
  package var triggeredBy: String { json.text("TriggeredBy") }
  package var type: String { json.text("Type") }
  /// The deployment that it made, or is of; empty if there is none.
  package var deploymentID: String { json.text("DeploymentID") }
  /// The evaluation that waits for room for what this one could not place; empty if there is none.
  package var blockedEval: String { json.text("BlockedEval") }
  package var nextEval: String { json.text("NextEval") }
  package var previousEval: String { json.text("PreviousEval") }
  /// The groups that found no place, and why.
  package var failures: [String: PlacementMetrics] { json.each("FailedTGAllocs") { PlacementMetrics($0) } }
  /// How many allocations of each group have no place yet.
  package var queued: [String: Int] { json.counts("QueuedAllocations") }
  /// The state in which it was made.
  package var createIndex: UInt64 { json.state("CreateIndex") }
  /// The state in which it changed last.
  package var modifyIndex: UInt64 { json.state("ModifyIndex") }
  /// Whether it waits for room.
  package var isBlocked: Bool { status == "blocked" }
  /// Whether nothing more comes of it.
  package var isDone: Bool { ["complete", "failed", "canceled"].contains(status) }
}
