import Diagnostics
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
    for service in workload.services {
      checkVolumes(of: service, &diagnostics)
      checkNetwork(of: service, &diagnostics)
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
  /// What depends on what a volume is.
  private func checkVolumes(of service: Service, _ diagnostics: inout Diagnostics) {
    for volume in service.volumes where volume.type == .external {
      diagnostics.report(
        .providerRefuses,
        "the volume `\(volume.name)` of service `\(service.name)` is one of an engine, which local processes have not",
        help: "write `type: bind` with a path of this machine")
    }
    let memory = service.volumes.filter { $0.type == .memory }.map { "`\($0.name)`" }
    if !memory.isEmpty, let obstacle = facts.obstacles["volumes.size"] {
      diagnostics.report(
        .providerNote,
        "\(memory.joined(separator: ", ")) of `\(service.name)` is to be memory, and is a folder here that is emptied at each start: \(obstacle)"
      )
    }
  }

  /// A service that is in no network can be in none here, and is asked by what is in the machine's.
  private func checkNetwork(of service: Service, _ diagnostics: inout Diagnostics) {
    guard !service.$network.isUnset, service.network.mode == .none else { return }
    if let obstacle = facts.obstacles["network.mode"] {
      diagnostics.report(
        .missingRight, "service `\(service.name)` is to be in no network, and \(obstacle)",
        help: "let root apply it, or leave out `network`")
    }
    switch service.healthCheck?.probe {
    case .http, .tcp, .grpc:
      diagnostics.report(
        .providerRefuses,
        "service `\(service.name)` is in no network, and its health check asks by one",
        help: "check it by a `command`, which runs where the service does")
    case .command, nil: break
    }
  }
}
