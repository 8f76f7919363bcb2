import ArgumentParser
import Policies

/// Which target a command works on, and which namespace of it.
struct TargetSelection: ParsableArguments {
  @OptionGroup var selection: NamespaceSelection

  /// The namespace that is named.
  var namespace: String? { selection.namespace }

  /// Looks the target up in berth.yaml, and makes sure that its engine answers.
  ///
  /// - Parameters:
  ///   - preferred: the target that is meant if none is named.
  ///   - policies: where the policies come from that the command is held to, besides the configuration.
  /// - Throws: `DiagnosticError` if there is no such target, if it does not answer within five seconds, or if policies can't be
  ///   used.
  func resolve(
    default preferred: String? = nil, policies: PolicySource? = nil
  ) async throws -> Target {
    try await begin(default: preferred, policies: policies).reached()
  }

  /// Looks the target up, and begins to reach its engine: for a command that looks meanwhile (``Target/looking(_:)``).
  ///
  /// - Throws: `DiagnosticError` if there is no such target, or if policies can't be used.
  func begin(default preferred: String? = nil, policies: PolicySource? = nil) throws -> Target {
    let configuration = try selection.configuration.load()
    let held = try policies?.policies(with: configuration)
    var target = try Target(
      selection.target ?? preferred ?? configuration.usualTarget, namespace: namespace, in: configuration)
    target.policies = held ?? PolicySet()
    return target
  }
}
