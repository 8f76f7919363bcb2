import Diagnostics

/// What a group of machines states beside its machine, and no other workload does.
enum MachineRule {
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    guard let check = workload.healthCheck else { return }
    func place(_ field: String) -> SourceLocation? { places.place("healthCheck", key: field) }
    guard workload.body == .machine else {
      diagnostics.report(
        .machineCheck,
        "a health check at the top is that of machines, and this workload has `\(workload.body.rawValue)`",
        at: places.keyPlace("healthCheck"),
        help: workload.body == .services ? "write it below the service that it asks" : "leave it out")
      return
    }
    guard HealthCheckRule.checkFields(of: check, place, &diagnostics) else { return }
    switch check.probe {
    case .http, .tcp, .grpc: break
    case .command:
      diagnostics.report(
        .machineCheck, "no command is run on a machine to find out whether it works", at: place("command"),
        help: "ask it over the network: `{path: /healthz, port: 8080}`, or `{port: 22}`")
    case nil:
      guard places.couldReadCheck() else { return }
      HealthCheckRule.reportKind(of: check, place, &diagnostics)
    }
  }
}
