import Values

/// A job: a tree of JSON, of which the members that all jobs have can be asked for by name. What nothing here knows of is
/// kept.
package struct NomadJob: Sendable, Hashable {
  /// All of it.
  package var json: JSON

  package init(_ json: JSON) { self.json = json }

  /// A new job with nothing but its ID and type.
  package init(id: String, type: String = "service") {
    json = ["ID": .string(id), "Name": .string(id), "Type": .string(type)]
  }

  /// What stands under a key.
  package subscript(key: String) -> JSON? {
    get { json[key] }
    set { json[key] = newValue }
  }

  package var id: String { json.text("ID") }
  package var name: String { json.text("Name") }
  package var namespace: String { json.text("Namespace") }
  package var region: String { json.text("Region") }
  /// `service`, `batch`, `system` or `sysbatch`.
  package var type: String { json.text("Type") }
  /// `pending`, `running` or `dead`.
  package var status: String { json.text("Status") }
  /// Why, in one line; mostly empty.
  package var statusDescription: String { json.text("StatusDescription") }
  /// Counts up each time the job is another one.
  package var version: Int { json.number("Version") }
  /// Whether a deployment of this version was successful.
  package var isStable: Bool { json.flag("Stable") }
  /// Whether it was stopped; it is then kept for a while.
  package var isStopped: Bool { json.flag("Stop") }
  /// The state in which it was made.
  package var createIndex: UInt64 { json.state("CreateIndex") }
  /// The state in which something of it, also its status, changed last.
  package var modifyIndex: UInt64 { json.state("ModifyIndex") }
  /// The state in which it was registered last: what ``JobCheck/unchanged(since:)`` takes.
  package var jobModifyIndex: UInt64 { json.state("JobModifyIndex") }
  /// When this version was registered.
  package var submitTime: ServerTime? { json.moment("SubmitTime") }
  package var datacenters: [String] { json.texts("Datacenters") }

  /// What was noted on it.
  package var meta: [String: String] {
    get { json.strings("Meta") }
    set {
      json["Meta"] = .object(
        newValue.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) })
    }
  }

  /// The groups, in order.
  package var groups: [JSON] {
    get { json.elements("TaskGroups") }
    set { json["TaskGroups"] = .array(newValue) }
  }

  /// The group of a name.
  package func group(_ name: String) -> JSON? { groups.first { $0.text("Name") == name } }

  /// What servers write themselves. `nomad/structs/structs.go`, `Job.SpecChanged` and `api.Job`.
  private static let written: Set<String> = [
    "Status", "StatusDescription", "Stable", "Version", "SubmitTime", "CreateIndex", "ModifyIndex",
    "JobModifyIndex", "NomadTokenID", "VersionTag", "DispatchIdempotencyToken",
  ]

  /// The job without what servers write themselves: ready to be sent again.
  package var resendable: NomadJob {
    guard let members = json.members else { return self }
    return NomadJob(.object(members.filter { !Self.written.contains($0.key) }))
  }
}
