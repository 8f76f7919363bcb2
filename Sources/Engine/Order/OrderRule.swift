import Diagnostics
import Planning
import ProviderKit

/// Whether what a workload depends on can be ready before it, and whether one that goes away is needed by others.
struct OrderRule {
  let request: WorkloadRequest
  let target: String
  let neighbourhood: Neighbourhood

  private var key: WorkloadKey { request.key }

  /// What is wrong.
  ///
  /// - Throws: `StoreError` if a history can't be read.
  func check() throws -> Diagnostics {
    var diagnostics = Diagnostics()
    if request.isDeletion, !request.isForced { try checkDependents(&diagnostics) }
    for dependency in request.dependencies { try check(dependency, &diagnostics) }
    if let cycle = cycle() { diagnostics.append(Diagnostic(workloadCycle: cycle.map(\.name))) }
    return diagnostics
  }

  private func check(_ dependency: WorkloadKey, _ diagnostics: inout Diagnostics) throws {
    guard dependency != key else { return }
    let head = try neighbourhood.heads.answer(for: dependency)
    let name = dependency.name
    var replicas = head.release?.snapshot?.replicas
    switch neighbourhood.companions[dependency] {
    case .gone:
      diagnostics.report(
        .dependencyAbsent, "`\(key.name)` depends on `\(name)`, which this command deletes", at: nil,
        help: "keep `\(name)`, or drop what refers to it")
      return
    case .stated(let workload): replicas = workload.replicas ?? replicas
    case .released:
      guard head.release?.snapshot != nil else {
        diagnostics.report(
          .dependencyAbsent,
          "`\(key.name)` depends on `\(name)`, which is neither among what is applied nor on the target `\(target)`",
          at: nil,
          help: Suggestion.help(for: name, among: neighbourhood.companions.names(in: key.namespace))
            ?? "apply `\(name)` with it, or before it")
        return
      }
    }
    let state = head.operatorState
    if let suspension = state.suspension {
      report(
        dependency, "suspended since \(suspension.since) by \(suspension.by): \(suspension.reason)",
        help: "`berth unsuspend \(name)` lets it be changed again", &diagnostics)
    } else if !state.stopped.isEmpty {
      report(dependency, "stopped, or a part of it is", help: "`berth start \(name)` starts it", &diagnostics)
    } else if replicas == 0 {
      report(dependency, "scaled to 0", help: "`berth scale \(name) --replicas 1` starts it", &diagnostics)
    }
  }

  private func report(
    _ dependency: WorkloadKey, _ state: String, help: String, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.report(
      .dependencyStopped, "`\(key.name)` depends on `\(dependency.name)`, which is \(state)", at: nil,
      help: help)
  }

  private func checkDependents(_ diagnostics: inout Diagnostics) throws {
    let names = try neighbourhood.dependents(of: key).map { "`\($0.name)`" }
    guard !names.isEmpty else { return }
    diagnostics.report(
      .neededByOthers,
      "\(names.joined(separator: ", ")) \(names.count == 1 ? "depends" : "depend") on `\(key.name)`", at: nil,
      help:
        "delete those as well, or remove their references to `\(key.name)`; `--force` deletes it nevertheless"
    )
  }

  /// A way from the workload over what it waits for back to itself, the shortest one.
  private func cycle() -> [WorkloadKey]? {
    var paths = [[key]]
    var seen: Set<WorkloadKey> = []
    while !paths.isEmpty {
      var longer: [[WorkloadKey]] = []
      for path in paths {
        for next in path.last.map(neighbourhood.dependencies) ?? [] {
          if next == key { return path }
          if seen.insert(next).inserted { longer.append(path + [next]) }
        }
      }
      paths = longer
    }
    return nil
  }
}
