/// What is to be told by an event stream.
package struct EventTopic: Sendable, Hashable {
  /// `Job`, `Allocation`, `Deployment`, `Evaluation`, `Node` or `*`.
  package var name: String
  /// Of what: a key or a filter key of its events, such as a job's ID; `*` means of all.
  package var key: String

  package init(_ name: String, key: String = "*") {
    self.name = name
    self.key = key
  }

  package static let jobs = EventTopic("Job")
  package static let allocations = EventTopic("Allocation")
  package static let deployments = EventTopic("Deployment")
  package static let evaluations = EventTopic("Evaluation")
  package static let nodes = EventTopic("Node")

  /// All that concerns a job: itself, its allocations, deployments and evaluations, which have its ID as a filter key.
  package static func job(_ id: String) -> [EventTopic] {
    ["Job", "Allocation", "Deployment", "Evaluation"].map { EventTopic($0, key: id) }
  }

  /// As a query has it. A key with a colon can't be written, for agents split there.
  var query: String { "\(name):\(key)" }
}
