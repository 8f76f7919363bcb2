/// The name of a register, taken apart: whose history it is of, and what it is called there.
///
/// A store that keeps the history of another engine has names that begin with that engine's
/// ``Planning/EngineIdentity/storePath``; those of an engine's own begin with what the register is.
package struct RegisterOwner: Equatable {
  /// The other engine's ``Planning/EngineIdentity/storePath``; `nil` if the history is the engine's own.
  package let owner: String?
  /// The name without that.
  package let name: String

  private static let kinds: Set<Substring> = ["heads", "records", "locks", "keys"]

  /// Takes apart the name of a register, or the beginning of names.
  package init(of register: String) {
    let parts = register.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !Self.kinds.contains(parts[0]) else {
      (owner, name) = (nil, register)
      return
    }
    (owner, name) = ("\(parts[0])/\(parts[1])", String(parts[2]))
  }
}
