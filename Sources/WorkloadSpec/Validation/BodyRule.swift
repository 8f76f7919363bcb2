/// A document holds one body, and the one that its kind is about.
enum BodyRule {
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    let held = workload.bodies
    if held.count > 1 {
      diagnostics.report(
        .severalBodies, "a workload holds either `\(held[0].rawValue)` or `\(held[1].rawValue)`",
        at: places.keyPlace(held[1].rawValue),
        help: "make two documents of it, each with a name of its own",
        related: RelatedLocation.list("the other one is here", places.keyPlace(held[0].rawValue)))
      return
    }
    guard let body = held.first else { return }
    if workload.kind.body != body {
      let kinds = WorkloadKind.allCases.filter { $0.body == body }.map { "`kind: \($0.rawValue)`" }
      diagnostics.report(
        .severalBodies,
        "`kind: \(workload.kind.rawValue)` has `\(workload.kind.body.rawValue)`, and this workload has `\(body.rawValue)`",
        at: places.place("kind"), help: "write \(kinds.joined(separator: " or "))",
        related: RelatedLocation.list("`\(body.rawValue)` is here", places.keyPlace(body.rawValue)))
    }
    if workload.kind.isSingle, let count = workload.replicas, count > 1 {
      diagnostics.report(
        .outOfRange, "`replicas` can't be \(count): there is one of each in an object set",
        at: places.place("replicas"), help: "leave out `replicas`")
    }
  }
}
