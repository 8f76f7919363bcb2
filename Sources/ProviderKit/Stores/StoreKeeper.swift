import Planning

/// What keeps the history of targets whose own engine does not: the engine of another target, or a place of its own such as a
/// bucket.
///
/// Each engine's history stands apart, below its ``Planning/EngineIdentity/storePath``: however many targets of whatever
/// kinds name one place, none sees another's, and an engine that two targets reach has one history.
public protocol StoreKeeper: Sendable {
  /// Makes sure that it answers.
  ///
  /// - Throws: ``ProviderError`` if it can't be reached.
  func connect() async throws

  /// The history of an engine's workloads. An engine that is asked for its own answers with that.
  ///
  /// - Parameter limits: how much is kept of each workload's history.
  /// - Throws: ``ProviderError`` or ``StoreError`` if it can't be asked.
  func store(of engine: EngineIdentity, limits: HistoryLimits) async throws -> any ReleaseStore
}
