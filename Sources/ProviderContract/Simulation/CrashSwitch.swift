import Synchronization

/// Ends a program's dealings with the world at an exact point, as a kill does.
///
/// Hand an engine a ``GatedProvider`` whose gate is a switch. Every write and every performed action is an
/// effect and is counted. Armed for the k-th effect, the switch trips before or after it: the call throws
/// ``Crash``, and so does every later call, reading or writing, so that nothing can be tidied up.
public final class CrashSwitch: CallGate {
  /// A point between two effects, as seen from the one that it concerns.
  public struct Point: Sendable, Hashable, CustomStringConvertible {
    /// Which effect, from 1.
    public let effect: Int
    /// Whether the effect has taken place.
    public let isAfter: Bool

    public init(before effect: Int) { (self.effect, isAfter) = (effect, false) }
    public init(after effect: Int) { (self.effect, isAfter) = (effect, true) }

    /// `before effect 3`.
    public var description: String { "\(isAfter ? "after" : "before") effect \(effect)" }
  }

  private struct State {
    var count = 0
    var hasTripped = false
  }

  private let point: Point?
  private let state = Mutex(State())

  /// A switch that trips at a point, or one that only counts.
  public init(_ point: Point? = nil) { self.point = point }

  /// How many effects there were.
  public var count: Int { state.withLock { $0.count } }

  /// Whether the program is over.
  public var hasTripped: Bool { state.withLock { $0.hasTripped } }

  /// Looks, unless the program is over.
  public func read<Result>(_ body: () async throws -> Result) async throws -> Result {
    if hasTripped { throw Crash() }
    return try await body()
  }

  /// Has an effect, and trips before or after it if it is the one.
  public func effect<Result>(_ body: () async throws -> Result) async throws -> Result {
    let number = try state.withLock { state in
      if state.hasTripped { throw Crash() }
      state.count += 1
      state.hasTripped = point.map { $0.effect == state.count && !$0.isAfter } ?? false
      if state.hasTripped { throw Crash() }
      return state.count
    }
    // What was asked for happens; a program that is over never hears how it went.
    let result: Result
    do { result = try await body() } catch {
      try checkAfter(number)
      throw error
    }
    try checkAfter(number)
    return result
  }

  private func checkAfter(_ number: Int) throws {
    try state.withLock { state in
      if let point, point.isAfter, point.effect == number { state.hasTripped = true }
      if state.hasTripped { throw Crash() }
    }
  }
}

/// What every call of a program that is over throws.
public struct Crash: Error {}
