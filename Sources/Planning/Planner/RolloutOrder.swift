import WorkloadSpec

/// The order in which instances come and go, so that there are at no moment more than the strategy allows, and
/// never fewer that work than it demands.
///
/// Where the k-th arrival waits for the k-th departure, or the other way round, any set of finished actions has
/// at least as many of the one as of the other: pairs suffice, and no action waits for more than it must.
struct RolloutOrder {
  /// An instance that comes, or goes, with the actions that make it do so.
  struct Move {
    let id: InstanceID
    let actions: [Action]
    /// Whether it will work, or has until it goes.
    let works: Bool
  }

  let strategy: Strategy
  /// How many instances there should be.
  let wanted: Int
  /// How many there are.
  let live: Int
  /// The instances that stay and work.
  let working: Int
  /// The instances that stay, once they work again.
  let mended: [Move]
  /// The instances that come.
  let coming: [Move]
  /// The instances that go, those first that do no work.
  let going: [Move]
  /// How many instances that stay are new already.
  let established: Int

  /// The first instances that come: what is watched before the others follow.
  var vanguard: ArraySlice<Move> {
    switch strategy.type {
    case .canary: coming.prefix(max(0, strategy.maxSurge - established))
    case .blueGreen: coming[...]
    case .rolling, .recreate: []
    }
  }

  /// The actions with which old instances go that still work, and those with which new ones come that only
  /// follow the first: what waits while a rollout is paused.
  var afterPause: Set<ActionID> {
    let followers = coming.dropFirst(vanguard.count)
    return Set((going.filter(\.works) + followers).flatMap(\.actions).map(\.id))
  }

  /// Adds what must come before what.
  func add(to graph: inout ActionGraph) {
    let gains = mended + coming.filter(\.works)
    let losses = going.filter(\.works)
    switch strategy.type {
    case .blueGreen:
      for move in losses { chain(move, after: gains[...], in: &graph) }
      return
    case .canary:
      let first = vanguard
      for move in coming.dropFirst(first.count) { chain(move, after: first, in: &graph) }
      for move in losses { chain(move, after: mended[...] + first, in: &graph) }
    case .rolling, .recreate: break
    }
    let atMost = wanted + strategy.maxSurge
    // Those that come first of all do so beside everything that there is.
    let first = vanguard.count
    pair(coming.dropFirst(first), with: going, lead: live + first - atMost, in: &graph)
    // No more is demanded than there will be in the end: what operators stopped does not work.
    let all = working + losses.count
    let atLeast = min(wanted - strategy.maxUnavailable, working + gains.count)
    pair(losses[...], with: gains, lead: atLeast - all, in: &graph)
  }

  /// Lets each move wait for the one of others that is `lead` places further on, and all for the first `lead`.
  private func pair(
    _ moves: ArraySlice<Move>, with others: [Move], lead: Int, in graph: inout ActionGraph
  ) {
    for (index, move) in moves.enumerated() where index + lead >= 0 {
      chain(move, after: others.prefix(max(0, lead)), in: &graph)
      if index + lead < others.count { chain(move, after: [others[index + lead]], in: &graph) }
    }
  }

  private func chain(_ move: Move, after others: ArraySlice<Move>, in graph: inout ActionGraph) {
    let before = others.flatMap(\.actions).map(\.id)
    for action in move.actions { graph.order(action.id, after: before) }
  }
}
