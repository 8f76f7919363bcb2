import ProviderKit
import Synchronization

/// Loses the answer to one call that changes something, whichever it is, after the call has done everything.
public final class LostReplySwitch: CallGate {
  private let call: Int
  private let calls = Mutex(0)

  /// A switch that loses the answer to the k-th call, from 1; with 0, it only counts.
  public init(at call: Int) { self.call = call }

  /// How many calls there were that change something.
  public var count: Int { calls.withLock { $0 } }

  /// Looks.
  public func read<Result>(_ body: () async throws -> Result) async throws -> Result { try await body() }

  /// Has an effect, and loses the answer if it is the one.
  public func effect<Result>(_ body: () async throws -> Result) async throws -> Result {
    let number = calls.withLock { calls in
      calls += 1
      return calls
    }
    let result = try await body()
    if number == call { throw ProviderError("the connection was lost") }
    return result
  }
}
