import Synchronization

/// Ends a program at one of its requests that change something: nothing that it asks from then on reaches the cluster.
package final class Guillotine: Sendable {
  private let step: Int
  private let isAfter: Bool
  private let state = Mutex((count: 0, isOver: false))

  /// - Parameters:
  ///   - step: at which request, from 1; the largest number means that requests are only counted.
  ///   - isAfter: whether the cluster carries that request out, and the program does not hear of it.
  package init(at step: Int, isAfter: Bool = false) { (self.step, self.isAfter) = (step, isAfter) }

  /// Whether it has come to that request.
  package var isReached: Bool { state.withLock { $0.isOver } }
  /// How many requests that change something there were.
  package var count: Int { state.withLock { $0.count } }

  /// What becomes of a request.
  package func judge(_ request: String) -> ClusterTap.Verdict {
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
