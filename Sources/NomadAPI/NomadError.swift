import Wire

/// What a cluster, the way to it, or the configuration of that way refused.
package struct NomadError: PassingFailure, Sendable, Equatable, CustomStringConvertible {
  /// The HTTP status of the answer; `nil` if there was none. Agents answer 500 to much of what is only wrong with the
  /// request: see ``isInvalid``.
  package var status: Int?
  /// Why, in one line. What an agent says stands in it word by word.
  package var message: String
  /// How long the agent asks to wait before it is asked again.
  package var retryAfter: Duration?
  /// What to do about it.
  package var help: String?
  /// Whether what was asked for may have been done all the same: the request was sent, and no answer told.
  package var mayHaveBeenDone: Bool
  /// What kind of refusal it is, where that can be told.
  package var reason: Reason?

  /// Kinds of refusals.
  package enum Reason: Sendable, Equatable {
    /// What was asked for is not there.
    case notFound
    /// The job or the variable is another one by now; with its index, where the agent tells it.
    case conflict(index: UInt64?)
    /// The agent knows no such request: it is too old, or lacks a part that it would need.
    case unsupported
    /// The token may not do this, or is none.
    case forbidden
    /// The request breaks a rule of the agent.
    case invalid
    /// The agent, or the servers behind it, can't answer now.
    case unavailable
  }

  package init(
    status: Int? = nil, _ message: String, retryAfter: Duration? = nil, help: String? = nil,
    mayHaveBeenDone: Bool = false, reason: Reason? = nil
  ) {
    self.status = status
    self.message = message
    self.retryAfter = retryAfter
    self.help = help
    self.mayHaveBeenDone = mayHaveBeenDone
    self.reason = reason
  }

  init(_ problem: WireProblem) { self.init(problem.message, help: problem.help) }

  package var description: String { message }

  /// Whether what was asked for is not there.
  package var isNotFound: Bool { reason == .notFound }
  /// Whether the job or the variable is another one by now.
  package var isConflict: Bool { if case .conflict = reason { true } else { false } }
  /// The index that what conflicts has, where the agent tells it: a job's `JobModifyIndex`, a variable's `ModifyIndex`.
  package var conflictingIndex: UInt64? { if case .conflict(let index) = reason { index } else { nil } }
  /// Whether the agent knows no such request: it is too old.
  package var isUnsupported: Bool { reason == .unsupported }
  /// Whether the token may not do this, or is none.
  package var isForbidden: Bool { reason == .forbidden }
  /// Whether the request breaks a rule of the agent.
  package var isInvalid: Bool { reason == .invalid }

  /// Whether the agent refused before it did anything, for it has too much to do.
  package var isOverload: Bool { status == 429 }
  /// Whether asking again may help: the agent could not be reached, broke down, or has too much to do.
  package var mayPass: Bool { isOverload || isLoss }
  /// Whether no answer to what was asked came: the servers have no leader, something in between broke down, or the
  /// agent could not be reached.
  var isLoss: Bool { reason == .unavailable || isConnectionFailure }
  /// Whether the connection failed, rather than the configuration or what came over it.
  var isConnectionFailure = false
  /// The state that the answer is of; 0 if it does not say.
  var index: UInt64 = 0

  /// Equality of what can be seen.
  package static func == (left: NomadError, right: NomadError) -> Bool {
    left.status == right.status && left.message == right.message && left.retryAfter == right.retryAfter
      && left.help == right.help && left.mayHaveBeenDone == right.mayHaveBeenDone
      && left.reason == right.reason
  }
}
