import NomadAPI
import ProviderKit

/// Why an allocation, a job or a volume does not get on, as the cluster tells it. What has it is told by its identifier.
typealias Trouble = ControllerTrouble<String>

extension ControllerTrouble<String> {
  /// How long a template is waited for that lacks something.
  static let templatePatience = Duration.seconds(60)
  /// How long a node is waited for that can take an instance: nodes of clouds take minutes to come.
  static let placementPatience = Duration.seconds(180)
  /// How long a node is waited for that tells nothing.
  static let nodePatience = Duration.seconds(60)

  /// Why an allocation does not get on; `nil` if it does, or nothing is known of it.
  static func of(_ allocation: Allocation) -> Trouble? {
    guard allocation.isMeantToRun else { return nil }
    let tasks = allocation.tasks.sorted { $0.key < $1.key }
    for (name, task) in tasks {
      if let trouble = of(task, name, allocation) { return trouble }
    }
    switch allocation.clientStatus {
    case "failed":
      let told = allocation.clientDescription
      return Trouble(
        object: allocation.id, message: "the instance has failed" + (told.isEmpty ? "" : ": \(told)"),
        outlook: .hopeless)
    case "lost", "unknown":
      return Trouble(
        object: allocation.id, message: "its node does not answer any more", outlook: .mayPass(nodePatience))
    default: break
    }
    guard allocation.isHealthy == false else { return nil }
    for (name, task) in tasks {
      guard let event = task.events.last(where: { $0.type == "Alloc Unhealthy" }) else { continue }
      return Trouble(
        object: allocation.id, container: name, message: "did not become healthy: \(event.displayMessage)",
        outlook: .hopeless)
    }
    return Trouble(object: allocation.id, message: "did not become healthy", outlook: .hopeless)
  }

  private static func of(_ task: TaskState, _ name: String, _ allocation: Allocation) -> Trouble? {
    if task.state != "running", let obstacle = TaskEnd.obstacle(to: task) {
      return Trouble(object: allocation.id, container: name, message: obstacle, outlook: .hopeless)
    }
    let isAgain =
      task.events.last.map { ["Restarting", "Terminated", "Not Restarting"].contains($0.type) } ?? false
    if let end = TaskEnd.last(of: task), task.failed || (task.state == "pending" && isAgain) {
      let times = task.restarts > 1 ? ", \(task.restarts) times" : ""
      return Trouble(
        object: allocation.id, container: name, message: "\(end.words) before it was ready\(times)",
        outlook: .hopeless)
    }
    if task.state == "pending", let event = task.events.last, event.type == "Template" {
      return Trouble(
        object: allocation.id, container: name,
        message: "waits for what its files and variables are rendered from: \(event.displayMessage)",
        outlook: .mayPass(templatePatience))
    }
    return nil
  }

  /// Why instances find no place; `nil` if they do.
  ///
  /// - Parameter evaluations: the looks of the scheduler at the job, in any order.
  static func ofPlacement(_ job: String, _ evaluations: [Evaluation]) -> Trouble? {
    let latest = evaluations.filter { $0.status != "canceled" }.max { $0.createIndex < $1.createIndex }
    let blocked = evaluations.filter(\.isBlocked).max { $0.createIndex < $1.createIndex }
    guard let told = [blocked, latest].compactMap(\.self).first(where: { !$0.failures.isEmpty }),
      let metrics = told.failures[JobNames.group] ?? told.failures.values.first
    else {
      guard let latest, latest.status == "failed" else { return nil }
      return Trouble(
        object: job, message: "the scheduler gave up: \(latest.statusDescription)", outlook: .hopeless)
    }
    return Trouble(
      object: job, message: "no node takes it: \(metrics.sentence)", outlook: .mayPass(placementPatience))
  }
}
