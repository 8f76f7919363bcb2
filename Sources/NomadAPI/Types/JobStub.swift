import Values

/// What a list tells of a job.
package struct JobStub: Sendable, Hashable {
  /// All of it.
  package let json: JSON

  package init(_ json: JSON) { self.json = json }

  package var id: String { json.text("ID") }
  /// The job that it was made of by a period or by dispatch; empty if there is none.
  package var parentID: String { json.text("ParentID") }
  package var name: String { json.text("Name") }
  /// The namespace; agents before 1.1 leave it out where one was asked for.
  package var namespace: String { json.text("Namespace") }
  /// `service`, `batch`, `system` or `sysbatch`.
  package var type: String { json.text("Type") }
  /// `pending`, `running` or `dead`.
  package var status: String { json.text("Status") }
  /// Why, in one line; mostly empty.
  package var statusDescription: String { json.text("StatusDescription") }
  /// Whether it was stopped; it is then kept for a while.
  package var isStopped: Bool { json.flag("Stop") }
  package var datacenters: [String] { json.texts("Datacenters") }
  /// The state in which it was registered last.
  package var jobModifyIndex: UInt64 { json.state("JobModifyIndex") }
  /// The state in which something of it, also its status, changed last.
  package var modifyIndex: UInt64 { json.state("ModifyIndex") }
  /// The state in which it was made.
  package var createIndex: UInt64 { json.state("CreateIndex") }
  /// What was noted on it, if that was asked for; `nil` where the agent is older than 1.4 and does not tell it in lists.
  package var meta: [String: String]? { json["Meta"]?.strings }
  /// How many allocations each group has, by their state.
  package var summary: [String: GroupSummary] {
    (json["JobSummary"] ?? .null).each("Summary") { GroupSummary($0) }
  }
}

/// How many allocations of a group are in which state.
package struct GroupSummary: Sendable, Hashable {
  /// Those that have no place yet.
  package let queued: Int
  package let complete: Int
  package let failed: Int
  package let running: Int
  package let starting: Int
  /// Those whose node is gone.
  package let lost: Int
  /// Those whose node is out of reach for a while.
  package let unknown: Int

  init(_ json: JSON) {
    queued = json.number("Queued")
    complete = json.number("Complete")
    failed = json.number("Failed")
    running = json.number("Running")
    starting = json.number("Starting")
    lost = json.number("Lost")
    unknown = json.number("Unknown")
  }
}
