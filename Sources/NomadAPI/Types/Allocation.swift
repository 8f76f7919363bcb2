import Values

/// One set of a group's tasks on a node, as a list or a read tells it.
package struct Allocation: Sendable, Hashable {
  /// All of it.
  package let json: JSON

  package init(_ json: JSON) { self.json = json }

  package var id: String { json.text("ID") }
  /// `web.main[2]`.
  package var name: String { json.text("Name") }
  package var namespace: String { json.text("Namespace") }
  package var jobID: String { json.text("JobID") }
  package var group: String { json.text("TaskGroup") }
  package var nodeID: String { json.text("NodeID") }
  package var nodeName: String { json.text("NodeName") }
  /// The evaluation that placed it.
  package var evaluation: String { json.text("EvalID") }
  /// The deployment that it is part of; empty if there is none, and in lists of agents that do not tell it.
  package var deploymentID: String { json.text("DeploymentID") }
  /// `pending`, `running`, `complete`, `failed`, `lost` or `unknown`: what its node says.
  package var clientStatus: String { json.text("ClientStatus") }
  /// Why, in one line.
  package var clientDescription: String { json.text("ClientDescription") }
  /// `run`, `stop` or `evict`: what the servers want.
  package var desiredStatus: String { json.text("DesiredStatus") }
  /// Why, in one line.
  package var desiredDescription: String { json.text("DesiredDescription") }
  /// The allocation whose place it took; empty if there is none, and in lists.
  package var previous: String { json.text("PreviousAllocation") }
  /// The allocation that took its place; empty if there is none, and in lists.
  package var next: String { json.text("NextAllocation") }
  /// The evaluation that will place another one later; empty if there is none.
  package var followupEval: String { json.text("FollowupEvalID") }
  /// The version of the job that it runs.
  package var jobVersion: Int {
    json["JobVersion"]?.int.flatMap { Int(exactly: $0) } ?? json["Job"]?.number("Version") ?? 0
  }
  /// The tasks, as their node last told; empty before it did.
  package var tasks: [String: TaskState] { json.each("TaskStates") { TaskState($0) } }
  /// Whether it is healthy as part of its deployment; `nil` where that is open, or there is none.
  package var isHealthy: Bool? { json["DeploymentStatus"]?["Healthy"]?.bool }
  /// Whether it is a canary of its deployment.
  package var isCanary: Bool { json["DeploymentStatus"]?.flag("Canary") ?? false }
  /// The state in which it was placed.
  package var createIndex: UInt64 { json.state("CreateIndex") }
  /// The state in which it changed last.
  package var modifyIndex: UInt64 { json.state("ModifyIndex") }
  /// When it was placed.
  package var createTime: ServerTime? { json.moment("CreateTime") }
  /// When it changed last.
  package var modifyTime: ServerTime? { json.moment("ModifyTime") }
  /// How its node was found; only of a read.
  package var metrics: PlacementMetrics? { json["Metrics"].map { PlacementMetrics($0) } }
  /// The job as it was when this was placed; only of a read.
  package var job: NomadJob? { json["Job"].flatMap { $0.members == nil ? nil : NomadJob($0) } }
  /// The ports on its node; only of a read, or of a list that was asked for resources.
  package var ports: [AllocatedPort] {
    (json.at("AllocatedResources", "Shared", "Ports")?.array ?? []).map { AllocatedPort($0) }
  }

  /// The number in its name, by which those of a group are told apart; `nil` if it has none.
  package var number: Int? {
    let name = name
    guard name.hasSuffix("]"), let start = name.lastIndex(of: "[") else { return nil }
    return Int(name[name.index(after: start)...].dropLast())
  }

  /// Whether its node does nothing more with it.
  package var isTerminal: Bool { ["complete", "failed", "lost"].contains(clientStatus) }
  /// Whether the servers want it to run.
  package var isMeantToRun: Bool { desiredStatus == "run" }
}

/// A port that an allocation has on its node.
package struct AllocatedPort: Sendable, Hashable {
  /// Its name in the job.
  package let label: String
  /// Its number on the node.
  package let value: Int
  /// Its number within the allocation; 0 if it is the same.
  package let to: Int
  /// The address on the node.
  package let hostIP: String

  init(_ json: JSON) {
    label = json.text("Label")
    value = json.number("Value")
    to = json.number("To")
    hostIP = json.text("HostIP")
  }
}
