import Diagnostics

/// Exactly one service does the workload's work.
enum MainRule {
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    let mains = workload.services.indices.count { workload.services[$0].role == .main }
    guard mains != 1, places.couldReadRoles() else { return }
    if mains == 0 {
      // A list that is missing or could not be read was reported as that.
      let isEmptied = places.hasDocument || workload.kind.body == .services
      guard !workload.services.isEmpty || isEmptied && places.isEmptyList("services") else { return }
      diagnostics.report(
        .noMain, "no service has the role `main`", at: places.keyPlace("services"),
        help: "leave out the `role` of the service that does the work: `main` is the default")
      return
    }
    let services = workload.services.filter { $0.role == .main }
    for service in services.dropFirst() where service.name != services[0].name {
      diagnostics.report(
        .severalMains, "`\(service.name)` and `\(services[0].name)` both have the role `main`",
        at: places.place(of: service, "role"),
        help:
          "give all but one `role: sidecar`, `role: init` or `role: before`; without a role, a service is main",
        related: RelatedLocation.list(
          "`\(services[0].name)` is main here", places.place(of: services[0], "role")))
    }
  }
}
