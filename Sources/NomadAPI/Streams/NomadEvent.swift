import Values

/// What an event stream tells.
package enum EventNews: Sendable {
  /// Something happened.
  case events(EventBatch)
  /// The stream was interrupted, and goes on: what happened meanwhile may be missing. Look at what is there now.
  case interrupted
}

/// What happened in one state.
package struct EventBatch: Sendable {
  /// The state.
  package let index: UInt64
  package let events: [NomadEvent]
}

/// One thing that happened.
package struct NomadEvent: Sendable, Hashable {
  /// `Job`, `Allocation`, `Deployment`, `Evaluation` or `Node`.
  package let topic: String
  /// `JobRegistered`, `AllocationUpdated`, `DeploymentStatusUpdate`, `PlanResult` …
  package let type: String
  /// The ID of what it is of.
  package let key: String
  package let namespace: String
  /// What else it can be found by.
  package let filterKeys: [String]
  /// The state in which it happened.
  package let index: UInt64
  /// What it is of, as it was then.
  package let payload: JSON

  init(_ json: JSON) {
    topic = json.text("Topic")
    type = json.text("Type")
    key = json.text("Key")
    namespace = json.text("Namespace")
    filterKeys = json.texts("FilterKeys")
    index = json.state("Index")
    payload = json["Payload"] ?? .null
  }

  /// The job, of an event of one.
  package var job: NomadJob? { object("Job").map { NomadJob($0) } }
  /// The allocation, of an event of one: without its job.
  package var allocation: Allocation? { object("Allocation").map { Allocation($0) } }
  /// The deployment, of an event of one.
  package var deployment: Deployment? { object("Deployment").map { Deployment($0) } }
  /// The evaluation, of an event of one.
  package var evaluation: Evaluation? { object("Evaluation").map { Evaluation($0) } }

  private func object(_ key: String) -> JSON? { payload[key].flatMap { $0.members == nil ? JSON?.none : $0 } }
}

/// A line of an event stream.
enum EventLine {
  case batch(EventBatch)
  /// A sign of life.
  case heartbeat
  /// The agent can't go on.
  case failure(String)

  /// Reads a line; `nil` if it makes no sense.
  init?(_ line: [UInt8]) {
    guard let json = try? JSON(parsing: line), let members = json.members else {
      // Agents write what goes wrong after the first line as plain text.
      let text = String(decoding: line.prefix(1000), as: UTF8.self)
      guard text.first != "{" else { return nil }
      self = .failure(text)
      return
    }
    if members.isEmpty {
      self = .heartbeat
    } else if json["Events"] != nil || json["Index"] != nil {
      self = .batch(
        EventBatch(index: json.state("Index"), events: json.elements("Events").map { NomadEvent($0) }))
    } else if let error = json["Error"] {
      self = .failure(error.string ?? error.text("Message"))
    } else {
      return nil
    }
  }
}
