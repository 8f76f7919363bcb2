import WorkloadSpec

extension Diagnostic {
  /// A workload has no service of a name.
  ///
  /// - Parameter known: the names of those that it has.
  public static func unknownService(
    _ name: String, of key: WorkloadKey, known: some Sequence<String>
  ) -> Diagnostic {
    let known = Set(known).sorted()
    return Diagnostic(
      .unknownService, "`\(key.name)` has no service `\(name)`",
      help: Suggestion.help(for: name, among: known)
        ?? (known.isEmpty ? "it has none now" : "it has \(known.map { "`\($0)`" }.joined(separator: ", "))"))
  }

  /// A workload has no instance of a name.
  ///
  /// - Parameter known: the names of those that it has, in their order.
  public static func unknownInstance(
    _ name: String, of key: WorkloadKey, known: [String]
  ) -> Diagnostic {
    Diagnostic(
      .unknownInstance, "`\(key.name)` has no instance \(name)",
      help: known.isEmpty ? "it has none now" : "its instances are \(known.joined(separator: ", "))")
  }
}
