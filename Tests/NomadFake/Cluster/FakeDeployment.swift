import Values

/// How far a deployment of a group is.
struct FakeDeploymentGroup: Sendable {
  var autoRevert: Bool
  var autoPromote: Bool
  /// As the job names it.
  var progressDeadline: Int64
  var requireProgressBy: Duration?
  var promoted = false
  var placedCanaries: [String] = []
  var desiredCanaries = 0
  var desiredTotal = 0
  var placed = 0
  var healthy = 0
  var unhealthy = 0
}

/// A deployment.
struct FakeDeployment: Sendable {
  let id: String
  let job: FakeKey
  let version: Int
  let jobModifyIndex: UInt64
  let jobSpecModifyIndex: UInt64
  let jobCreateIndex: UInt64
  var groups: [String: FakeDeploymentGroup] = [:]
  var status = "running"
  var statusDescription = "Deployment is running"
  var createIndex: UInt64
  var modifyIndex: UInt64

  var isActive: Bool { ["running", "paused", "pending", "blocked", "unblocking"].contains(status) }

  func json(_ clock: FakeClock) -> JSON {
    [
      "ID": .string(id), "Namespace": .string(job.namespace), "JobID": .string(job.id),
      "JobVersion": .number(version), "JobModifyIndex": .state(jobModifyIndex),
      "JobSpecModifyIndex": .state(jobSpecModifyIndex), "JobCreateIndex": .state(jobCreateIndex),
      "IsMultiregion": false,
      "TaskGroups": .map(groups) { group in
        [
          "AutoRevert": .bool(group.autoRevert), "AutoPromote": .bool(group.autoPromote),
          "ProgressDeadline": .int(group.progressDeadline),
          "RequireProgressBy": clock.json(group.requireProgressBy),
          "Promoted": .bool(group.promoted),
          "PlacedCanaries": .texts(group.placedCanaries), "DesiredCanaries": .number(group.desiredCanaries),
          "DesiredTotal": .number(group.desiredTotal), "PlacedAllocs": .number(group.placed),
          "HealthyAllocs": .number(group.healthy), "UnhealthyAllocs": .number(group.unhealthy),
        ]
      }, "Status": .string(status), "StatusDescription": .string(statusDescription),
      "CreateIndex": .state(createIndex), "ModifyIndex": .state(modifyIndex),
    ]
  }
}

/// An evaluation.
struct FakeEvaluation: Sendable {
  let id: String
  let job: FakeKey
  let type: String
  let priority: Int
  let triggeredBy: String
  var status: String
  var statusDescription = ""
  var deployment = ""
  var blocked = ""
  var previous = ""
  var next = ""
  var jobModifyIndex: UInt64
  var failures: [String: JSON] = [:]
  var queued: [String: Int] = [:]
  var waitUntil: Duration?
  var createIndex: UInt64
  var modifyIndex: UInt64
  var createTime: Duration
  var modifyTime: Duration

  func json(_ clock: FakeClock) -> JSON {
    var json: JSON = [
      "ID": .string(id), "Namespace": .string(job.namespace), "Priority": .number(priority),
      "Type": .string(type), "TriggeredBy": .string(triggeredBy), "JobID": .string(job.id),
      "JobModifyIndex": .state(jobModifyIndex), "DeploymentID": .string(deployment),
      "Status": .string(status),
      "StatusDescription": .string(statusDescription), "WaitUntil": clock.json(waitUntil),
      "NextEval": .string(next), "PreviousEval": .string(previous), "BlockedEval": .string(blocked),
      "FailedTGAllocs": .map(failures) { $0 }, "QueuedAllocations": .counts(queued),
      "SnapshotIndex": .state(createIndex), "CreateIndex": .state(createIndex),
      "ModifyIndex": .state(modifyIndex), "CreateTime": .int(clock.unix(createTime)),
      "ModifyTime": .int(clock.unix(modifyTime)),
    ]
    json = json.withoutEmpty
    return json
  }
}
