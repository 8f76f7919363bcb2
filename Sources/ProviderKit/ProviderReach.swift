extension ProviderReader {
  /// Which engine this is, asked so that an engine which keeps silent is not waited for forever.
  ///
  /// - Parameter limit: how long it may take to answer.
  /// - Throws: ``ProviderError`` if it can't be reached, or did not answer in time.
  public func reach(within limit: Duration = .seconds(5)) async throws -> ProviderInfo {
    if let info = try await inTime(limit, { try await self.info() }) { return info }
    throw ProviderError(silence(of: limit), help: Self.silenceHelp)
  }

  /// Makes sure that the engine answers, and soon enough.
  ///
  /// - Parameter limit: how long it may take to answer.
  /// - Throws: ``ProviderError`` if it can't be reached, or did not answer in time.
  public func connect(within limit: Duration) async throws {
    if try await inTime(limit, { try await self.connect() }) != nil { return }
    throw ProviderError(silence(of: limit), help: Self.silenceHelp)
  }

  /// Whether the engine can do its work; one that does not answer in time can't.
  ///
  /// - Parameter limit: how long it may take to answer.
  public func health(within limit: Duration) async -> ProviderHealth {
    let answer = try? await inTime(limit) { await self.health() }
    return answer ?? ProviderHealth(isHealthy: false, latency: limit, message: silence(of: limit))
  }

  private func silence(of limit: Duration) -> String {
    "the provider `\(traits.name)` did not answer within \(limit)"
  }

  private static var silenceHelp: String {
    "is the engine running, and does berth.yaml have its address? `berth providers` asks every target"
  }
}

/// Runs something that may never come back: after the time limit, it is cancelled and left to itself.
///
/// - Returns: what it returned; `nil` if it did not come back in time.
/// - Throws: what it threw; `CancellationError` if the task was cancelled meanwhile.
public func inTime<Result: Sendable>(
  _ limit: Duration, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result? {
  // A task group would wait for a child that ignores its cancellation.
  let (ends, end) = AsyncStream<Swift.Result<Result, any Error>?>.makeStream()
  let work = Task {
    do { end.yield(.success(try await body())) } catch { end.yield(.failure(error)) }
  }
  let clock = Task {
    try await Task.sleep(for: limit)
    end.yield(nil)
  }
  defer {
    work.cancel()
    clock.cancel()
  }
  for await result in ends { return try result?.get() }
  throw CancellationError()
}
