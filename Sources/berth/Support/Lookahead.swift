import Engine
import Planning

/// Plans for the workloads whose turn comes next, made at the same time: mostly there is nothing to do, and to find
/// that out takes an engine a while.
///
/// What one workload changes, the plans of the others may rest on: a port that is taken, a port that is free. So what
/// was planned ahead counts only until something was changed, and from then on it is planned ahead by little at first.
struct Lookahead {
  private let engine: Engine
  private let requests: [PlanRequest]
  private var proposals: [Int: Proposal] = [:]
  private var width: Int

  /// More plans at once make nothing faster.
  private static let greatestWidth = 8

  /// - Parameter isPossible: whether plans may be made in another order than they are carried out.
  init(_ requests: [PlanRequest], engine: Engine, isPossible: Bool) {
    self.engine = engine
    self.requests = requests
    width = isPossible ? Self.greatestWidth : 0
  }

  /// The plan for a request, by its place; `nil` if there is none that was made ahead.
  mutating func proposal(at index: Int) async -> Proposal? {
    if let proposal = proposals.removeValue(forKey: index) { return proposal }
    let next = index..<min(index + width, requests.count)
    guard next.count > 1 else { return nil }
    let made = await next.concurrentMap(atOnce: next.count) { [engine, requests] index in
      // What goes wrong is told when it is asked for again, at its turn.
      (index, try? await engine.propose(requests[index]))
    }
    for case (let index, let proposal?) in made { proposals[index] = proposal }
    return proposals.removeValue(forKey: index)
  }

  /// A workload had its turn.
  ///
  /// - Parameter hasChanged: whether anything may be another now.
  mutating func note(hasChanged: Bool) {
    guard width > 0 else { return }
    width = hasChanged ? 1 : min(max(width, 1) * 2, Self.greatestWidth)
    if hasChanged { proposals = [:] }
  }
}
