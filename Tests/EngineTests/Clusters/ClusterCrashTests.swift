import ClusterNodes
import ProviderContract
import Testing

/// Breaks off every operation on a cluster before and after each call that changes something, and asks again.
@Suite struct ClusterCrashTests {
  @Test(
    "an operation that is broken off anywhere is taken up by the same command",
    arguments: ClusterOperation.allCases, [1, 20])
  func canBeKilledAnywhere(_ operation: ClusterOperation, parallelism: Int) async throws {
    func bench() -> ClusterBench {
      let bench = ClusterBench()
      if operation == .start { bench.stopAll() }
      return bench
    }
    let counter = CrashSwitch()
    let rehearsal = bench()
    _ = try await rehearsal.perform(operation, by: rehearsal.keeper(parallelism: parallelism, gate: counter))
    #expect(counter.count >= 6)
    for effect in 1...counter.count {
      for point in [CrashSwitch.Point(before: effect), CrashSwitch.Point(after: effect)] {
        await Tally.clusters.try("cluster \(operation), \(point), \(parallelism) at a time") {
          try await problems(with: operation, on: bench(), killedAt: point, parallelism: parallelism)
        }
      }
    }
  }

  private func problems(
    with operation: ClusterOperation, on bench: ClusterBench, killedAt point: CrashSwitch.Point,
    parallelism: Int
  ) async throws -> [String] {
    let others = bench.othersState()
    let crash = CrashSwitch(point)
    _ = try await bench.perform(operation, by: bench.keeper(parallelism: parallelism, gate: crash))
    guard crash.hasTripped else { return ["it was not killed"] }
    let again = try await bench.perform(operation, by: bench.keeper(parallelism: parallelism))
    var problems: [String] = []
    if again?.hasFailed == true { problems.append("the second time failed: \(again?.ends ?? [])") }
    let left = try await bench.cluster()
    switch operation {
    case .start where left?.phase != .running: problems.append("it is \(left?.phase.rawValue ?? "gone")")
    case .stop where left?.phase != .stopped: problems.append("it is \(left?.phase.rawValue ?? "gone")")
    case .delete where left != nil: problems.append("\(left?.nodes ?? []) \(left?.belongings ?? []) are left")
    default: break
    }
    if bench.othersState() != others { problems.append("others were touched") }
    return problems
  }
}
