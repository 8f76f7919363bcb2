import ArgumentParser

/// Which target a command works on, and which namespace of it.
struct TargetSelection: ParsableArguments {
  @OptionGroup var selection: NamespaceSelection

  /// The namespace that is named.
  var namespace: String? { selection.namespace }

  /// Looks the target up in berth.yaml, and makes sure that its engine answers.
  ///
  /// - Parameter preferred: the target that is meant if none is named.
  /// - Throws: `DiagnosticError` if there is no such target, or if it does not answer within five seconds.
  func resolve(default preferred: String? = nil) async throws -> Target {
    let configuration = try selection.configuration.load()
    return try await Target(
      selection.target ?? preferred ?? configuration.usualTarget, namespace: namespace, in: configuration)
  }
}
