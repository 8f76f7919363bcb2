import KubernetesTestSupport
import Synchronization

/// What a way to a cluster does to what passes on it.
enum FlakyWay: String, CaseIterable, Sendable, CustomStringConvertible {
  /// Connections end before a request arrives.
  case drops
  /// Connections end before an answer comes back.
  case losesAnswers
  /// Connections end within an answer.
  case halvesAnswers
  /// Answers make no sense.
  case garbles
  /// A page of something on the way comes in place of an answer.
  case intercepts
  /// The server has too much to do, and says so of every request, twice.
  case crowds
  /// The server breaks down.
  case fails
  /// Watches end after the first events.
  case endsWatches
  /// The server's clock is a day ahead.
  case isAhead
  /// The server's clock is a day behind.
  case isBehind
  /// All of it.
  case all

  var description: String { rawValue }

  /// Whether each request meets it: it does not keep one from being carried out.
  private var isConstant: Bool { self == .isAhead || self == .isBehind || self == .endsWatches }

  /// Decides about requests, the same for the same seed.
  func judge(seed: UInt64) -> @Sendable (String) -> ClusterTap.Verdict {
    let state = State(seed: seed)
    return { request in state.verdict(of: request, on: self) }
  }

  private final class State: Sendable {
    private let random: Mutex<UInt64>
    private let crowd = Mutex(0)

    init(seed: UInt64) { random = Mutex(seed &+ 1) }

    /// A number below another one.
    private func number(below limit: UInt64) -> UInt64 {
      random.withLock { state in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % limit
      }
    }

    func verdict(of request: String, on way: FlakyWay) -> ClusterTap.Verdict {
      guard way != .all else {
        let ways = FlakyWay.allCases.dropLast()
        return verdict(of: request, on: ways[Int(number(below: UInt64(ways.count)))])
      }
      if way == .crowds {
        return crowd.withLock {
          $0 += 1; return $0 % 3 == 0
        } ? .pass : .tooMany(after: 1)
      }
      guard way.isConstant || number(below: 8) == 0 else { return .pass }
      return switch way {
      case .drops: .refuse
      case .losesAnswers: .loseAnswer
      case .halvesAnswers: .halveAnswer
      case .garbles: .garbleAnswer
      case .intercepts:
        .answer(
          200, headers: ["Content-Type": "text/html"], "<html><body>Log in to this network</body></html>")
      case .fails: .answer(number(below: 2) == 0 ? 500 : 502, headers: [:], "upstream is away")
      case .endsWatches: request.contains("watch=true") ? .end(after: 1) : .pass
      case .isAhead: .moveClock(86400)
      case .isBehind: .moveClock(-86400)
      case .crowds, .all: .pass
      }
    }
  }
}
