import Engine
import Foundation
import Planning
import WorkloadSpec

extension Story {
  private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// Everything that can be done to the workloads in the folder `examples`.
  static func examples() throws -> [Story] {
    let folder = project + "/examples"
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix("workload.yaml") }
    let layers =
      files.map { [folder + "/" + $0] } + [[folder + "/many"]]
      + ["staging", "prod"].map { name in ["base", name].map { "\(folder)/environments/\($0).yaml" } }
    return layers.flatMap { paths in
      let label = paths.last?.dropFirst(folder.count + 1) ?? ""
      // What depends on other workloads is never alone: `JointStory` has such.
      return WorkloadLoader.load(paths: paths).workloads.filter { $0.workload.waitsFor.isUnset }.flatMap {
        lives(of: $0.workload, named: "\(label) \($0.workload.name)")
      }
    }
  }

  /// The stories of one workload.
  private static func lives(of workload: Workload, named name: String) -> [Story] {
    var (old, new) = (workload, workload)
    (old.name, new.name) = ("shop", "shop")
    // What one instance has alone is scaled to none and back.
    let before = old
    let (usual, other) = (old.replicas ?? 1, old.soleUse == nil ? (old.replicas ?? 1) + 2 : 0)
    new.labels["edition"] = "second"
    for index in new.services.indices { new.services[index].env["EDITION"] = "second" }
    let after = new
    func story(
      _ what: String, after steps: [Goal] = [], _ goal: Goal, pauses: Bool = false, alwaysActs: Bool = false
    ) -> Story {
      Story(
        name: "\(name): \(what)",
        before: { bench in for step in steps { try await bench.apply(step) } }, goal: goal, pauses: pauses,
        alwaysActs: alwaysActs)
    }
    let (first, second) = (Goal.spec(before, services: nil), Goal.spec(after, services: nil))
    let stop = Goal.operation(.stop(.all))
    var stories = [
      story("apply", first),
      story("update", after: [first], second),
      story("rollback", after: [first, second], .release(1)),
      story("scale", after: [first], .scale(other)),
      story("scale back", after: [first, .scale(other)], .scale(usual)),
      story("stop", after: [first], stop),
      story("start", after: [first, stop], .operation(.start(.all))),
      story("update what is stopped", after: [first, stop], second),
      story("restart", after: [first], .operation(.restart(.all)), alwaysActs: true),
      story("suspend", after: [first], .operation(.suspend(Examples.suspension))),
      story(
        "unsuspend", after: [first, .operation(.suspend(Examples.suspension))], .operation(.unsuspend)),
      story("destroy", after: [first], .destroy(volumes: false)),
      story("destroy with volumes", after: [first, second], .destroy(volumes: true)),
      story("apply after a destroy", after: [first, .destroy(volumes: false)], second),
    ]
    if [.canary, .blueGreen].contains(before.strategy.type) {
      func paused(_ what: String, _ goal: Goal) -> Story {
        Story(
          name: "\(name): \(what)",
          before: { bench in
            try await bench.apply(first)
            try await bench.apply(second, pauses: true)
          }, goal: goal)
      }
      stories += [
        story("pause", after: [first], second, pauses: true), paused("promote", .promote),
        paused("abort", .abort), paused("roll back a pause", .release(1)),
      ]
    }
    return stories
  }
}
