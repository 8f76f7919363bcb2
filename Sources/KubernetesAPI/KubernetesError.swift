import Wire

/// What a cluster, the way to it, or the configuration of that way refused.
package struct KubernetesError: PassingFailure, Sendable, Equatable, CustomStringConvertible {
  /// The HTTP status of the answer; `nil` if there was none.
  package var status: Int?
  /// The server's word for what is wrong, such as `AlreadyExists` or `Invalid`.
  package var reason: String?
  /// Why, in one line.
  package var message: String
  /// What in particular, if the server tells: a field that is wrong, a manager that owns it.
  package var causes: [Cause]
  /// How long the server asks to wait before it is asked again.
  package var retryAfter: Duration?
  /// What to do about it.
  package var help: String?
  /// Whether what was asked for may have been done all the same: the request was sent, and no answer told.
  package var mayHaveBeenDone: Bool

  /// One of several things that are wrong.
  package struct Cause: Sendable, Equatable {
    /// The server's word for it, such as `FieldValueRequired` or `FieldManagerConflict`.
    package let reason: String
    /// Why, in one line.
    package let message: String
    /// The path of the field, such as `.spec.replicas`; empty if none is meant.
    package let field: String

    package init(reason: String, message: String, field: String) {
      self.reason = reason
      self.message = message
      self.field = field
    }
  }

  package init(
    status: Int? = nil, reason: String? = nil, _ message: String, causes: [Cause] = [],
    retryAfter: Duration? = nil, help: String? = nil, mayHaveBeenDone: Bool = false
  ) {
    self.status = status
    self.reason = reason
    self.message = message
    self.causes = causes
    self.retryAfter = retryAfter
    self.help = help
    self.mayHaveBeenDone = mayHaveBeenDone
  }

  init(_ problem: WireProblem) { self.init(problem.message, help: problem.help) }

  package var description: String { message }

  /// Whether what was asked for is not there.
  package var isNotFound: Bool { status == 404 }
  /// Whether there is an object of that name.
  package var isAlreadyExists: Bool { status == 409 && reason == "AlreadyExists" }
  /// Whether the object is another one by now, or another manager owns a field.
  package var isConflict: Bool { status == 409 && reason != "AlreadyExists" }
  /// Whether the server knows who asks, and does not allow it.
  package var isForbidden: Bool { status == 403 }
  /// Whether the server does not know who asks.
  package var isUnauthorized: Bool { status == 401 }
  /// Whether the object breaks a rule of the server.
  package var isInvalid: Bool { status == 422 }
  /// Whether the state that was asked for is older than what the server keeps.
  package var isExpired: Bool { status == 410 || reason == "Expired" || reason == "Gone" }

  /// Whether the server refused before it did anything, for it has too much to do.
  package var isOverload: Bool { status == 429 || (status == 503 && retryAfter != nil) }
  /// Whether asking again may help: the server could not be reached, broke down, or has too much to do.
  package var mayPass: Bool { isOverload || isLoss }
  /// Whether no answer of the server itself came: it broke down, something in between did, or it could not be
  /// reached.
  var isLoss: Bool { status.map { $0 >= 500 && $0 != 501 && $0 != 505 } ?? isConnectionFailure }
  /// Whether the connection failed, rather than the configuration or what came over it.
  var isConnectionFailure = false

  /// Equality of what can be seen.
  package static func == (left: KubernetesError, right: KubernetesError) -> Bool {
    left.status == right.status && left.reason == right.reason && left.message == right.message
      && left.causes == right.causes && left.retryAfter == right.retryAfter && left.help == right.help
      && left.mayHaveBeenDone == right.mayHaveBeenDone
  }
}
