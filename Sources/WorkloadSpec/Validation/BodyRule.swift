import Diagnostics

/// A document holds one body, and the one that its kind is about.
enum BodyRule {
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    let held = workload.bodies
    if held.count > 1 {
      diagnostics.report(
        .severalBodies, "a workload holds either `\(held[0].rawValue)` or `\(held[1].rawValue)`",
        at: places.keyPlace(held[1].rawValue), help: "make two documents of it, each with a name of its own",
        related: RelatedLocation.list("the other one is here", places.keyPlace(held[0].rawValue)))
      return
    }
    // A kind that can't be read was reported as that.
    guard places.couldReadKind() else { return }
    let isGiven = places.isGiven("kind")
    guard let body = held.first else { return checkEmpty(workload, places, &diagnostics) }
    guard workload.kind.body != body else { return }
    let kinds = WorkloadKind.allCases.filter { $0.body == body }.map { "`kind: \($0.rawValue)`" }
    diagnostics.report(
      .severalBodies,
      isGiven
        ? "`kind: \(workload.kind.rawValue)` has `\(workload.kind.body.rawValue)`, and this workload has `\(body.rawValue)`"
        : "a workload without a `kind` has `services`, and this one has `\(body.rawValue)`",
      at: isGiven ? places.place("kind") : places.keyPlace(body.rawValue),
      help: "write \(kinds.joined(separator: " or "))",
      related: isGiven
        ? RelatedLocation.list("`\(body.rawValue)` is here", places.keyPlace(body.rawValue)) : [])
  }

  /// An empty list is a body that holds nothing. Of services, the rule of their roles says so.
  private static func checkEmpty(
    _ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) {
    let empty =
      places.hasDocument ? Body.allCases.first { places.isEmptyList($0.rawValue) } : workload.kind.body
    guard let body = empty, body != .services else { return }
    diagnostics.report(
      .severalBodies, "this workload holds nothing: `\(body.rawValue)` is empty",
      at: places.keyPlace(body.rawValue),
      help: "write what it holds, or take the document away")
  }
}
