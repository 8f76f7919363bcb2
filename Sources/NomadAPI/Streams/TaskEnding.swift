/// Finds out that nothing more comes of a log that is followed: nodes go on with signs of life after a task has ended.
struct TaskEnding {
  private let logs: TaskLogs
  private var isDead = false
  private var idle = 0
  private var lastLook: ContinuousClock.Instant?

  /// How many signs of life, one each second, are waited for before the task is looked at.
  private static let patience = 2
  private static let pause = Duration.seconds(2)

  init(logs: TaskLogs) { self.logs = logs }

  /// Something new came.
  mutating func noteNews() {
    idle = 0
  }

  /// Whether nothing more comes, where an answer has ended.
  mutating func hasCome() async throws -> Bool {
    guard logs.query.follows else { return false }
    if isDead { return true }
    isDead = try await look()
    // What was written before the end may not have been read yet.
    return false
  }

  /// Whether nothing more comes, where a sign of life came and nothing new.
  mutating func hasComeWhileIdle() async throws -> Bool {
    guard logs.query.follows else { return false }
    idle += 1
    guard idle > Self.patience else { return false }
    if isDead { return true }
    if let lastLook, ContinuousClock.now - lastLook < Self.pause { return false }
    isDead = try await look()
    if isDead { idle = 0 }
    return false
  }

  private mutating func look() async throws -> Bool {
    lastLook = .now
    do {
      guard let found = try await logs.calls.read(logs.allocation, .in(logs.namespace)).value else {
        return true
      }
      if found.isTerminal { return true }
      return found.tasks[logs.query.task]?.state == "dead"
    } catch let error as NomadError where error.isForbidden || error.mayPass {
      return false
    }
  }
}
