import ProviderKit
import WorkloadSpec

extension LocalFields {
  /// What a person should know before a workload runs as local processes, as far as the spec and the machine's facts
  /// tell.
  func findings(on workload: Workload) -> Diagnostics {
    var diagnostics = Diagnostics()
    for service in workload.services where service.command.isEmpty {
      diagnostics.report(
        .providerRefuses, "service `\(service.name)` has no `command`, which local processes need",
        help: "add a `command`: images are not run here")
    }
    diagnostics.append(contentsOf: table.notes(on: workload))
    let registries = workload.services.filter { $0.secrets.contains { $0.type == .registry } }.map(\.name)
    if !registries.isEmpty {
      let names = registries.map { "`\($0)`" }.joined(separator: ", ")
      diagnostics.report(
        .providerNote,
        "no image is pulled on local processes: the registry credentials of \(names) are not used")
    }
    return diagnostics
  }
}
