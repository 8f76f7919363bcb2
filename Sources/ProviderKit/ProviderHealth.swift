/// Whether an engine can do its work.
public struct ProviderHealth: Sendable, Equatable {
  /// Whether it can.
  public let isHealthy: Bool
  /// How long it took to answer.
  public let latency: Duration
  /// What is wrong, or a word on what is right.
  public let message: String

  public init(isHealthy: Bool, latency: Duration, message: String) {
    self.isHealthy = isHealthy
    self.latency = latency
    self.message = message
  }

  /// Asks an engine, and takes the time. What is thrown is what is wrong.
  ///
  /// - Parameter ask: returns a word on what the engine answers, and whether it can do its work.
  public static func asking(
    _ ask: () async throws -> (isHealthy: Bool, message: String)
  ) async -> ProviderHealth {
    let start = ContinuousClock.now
    do {
      let answer = try await ask()
      return ProviderHealth(
        isHealthy: answer.isHealthy, latency: ContinuousClock.now - start, message: answer.message)
    } catch {
      return ProviderHealth(isHealthy: false, latency: ContinuousClock.now - start, message: "\(error)")
    }
  }
}
