import Diagnostics
import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Tells of fields that other clients keep and that an apply of a workload would write.
struct HeldFieldRule: Sendable {
  /// What the server has.
  let facts: EngineFacts

  /// One finding for each client and object: an error for fields that berth has not said so far, a note for those that the client
  /// changed since berth applied them.
  func findings(on workload: Workload, as key: WorkloadKey, given observation: Observation) -> [Diagnostic] {
    guard !observation.heldFields.isEmpty else { return [] }
    let held = made(of: workload, as: key, given: observation).flatMap {
      HeldFields.conflicts(with: $0, in: observation.heldFields)
    }
    return Dictionary(grouping: held, by: Group.init).sorted { $0.key < $1.key }.map { group, fields in
      let names = fields.map { "`\(HeldFields.text(of: $0.path))`" }.sorted()
      let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
      guard !fields.contains(where: { HeldFields.isAutoscaled($0.path, by: $0.manager) }) else {
        return Diagnostic(
          .fieldHeld,
          "an autoscaler sets \(shown) of the \(group.object), by `\(group.manager)`, and the spec states another value",
          help:
            "leave `replicas` out of the spec, or delete the autoscaler and take over by `--take-ownership`")
      }
      guard group.wasApplied else {
        return Diagnostic(
          .fieldHeld,
          "`\(group.manager)` keeps \(shown) of the \(group.object), and the spec states another value",
          help: "leave it out of the spec, or take it over by `--take-ownership`")
      }
      return Diagnostic(
        .fieldChangedByOther,
        "`\(group.manager)` changed \(shown) of the \(group.object) since berth applied it",
        help: "it is set to what the spec says")
    }
  }

  /// The objects of every generation that is there: no other client has written to what new ones are called.
  private func made(
    of workload: Workload, as key: WorkloadKey, given observation: Observation
  ) -> [KubernetesObject] {
    let objects = Set(observation.heldFields.map(\.object))
    let names = ObjectNames(key: key)
    let generations = (1...64).filter { number in
      objects.contains { $0.hasSuffix(" \(names.controller(number))") }
    }
    let stopped = observation.controller?.replicas == 0
    return (generations.isEmpty ? [1] : generations).flatMap { generation in
      MadeObjects.make(
        Writing(
          key: key, workload: workload.ofInstances, run: RunID("none"), generation: generation, facts: facts,
          replicas: stopped ? 0 : workload.replicas))
    }
  }

  /// What is said in one finding.
  private struct Group: Hashable, Comparable {
    let object: String
    let manager: String
    let wasApplied: Bool

    init(_ field: HeldField) {
      (object, manager, wasApplied) = (field.object, field.manager, field.wasApplied)
    }

    static func < (left: Group, right: Group) -> Bool {
      (left.object, left.manager, left.wasApplied ? 1 : 0) < (
        right.object, right.manager, right.wasApplied ? 1 : 0
      )
    }
  }
}
