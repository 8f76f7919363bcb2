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

  /// How many plans are made ahead at first.
  private static let firstWidth = 8
  /// More workloads at once are planned for no faster, and what is seen of them grows old.
  private static let greatestWidth = 64

  /// - Parameter isPossible: whether plans may be made in another order than they are carried out.
  init(_ requests: [PlanRequest], engine: Engine, isPossible: Bool) {
    self.engine = engine
    self.requests = requests
    width = isPossible ? Self.firstWidth : 0
  }

  /// The plan for a request, by its place; `nil` if there is none that was made ahead.
  mutating func proposal(at index: Int) async -> Proposal? {
    if let proposal = proposals.removeValue(forKey: index) { return proposal }
    let next = index..<min(index + width, requests.count)
    guard next.count > 1 else { return nil }
    // What goes wrong is told when it is asked for again, at its turn.
    for (index, proposal) in zip(next, await engine.propose(Array(requests[next]))) {
      proposals[index] = try? proposal.get()
    }
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
