import ProviderKit
import Synchronization

/// Lets one call of a program go wrong, whichever it is: of the provider or of its store, looking or changing.
///
/// Hand an engine a ``GatedProvider`` whose gate is a switch. Calls are counted; unlike a ``CrashSwitch``, it
/// leaves the program to go on as it thinks best.
public final class FaultSwitch: CallGate {
  /// How the call goes wrong.
  public enum Effect: Sendable {
    /// It fails, and nothing was done.
    case fail
    /// It does everything, and its answer is lost.
    case loseReply
    /// It does everything, after something else happened in the world.
    case comeLate(@Sendable () async throws -> Void)
  }

  private let effect: Effect?
  private let call: Int
  private let calls = Mutex(0)

  /// A switch that only counts.
  public init() {
    effect = nil
    call = 0
  }

  /// A switch that lets the k-th call go wrong, from 1.
  public init(_ effect: Effect, at call: Int) {
    self.effect = effect
    self.call = call
  }

  /// How many calls there were.
  public var count: Int { calls.withLock { $0 } }

  /// Looks, or goes wrong.
  public func read<Result>(_ body: () async throws -> Result) async throws -> Result {
    try await pass(body)
  }

  /// Has an effect, or goes wrong, or both.
  public func effect<Result>(_ body: () async throws -> Result) async throws -> Result {
    try await pass(body)
  }

  private func pass<Result>(_ body: () async throws -> Result) async throws -> Result {
    let number = calls.withLock { calls in
      calls += 1
      return calls
    }
    guard number == call, let effect else { return try await body() }
    switch effect {
    case .fail: throw ProviderError("the connection was refused")
    case .loseReply:
      _ = try await body()
      throw ProviderError("the connection was lost")
    case .comeLate(let meanwhile):
      try await meanwhile()
      return try await body()
    }
  }
}
