import Planning

/// What stands between a program and the world: every call of a ``GatedProvider`` and of its store goes through it.
public protocol CallGate: Sendable {
  /// Lets a call through that only looks, or does not.
  func read<Result>(_ body: () async throws -> Result) async throws -> Result

  /// Lets a call through that changes something, or does not.
  func effect<Result>(_ body: () async throws -> Result) async throws -> Result

  /// Lets an action of a workload through, or does not.
  func perform(_ action: Action, of key: WorkloadKey, _ body: () async throws -> Void) async throws
}

extension CallGate {
  /// An effect like any other.
  public func perform(_ action: Action, of key: WorkloadKey, _ body: () async throws -> Void) async throws {
    try await effect(body)
  }
}
