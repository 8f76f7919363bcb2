import Synchronization

/// Ends a program at one of its requests.
final class Guillotine: Sendable {
  private let step: Int
  private let isAfter: Bool
  private let state = Mutex((count: 0, isOver: false))

  init(at step: Int, isAfter: Bool) { (self.step, self.isAfter) = (step, isAfter) }

  var isReached: Bool { state.withLock { $0.isOver } }

  func judge(_ request: String) -> ClusterTap.Verdict {
    state.withLock { state in
      if state.isOver { return .refuse }
      if request.hasPrefix("GET ") { return .pass }
      state.count += 1
      guard state.count == step else { return .pass }
      state.isOver = true
      return isAfter ? .loseAnswer : .refuse
    }
  }
}
