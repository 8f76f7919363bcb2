import ArgumentParser
import Engine
import Planning
import WorkloadSpec

/// A named set of workloads, and what becomes of those that have no document any more.
struct SetSelection: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "The named set that the workloads belong to; it is recorded with each.", valueName: "name"))
  var setName: String?

  @Flag(help: "With --set: delete the workloads of the set that have no document any more. Volumes are kept.")
  var prune = false

  @Flag(help: "With --prune: delete a workload even if one that stays depends on it.")
  var force = false

  func validate() throws {
    if prune, setName == nil {
      throw ValidationError("--prune needs the name of the set that is meant: --set shop-prod --prune")
    }
    if let setName, !DNSLabel.isValid(setName) {
      throw ValidationError(
        "invalid value '\(setName)' for --set: expected lower-case letters, digits and '-'")
    }
  }

  /// The workloads of the set that are not among some that were read from files.
  func vanished(besides keys: [WorkloadKey], on target: Target) async throws -> [WorkloadKey] {
    guard let setName else { return [] }
    let members = try await target.planning.workloads(inSet: setName, namespace: target.namespace)
    return members.filter { !keys.contains($0) }
  }

  /// The deletions that `--prune` asks for; without it, what it would delete is told.
  func deletions(of vanished: [WorkloadKey], _ console: Console) -> [WorkloadRequest] {
    guard !vanished.isEmpty, let setName else { return [] }
    if prune {
      return vanished.map { WorkloadRequest(key: $0, goal: .destroy(volumes: false), isForced: force) }
    }
    let names = vanished.map(\.name).joined(separator: ", ")
    console.note(
      "Of the set \(setName), these have no document any more, and are left as they are: \(names). --prune deletes them."
    )
    return []
  }
}
