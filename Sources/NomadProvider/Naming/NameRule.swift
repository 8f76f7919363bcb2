import Diagnostics
import Planning
import WorkloadSpec

/// Which names of a spec a cluster of Nomad can't have.
enum NameRule {
  /// The longest name by which a service is found: it is a label of DNS.
  static let longestService = 63
  /// The longest path of a variable.
  static let longestPath = 128

  /// Reports the names of a workload that can't be used on a cluster.
  static func check(_ workload: Workload, into diagnostics: inout Diagnostics) {
    for service in workload.services {
      let job =
        service.role == .before
        ? JobNames(key: .init(name: workload.name)).job(of: service.name) : workload.name
      if service.name == "alloc" {
        diagnostics.report(
          .badName,
          "the service `alloc` has a name that no task of Nomad may have, since a folder of its own has it",
          help: "give it another name")
      }
      checkPath(job, service, &diagnostics)
      if service.role.isRunToEnd { continue }
      checkJoints(workload, service, &diagnostics)
      for port in service.ports {
        let name = JobNames.service(service.name, port.container, of: workload.name)
        tooLong(
          name, longestService, "what the port \(port.identity) of the service `\(service.name)` is found by",
          &diagnostics)
      }
    }
  }

  private static func checkJoints(
    _ workload: Workload, _ service: Service, _ diagnostics: inout Diagnostics
  ) {
    guard !service.ports.isEmpty else { return }
    for (what, name) in [("workload", workload.name), ("service", service.name)]
    where name.contains(JobNames.joint) {
      diagnostics.report(
        .jointInName,
        "the \(what) `\(name)` has `--` in its name, by which names of services on a cluster are joined",
        help: "give it a name with single hyphens")
    }
  }

  private static func checkPath(_ job: String, _ service: Service, _ diagnostics: inout Diagnostics) {
    guard !service.secretUses.isEmpty else { return }
    tooLong(
      JobNames.variable(of: service.name, in: job), longestPath,
      "the path of the variable for the secrets of the service `\(service.name)`", &diagnostics)
  }

  private static func tooLong(
    _ made: String, _ limit: Int, _ what: String, _ diagnostics: inout Diagnostics
  ) {
    let surplus = made.utf8.count - limit
    guard surplus > 0 else { return }
    diagnostics.report(
      .nameTooLong, "\(what), `\(made)`, is too long: Nomad takes \(limit) characters",
      help: "shorten the names in it by \(surplus) \(surplus == 1 ? "character" : "characters")")
  }
}
