/// What the Docker Engine, or the way to it, refused.
package struct DockerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The HTTP status of the answer; `nil` if there was none.
  package let status: Int?
  /// Why, in one line.
  package let message: String
  /// What to do about it.
  package let help: String?

  package init(status: Int? = nil, _ message: String, help: String? = nil) {
    self.status = status
    self.message = message
    self.help = help
  }

  /// The message, as it is shown to users.
  package var description: String { message }

  /// Whether what was asked for is not there.
  package var isNotFound: Bool { status == 404 }

  /// Whether the name is taken, or the state of the thing does not allow what was asked for.
  package var isConflict: Bool { status == 409 }

  /// Whether what was asked for is not allowed as things are: a network is in use.
  package var isForbidden: Bool { status == 403 }
}
