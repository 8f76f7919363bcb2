import Values
import Wire

extension AllocationCalls {
  /// What a task wrote to one of its outputs.
  ///
  /// `GET /v1/client/fs/logs/{id}`. An answer that ends too early or breaks is asked for again, from the byte where it
  /// ended. What a node has thrown away meanwhile is missing, and ``LogPiece/followsGap`` says so. Agents end an answer as
  /// if it were complete when they lose the node: what is followed then goes on, and what is not followed may lack its end.
  ///
  /// A log that is followed ends when its task is dead, or its allocation is gone; without the right to read the
  /// allocation, it goes on until the reader ends it.
  ///
  /// - Parameter id: the allocation.
  /// - Returns: pieces. Reading them throws ``NomadError``; with ``NomadError/isNotFound`` if the task has not started, or
  ///   its node does not have the allocation any more.
  package func logs(_ id: String, _ query: TaskLogQuery, in namespace: String? = nil) -> TaskLogs {
    TaskLogs(calls: self, allocation: id, query: query, namespace: namespace ?? requester.namespace)
  }
}

/// A piece of what a task wrote.
package struct LogPiece: Sendable, Hashable {
  /// The file on the node, such as `alloc/logs/web.stdout.0`.
  package let file: String
  package let bytes: [UInt8]
  /// Whether something before it is missing, which the node threw away before it was read.
  package let followsGap: Bool
}

/// What a task wrote, as it comes.
package struct TaskLogs: AsyncSequence, Sendable {
  let calls: AllocationCalls
  let allocation: String
  let query: TaskLogQuery
  let namespace: String

  /// Reads the pieces, once.
  package func makeAsyncIterator() -> Iterator { Iterator(logs: self) }

  package struct Iterator: AsyncIteratorProtocol {
    private let logs: TaskLogs
    private var answer: LogAnswer?
    private var given: LogPlace?
    /// Whether the end is known, where only what is new is wanted.
    private var isEndKnown = false
    private var ending: TaskEnding
    /// How often in a row an answer ended without anything new.
    private var failures = 0

    init(logs: TaskLogs) {
      self.logs = logs
      ending = TaskEnding(logs: logs)
    }

    /// The next piece; `nil` when nothing more comes.
    ///
    /// - Throws: ``NomadError`` if the agent refuses or can't be reached for longer than a break; `CancellationError`.
    package mutating func next() async throws -> LogPiece? {
      while true {
        try Task.checkCancellation()
        var isBroken = false
        do {
          if answer == nil {
            if logs.query.start == .last(bytes: 0), !isEndKnown {
              given = try await LogAnswer.end(of: logs)
              isEndKnown = true
            }
            do {
              answer = try await LogAnswer(resuming: logs, after: given)
            } catch let error as NomadError where error.isNotFound && given != nil {
              // The node has thrown the allocation away.
              return nil
            }
          }
          if let piece = try await read() { return piece }
          if answer == nil, !logs.query.follows { return nil }
        } catch let error as NomadError where error.mayPass {
          answer = nil
          isBroken = true
          failures += 1
          guard failures < logs.calls.requester.policy.attempts else { throw error }
        }
        if answer == nil {
          // What broke may have had more to tell.
          if !isBroken, try await ending.hasCome() { return nil }
          try await pause()
        } else if try await ending.hasComeWhileIdle() {
          return nil
        }
      }
    }

    /// Reads until there is something new, a sign of life, or the end, which leaves no answer.
    private mutating func read() async throws -> LogPiece? {
      guard let frame = try await answer?.next() else {
        answer = nil
        return nil
      }
      guard !frame.isHeartbeat, let piece = answer?.take(frame) else { return nil }
      given = answer?.given
      failures = 0
      ending.noteNews()
      return piece
    }

    private func pause() async throws {
      let policy = logs.calls.requester.policy
      try await policy.sleep(policy.pause(after: Swift.max(failures, 1)))
    }
  }
}
