import NomadAPI
import Values

@testable import NomadProvider

/// What servers tell of a job, its allocations and its deployment, in as few words as tests need.
enum Told {
  static func job(version: Int = 2, count: Int = 2) -> NomadJob {
    NomadJob([
      "ID": "shop", "Version": .int(Int64(version)), "CreateIndex": 10, "JobModifyIndex": 20,
      "Type": "service",
      "TaskGroups": [["Name": .string(JobNames.group), "Count": .int(Int64(count))]],
    ])
  }

  static func allocation(
    _ number: Int, version: Int = 2, client: String = "running", desired: String = "run",
    healthy: Bool? = true,
    index: Int = 30, id: String? = nil, tasks: JSON = ["api": ["State": "running"]]
  ) -> Allocation {
    var json: JSON = [
      "ID": .string(id ?? "\(version)\(number)aaaaaa-1111-2222-3333-444444444444"),
      "Name": .string("shop.instance[\(number)]"), "JobID": "shop", "TaskGroup": .string(JobNames.group),
      "JobVersion": .int(Int64(version)), "ClientStatus": .string(client), "DesiredStatus": .string(desired),
      "CreateIndex": .int(Int64(index)), "TaskStates": tasks,
    ]
    if let healthy { json["DeploymentStatus"] = ["Healthy": .bool(healthy)] }
    return Allocation(json)
  }

  static func deployment(
    _ status: String, version: Int = 2, canaries: Int = 0, promoted: Bool = false, description: String = ""
  ) -> Deployment {
    Deployment([
      "ID": "d", "JobID": "shop", "JobVersion": .int(Int64(version)), "JobCreateIndex": 10,
      "Status": .string(status), "StatusDescription": .string(description),
      "TaskGroups": .object([
        .init(
          JobNames.group,
          ["DesiredCanaries": .int(Int64(canaries)), "Promoted": .bool(promoted), "DesiredTotal": 2])
      ]),
    ])
  }

  static func evaluation(_ status: String, index: Int = 40, failures: JSON? = nil) -> Evaluation {
    var json: JSON = [
      "ID": "e", "JobID": "shop", "Status": .string(status), "CreateIndex": .int(Int64(index)),
    ]
    if let failures { json["FailedTGAllocs"] = .object([.init(JobNames.group, failures)]) }
    return Evaluation(json)
  }

  /// A task with events, each at a second of its own.
  static func task(_ state: String, failed: Bool = false, restarts: Int = 0, _ events: JSON...) -> JSON {
    let timed = events.enumerated().map { index, event -> JSON in
      var event = event
      event["Time"] = .int(Int64(index + 1) * 1_000_000_000)
      return event
    }
    return [
      "State": .string(state), "Failed": .bool(failed), "Restarts": .int(Int64(restarts)),
      "Events": .array(timed),
    ]
  }
}
