import Diagnostics
import Planning
import ProviderKit

extension Engine {
  /// Reaches goals of several workloads: plans for all, asks once, and carries each plan out as a run of its own, with a
  /// lock of its own. They go on at the same time, as far as none waits for another; one that fails stops only those that
  /// need it. However many they are, no more actions are under way than the options allow.
  ///
  /// - Parameter requests: in the order in which they are shown, each workload once.
  /// - Returns: what became of each, in their order.
  public func apply(_ requests: [WorkloadRequest], watching watch: RunWatch) async -> [RunEnding] {
    let companions = Companions(requests)
    let (sight, prepared) = await prepare(requests, among: companions)
    let order = WorkloadOrder(requests, sight.neighbourhood)
    var run = JointRun(
      engine: self, requests: requests, companions: companions, order: order, watch: watch,
      turns: Postponement.turns(prepared, order))
    return await run.perform()
  }
}

/// The runs of one command.
struct JointRun {
  let engine: Engine
  let requests: [WorkloadRequest]
  let companions: Companions
  let order: WorkloadOrder
  let watch: RunWatch
  /// What each has before it.
  let turns: [Turn]
  private var endings: [RunEnding?]
  /// How many of those that each waits for have not ended.
  private var unmet: [Int]
  /// Those that wait for none, the first one last.
  private var open: [Int] = []

  init(
    engine: Engine, requests: [WorkloadRequest], companions: Companions, order: WorkloadOrder,
    watch: RunWatch,
    turns: [Turn]
  ) {
    self.engine = engine
    self.requests = requests
    self.companions = companions
    self.order = order
    self.watch = watch
    self.turns = turns
    endings = turns.map { _ in nil }
    unmet = turns.indices.map { order.before($0).count }
  }

  /// Shows the plans, asks, and carries out what is agreed to.
  ///
  /// - Returns: what became of each, in order.
  mutating func perform() async -> [RunEnding] {
    show()
    for index in turns.indices where order.before(index).isEmpty { admit(index) }
    end(
      turns.enumerated().compactMap { index, turn in
        if case .refused(let error) = turn { (index, .refused(error)) } else { nil }
      })
    await ask()
    await takeTurns()
    end(turns.indices.map { ($0, .notBegun) })
    return endings.map { $0 ?? .notBegun }
  }

  // MARK: Before

  private func show() {
    var later: [WorkloadKey: DiagnosticError] = [:]
    for (request, turn) in zip(requests, turns) {
      if case .later(let error) = turn { later[request.key] = error }
    }
    watch.proposed(turns.compactMap(\.prepared?.plan), later)
  }

  /// Asks for all plans that change anything.
  private mutating func ask() async {
    let asked = turns.indices.filter { endings[$0] == nil && turns[$0].prepared?.plan.isEmpty == false }
    guard !asked.isEmpty else { return }
    do {
      if let expected {
        try ExpectedPlanRule(expected: expected).check(turns.compactMap(\.prepared))
      }
      guard try await !watch.approve(asked.compactMap { turns[$0].prepared?.plan }) else { return }
      let declined: [(Int, RunEnding)] = asked.compactMap { index in
        turns[index].prepared.map { (index, .result(RunResult($0.plan, .declined))) }
      }
      // What can't be planned for yet is not asked about any more.
      let later = turns.indices.filter { turns[$0].prepared == nil }
      end(declined + later.map { ($0, .notBegun) })
    } catch {
      end(asked.map { ($0, RunEnding(error)) })
      let later = turns.indices.filter { turns[$0].prepared == nil }
      end(later.map { ($0, .notBegun) })
    }
  }

  /// The identity that all plans must have together.
  private var expected: String? { requests.first?.expected }

  // MARK: One after the other, and side by side

  private mutating func takeTurns() async {
    let (engine, limit) = (engine, max(1, engine.options.parallelism))
    await withTaskGroup(of: (Int, RunEnding, Duration).self) { group in
      var running = 0
      while true {
        while running < limit, !engine.stop.isMade, !Task.isCancelled, let index = open.popLast() {
          guard endings[index] == nil else { continue }
          let turn = SingleTurn(
            engine: engine, request: requests[index], companions: companions, watch: watch,
            agreed: turns[index].prepared,
            mustPlanAgain: order.before(index).contains { endings[$0]?.mayHaveChanged == true })
          running += 1
          group.addTask {
            let start = engine.environment.uptime()
            return (index, await turn.take(), engine.environment.uptime() - start)
          }
        }
        guard let (index, ending, duration) = await group.next() else { break }
        running -= 1
        end([(index, ending)], after: duration)
      }
    }
  }

  /// Writes down what became of some; it may be the turn of those that wait for them.
  private mutating func end(_ ended: [(Int, RunEnding)], after duration: Duration = .zero) {
    let new = ended.filter { endings[$0.0] == nil }
    for (index, ending) in new {
      endings[index] = ending
      watch.ended(requests[index].key, ending, duration)
    }
    for next in new.flatMap({ order.after[$0.0] }) {
      unmet[next] -= 1
      if unmet[next] == 0 { admit(next) }
    }
  }

  /// It would be a workload's turn; not if it needs one that came to no good end. Where nothing is to be done anyway, nothing
  /// is needed.
  private mutating func admit(_ index: Int) {
    guard endings[index] == nil else { return }
    guard let missing = order.needs[index].sorted().first(where: { endings[$0]?.isGood == false }) else {
      open.insert(index, at: open.firstIndex { $0 < index } ?? open.endIndex)
      return
    }
    let ending: RunEnding =
      switch (turns[index], endings[missing]) {
      case (.planned(let prepared), _) where prepared.plan.isEmpty:
        .result(RunResult(prepared.plan, .nothingToDo))
      case (_, .notStarted(let cause)): .notStarted(because: cause)
      default: .notStarted(because: requests[missing].key)
      }
    end([(index, ending)])
  }
}

extension RunEnding {
  /// How one ends that threw an error.
  init(_ error: any Error) { self = error is CancellationError ? .interrupted : .refused(error) }
}
