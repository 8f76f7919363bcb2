import NomadAPI
import Planning
import Values
import WorkloadSpec

/// What a task of an allocation is doing, as its node tells it.
struct TaskRunState: Sendable, Equatable {
  /// In the words of planning.
  var state = InstanceState.provisioning
  /// Whether it can do its work; of one that runs to its end, whether it has done it.
  var isReady = false
  /// How often it was started again.
  var restarts = 0
  /// When it started, or ended if it has.
  var since: Timestamp?
  /// What it ended with, last time.
  var exitCode: Int?
  /// What a person should know.
  var message: String?

  /// Reads the state of a task.
  ///
  /// - Parameters:
  ///   - runsToEnd: whether it is done when it has ended.
  ///   - isWatched: whether a deployment says when it is healthy, and has not come to its end with success.
  init(_ name: String, of allocation: Allocation, runsToEnd: Bool, isWatched: Bool = false) {
    if let task = allocation.tasks[name] {
      read(task, runsToEnd: runsToEnd, isHealthy: allocation.isHealthy ?? !isWatched)
    }
    if !allocation.isMeantToRun, !runsToEnd, !["lost", "unknown"].contains(allocation.clientStatus) {
      // What was told to end has not failed, whatever its processes end with, and one of them before another.
      (state, isReady, message) = (.destroying, false, nil)
      return
    }
    guard state != .stopped, state != .failed else { return }
    switch allocation.clientStatus {
    case "lost", "unknown": (state, isReady, message) = (.unknown, false, "its node does not answer any more")
    case "failed": (state, isReady, message) = (.failed, false, message ?? allocation.clientDescription)
    default:
      if !allocation.isMeantToRun { (state, isReady) = (.destroying, false) }
    }
  }

  private mutating func read(_ task: TaskState, runsToEnd: Bool, isHealthy: Bool) {
    restarts = task.restarts
    let end = TaskEnd.last(of: task)
    exitCode = end?.code
    switch task.state {
    case "running":
      since = task.startedAt.map(Timestamp.init)
      isReady = !runsToEnd && isHealthy
      state = isReady || runsToEnd ? .running : .starting
      if !isReady, !runsToEnd { message = "it has not become healthy" }
    case "dead":
      since = task.finishedAt.map(Timestamp.init)
      // What was told to end has not come to its own end, whatever it ended with.
      let isKilled = runsToEnd && task.events.contains { $0.type == "Killing" || $0.type == "Killed" }
      let isSuccess = !task.failed && !isKilled && (end?.code ?? 0) == 0
      if isSuccess { exitCode = 0 }
      (state, isReady) = (isSuccess ? .stopped : .failed, runsToEnd && isSuccess)
      if !isSuccess { message = TaskEnd.obstacle(to: task) ?? end?.words }
    default:
      if let obstacle = TaskEnd.obstacle(to: task) {
        (state, message) = (.failed, obstacle)
      } else if let end {
        (state, message, since) = (.failed, end.words, task.finishedAt.map(Timestamp.init))
      }
    }
  }
}
