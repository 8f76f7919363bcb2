import Diagnostics
import Engine
import Planning
import ProviderContract
import TestSupport

extension Story {
  /// Seeds of generated stories, in ranges that are tried side by side.
  static let generations: [Range<UInt64>] = {
    let size: UInt64 = Thoroughness.isFull ? 125 : 15
    return (0..<8).map { $0 * size..<($0 + 1) * size }
  }()

  /// The story of a seed: a generated workload, what became of it, and something that is done on the way.
  static func generated(_ seed: UInt64) -> Story {
    var pairs = SpecPairs(seed: seed)
    let (old, new) = pairs.next()
    var random = SplitMix64(state: seed &+ 1_000_000)
    let (first, second) = (Goal.spec(old, services: nil), Goal.spec(new, services: nil))
    let scope = ServiceScope(
      ordinal: Bool.random(using: &random) ? 0 : nil,
      service: old.services.randomElement(using: &random)?.name)
    let stop = Goal.operation(.stop(Bool.random(using: &random) ? scope : .all))
    let count = Int.random(in: 0...4, using: &random)
    // An update is what happens most; each of the others has its share.
    let steps: [(what: String, before: [Goal], goal: Goal)] = [
      ("apply", [], second), ("update", [first], second), ("update", [first], second),
      ("update", [first], second), ("update after an update", [second, first], second),
      ("rollback", [first, second], .release(1)), ("scale", [first], .scale(count)),
      ("update of what was scaled", [first, .scale(count)], second), ("stop", [first], stop),
      ("start", [first, stop], .operation(.start(.all))),
      ("update of what is stopped", [first, stop], second),
      ("restart", [first], .operation(.restart(scope))),
      ("destroy", [first], .destroy(volumes: count % 2 == 0)),
      ("destroy of what is stopped", [first, stop], .destroy(volumes: false)),
      ("apply after a destroy", [first, .destroy(volumes: false)], second),
      ("pause", [first], second), ("promote", [first, second], .promote), ("abort", [first, second], .abort),
    ]
    let pausing = ["pause", "promote", "abort"]
    let step = steps[Int.random(in: 0..<steps.count, using: &random)]
    let drift = Int.random(in: 0...6, using: &random)
    return Story(
      name: "seed \(seed), \(step.what)",
      before: { bench in
        for (index, goal) in step.before.enumerated() {
          try await bench.apply(goal, pauses: index == 1 && pausing.contains(step.what))
        }
        bench.drift(drift)
      }, goal: step.goal, pauses: step.what == "pause", alwaysActs: step.what == "restart")
  }
}

extension Bench {
  /// Does something to the first instance behind berth's back.
  fileprivate func drift(_ kind: Int) {
    guard let instance = instances.first, let service = instance.services.last?.name else { return }
    provider.meddle { world in
      switch kind {
      case 1: world.kill(service, in: instance.id, of: key)
      case 2: world.remove(service, from: instance.id, of: key)
      case 3: world.edit(service, in: instance.id, of: key) { $0.command.append("--by-hand") }
      default: break
      }
    }
  }
}

extension Rehearsal {
  /// The rehearsal of a generated story, half of them on engines that change one service; `nil` if what it asks for is
  /// refused, or is done already.
  static func ofGenerated(_ seed: UInt64) async throws -> Rehearsal? {
    let units: [UnitOfChange] = [.service, .instance, .service, .workload]
    do {
      let rehearsal = try await Rehearsal(Story.generated(seed), on: units[Int(seed % 4)])
      return rehearsal.effects > 0 ? rehearsal : nil
    } catch is DiagnosticError {
      return nil
    }
  }
}
