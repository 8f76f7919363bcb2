import Diagnostics

/// Whether fields that other clients keep may be taken from them.
enum OwnershipRule {
  /// Where they may, that another client keeps a field is something to know, and no error.
  static func findings(_ found: Diagnostics, takesOwnership: Bool) -> Diagnostics {
    guard takesOwnership, found.contains(where: { $0.code == .fieldHeld }) else { return found }
    return Diagnostics(found.map { $0.code == .fieldHeld ? Diagnostic(.fieldTaken, $0.message) : $0 })
  }
}
