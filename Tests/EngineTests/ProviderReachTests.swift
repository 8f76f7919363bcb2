import ProviderContract
import ProviderKit
import Testing

/// Engines that do not answer.
@Suite struct ProviderReachTests {
  @Test("An engine that answers is reached") func anEngineThatAnswersIsReached() async throws {
    let provider = SimulatedProvider()
    #expect(try await provider.reach(within: .seconds(600)) == provider.info())
    #expect(await provider.health(within: .seconds(600)).isHealthy)
  }

  @Test("An engine that keeps silent is an error") func anEngineThatKeepsSilentIsAnError() async throws {
    let provider = SimulatedProvider(faults: FaultPlan([Fault(.hang, at: .info, times: 2)]))
    let error = await #expect(throws: ProviderError.self) {
      try await provider.reach(within: .milliseconds(20))
    }
    #expect(error?.message == "the provider `simulated` did not answer within 0.02 seconds")
    #expect(error?.help?.contains("berth providers") == true)
    let health = await provider.health(within: .milliseconds(20))
    #expect(!health.isHealthy && health.message == error?.message)
  }

  @Test("What went wrong is passed on") func whatWentWrongIsPassedOn() async throws {
    let provider = SimulatedProvider(faults: FaultPlan([Fault(.fail, at: .info, times: 2)]))
    let error = await #expect(throws: ProviderError.self) { try await provider.reach(within: .seconds(600)) }
    #expect(error?.message == "the engine does not answer")
    #expect(await provider.health(within: .seconds(600)).message == error?.message)
  }

  /// The engine does not wait even for a call that ignores its cancellation.
  @Test("What ignores its cancellation is left to itself") func whatIgnoresItsCancellationIsLeftToItself()
    async throws
  {
    @Sendable func ignore() async { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }
    #expect(try await inTime(.milliseconds(20)) { await ignore() } == nil)
    let task = Task { try await inTime(.seconds(600)) { await ignore() } }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
  }
}
