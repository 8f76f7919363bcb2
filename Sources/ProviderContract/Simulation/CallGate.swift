/// What stands between a program and the world: every call of a ``GatedProvider`` and of its store goes through it.
public protocol CallGate: Sendable {
  /// Lets a call through that only looks, or does not.
  func read<Result>(_ body: () async throws -> Result) async throws -> Result

  /// Lets a call through that changes something, or does not.
  func effect<Result>(_ body: () async throws -> Result) async throws -> Result
}
