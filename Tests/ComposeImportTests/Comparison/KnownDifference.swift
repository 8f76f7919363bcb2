import Diagnostics

/// Where an import is meant not to do as compose does. Each is told in `docs/compose.md`, by the words that stand
/// here.
enum KnownDifference: String, CaseIterable {
  /// Compose 2.26 stops at what is wrong in a word that it does not need; later ones don't, and nor does an import.
  case wordThatIsNotNeeded = "a word that is not needed is not read"
  /// A line without a name, and a last line without a `=` and a line's end, which compose takes for the value of a
  /// variable without a name.
  case variableWithoutName = "a variable without a name"
  /// A variable that a spec can't have, by its name or by a null character in its value.
  case variableForNoSpec = "a name that a spec can't have"
  /// What no engine would take, and compose hands on.
  case refusedByEngines = "what no engine would take"

  /// Why an import refuses what compose takes; `nil` if it should not.
  static func explaining(_ refusals: Diagnostics) -> KnownDifference? {
    let errors = refusals.filter { $0.severity == .error }
    if errors.allSatisfy({ $0.code == .importedEnvironment }) { return .variableForNoSpec }
    let isForNoEngine = errors.allSatisfy { error in
      error.code == .importResult && enginesRefuse.contains { error.message.contains($0) }
    }
    return isForNoEngine ? .refusedByEngines : nil
  }

  /// What messages say of specs that would not be valid, nor run anywhere.
  private static let enginesRefuse = ["a command needs a program", "have one path", "wants the host port"]

  /// Why an import takes what compose refuses; `nil` if it should not.
  static func explaining(refusalByCompose message: String) -> KnownDifference? {
    message.contains("nvalid template") || message.contains("required variable")
      || message.contains("invalid interpolation") ? .wordThatIsNotNeeded : nil
  }
}
