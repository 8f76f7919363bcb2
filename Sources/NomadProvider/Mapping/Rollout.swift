import Values
import WorkloadSpec

/// How a job goes from its old instances to new ones: so many at a time, and so many first.
struct Rollout: Sendable, Equatable {
  /// How many instances change at a time.
  var atATime = 1
  /// How many new instances come beside the old ones first, and wait to be promoted.
  var canaries = 0
  /// How many instances there are beyond the wanted number while it goes on.
  var surplus = 0

  init(atATime: Int = 1, canaries: Int = 0, surplus: Int = 0) {
    (self.atATime, self.canaries, self.surplus) = (atATime, canaries, surplus)
  }

  /// How a strategy is carried out.
  ///
  /// Nomad ends an old instance when it starts the new one in its place: it has no surge. With so many instances more than are
  /// wanted for as long as it goes on, there are never fewer than that. One instance comes beside the old one, and takes its
  /// place; that is what Nomad calls a canary.
  ///
  /// - Parameters:
  ///   - replicas: how many instances are wanted.
  ///   - isStateful: whether each instance has a place and volumes of its own: there is no second one for a place.
  ///   - isOneAtATime: whether the old instances end before new ones start, which is berth's to do.
  ///   - pausesAfter: after how many new instances beside the old ones it waits; `nil` if it goes on to the end.
  init(
    _ strategy: Strategy, replicas: Int, isStateful: Bool, isOneAtATime: Bool, pausesAfter: Int? = nil
  ) {
    let all = max(1, replicas)
    guard !isStateful, !isOneAtATime, replicas > 0 else {
      self.init(atATime: isStateful && !isOneAtATime ? max(1, min(strategy.maxUnavailable, all)) : all)
      return
    }
    if let pausesAfter {
      self.init(atATime: all, canaries: pausesAfter)
      return
    }
    switch strategy.type {
    case .recreate: self.init(atATime: all)
    case .blueGreen: self.init(atATime: all, canaries: all)
    case .canary:
      self.init(
        atATime: max(1, strategy.maxUnavailable), canaries: min(max(1, strategy.maxSurge), all))
    case .rolling:
      let surge = strategy.maxSurge == 0 && strategy.maxUnavailable == 0 ? 1 : strategy.maxSurge
      if surge >= all {
        self.init(atATime: all, canaries: all)
      } else {
        self.init(atATime: max(1, surge + strategy.maxUnavailable), surplus: surge)
      }
    }
  }
}
