import Values

/// A program that gives credentials, as clouds have them (`client.authentication.k8s.io`).
package struct ExecPlugin: Sendable, Equatable {
  /// What it speaks.
  package enum Version: String, Sendable {
    case v1 = "client.authentication.k8s.io/v1"
    case v1beta1 = "client.authentication.k8s.io/v1beta1"
  }
  /// Whether it may ask the user something.
  package enum InteractiveMode: String, Sendable {
    case never = "Never"
    case ifAvailable = "IfAvailable"
    case always = "Always"
  }

  /// A name to be looked for in `PATH`, or an absolute path.
  package var command: String
  package var arguments: [String]
  /// What is added to the environment.
  package var environment: [String: String]
  /// What it speaks.
  package var version: Version
  /// Whether it may ask the user something.
  package var interactiveMode: InteractiveMode
  /// How to get it, if it is not there.
  package var installHint: String?
  /// What it is told of the cluster; `nil` if nothing.
  package var cluster: JSON?

  package init(
    command: String, arguments: [String] = [], environment: [String: String] = [:], version: Version = .v1,
    interactiveMode: InteractiveMode = .ifAvailable, installHint: String? = nil, cluster: JSON? = nil
  ) {
    self.command = command
    self.arguments = arguments
    self.environment = environment
    self.version = version
    self.interactiveMode = interactiveMode
    self.installHint = installHint
    self.cluster = cluster
  }
}
