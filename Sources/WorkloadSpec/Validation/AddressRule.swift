import Diagnostics

/// What a text refers to is a service that can be found, at a port that it lists.
public struct AddressRule {
  /// The workload that refers.
  let workload: Workload

  /// What is wrong with one reference.
  struct Problem {
    let code: DiagnosticCode
    let message: String
    let help: String
    /// The service that is referred to, if there is one.
    var target: Service?
  }

  // MARK: Siblings

  /// Checks the references of a workload's services to one another.
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    let rule = AddressRule(workload: workload)
    for service in workload.services {
      // One place may refer to one thing many times.
      var seen: Set<AddressUse> = []
      for use in service.addressUses where seen.insert(use).inserted {
        if diagnostics.isFull { return }
        guard let problem = rule.problem(with: use.reference, of: service, places) else { continue }
        diagnostics.report(
          problem.code, problem.message, at: places.place(of: use, in: service), help: problem.help,
          related: problem.target.map {
            RelatedLocation.list("`\($0.name)` is here", places.place(of: $0, "name"))
          } ?? [])
      }
    }
  }

  private func problem(
    with reference: AddressReference, of service: Service, _ places: SpecPlaces
  ) -> Problem? {
    if let other = reference.workload {
      guard other == workload.name else { return nil }
      let own = AddressReference(reference.part, of: reference.service, port: reference.port)
      return Problem(
        code: .unknownAddress, message: "`\(service.name)` refers to its own workload by name",
        help: "write `${\(own.name)}`")
    }
    guard let target = workload.service(reference.service) else {
      guard places.couldReadNames(in: Service.field, of: Service.nameFields) else { return nil }
      let others = workload.services.filter { !$0.role.isRunToEnd }.map(\.name)
      return Problem(
        code: .unknownAddress,
        message:
          "`\(service.name)` refers to the address of `\(reference.service)`, which is no service of this workload",
        help: (Suggestion.help(for: reference.service, among: others).map { "\($0); " } ?? "")
          + "a service of another workload is written `WORKLOAD/\(reference.service)`")
    }
    guard places.couldRead("ports", of: target) else { return nil }
    if let problem = Self.portProblem(reference, of: target, referredToBy: service.name) { return problem }
    guard target.name != service.name else { return nil }
    let modes = (Self.mode(of: service), Self.mode(of: target))
    guard modes.0 != modes.1 || modes.0 == .none else { return nil }
    return Problem(
      code: .unreachableAddress,
      message:
        "`\(service.name)` can't reach `\(target.name)`: the one has the network mode `\(modes.0.rawValue)`, the other `\(modes.1.rawValue)`",
      help: "have both in the network of their instance: leave out `network.mode`", target: target)
  }

  // MARK: Other workloads

  /// What is wrong with the references of a workload to the services of another one.
  ///
  /// - Returns: for each, the service that refers and the use, with what to say.
  func problems(in other: Workload) -> [(service: Service, use: AddressUse, problem: Problem)] {
    workload.services.flatMap { service in
      var seen: Set<AddressUse> = []
      return service.addressUses.compactMap { use -> (Service, AddressUse, Problem)? in
        guard use.reference.workload == other.name, seen.insert(use).inserted,
          let problem = problem(with: use.reference, of: service, in: other)
        else { return nil }
        return (service, use, problem)
      }
    }
  }

  /// Checks the references of a workload to the services of another one, which no file at hand states.
  public static func check(_ workload: Workload, against other: Workload) -> [Diagnostic] {
    AddressRule(workload: workload).problems(in: other).map {
      Diagnostic($0.problem.code, $0.problem.message, help: $0.problem.help)
    }
  }

  private func problem(with reference: AddressReference, of service: Service, in other: Workload) -> Problem?
  {
    guard let target = other.service(reference.service) else {
      let names = other.services.filter { !$0.role.isRunToEnd }.map(\.name)
      return Problem(
        code: .unknownAddress,
        message:
          "`\(service.name)` refers to the address of `\(reference.service)`, which is no service of `\(other.name)`",
        help: Suggestion.help(for: reference.service, among: names)
          ?? "the services of `\(other.name)` are \(names.map { "`\($0)`" }.joined(separator: ", "))")
    }
    if let problem = Self.portProblem(
      reference, of: target, in: other.name, referredToBy: service.name)
    {
      return problem
    }
    if other.isIsolated {
      return Problem(
        code: .unreachableAddress,
        message: "`\(service.name)` refers to `\(other.name)`, whose network is isolated",
        help: "leave out `network: {isolated: true}` of `\(other.name)`", target: target)
    }
    if workload.isIsolated {
      return Problem(
        code: .unreachableAddress,
        message:
          "`\(service.name)` refers to `\(other.name)`, and the network of `\(workload.name)` is isolated",
        help: "leave out `network: {isolated: true}` of `\(workload.name)`")
    }
    for (name, mode) in [(service.name, Self.mode(of: service)), (target.name, Self.mode(of: target))]
    where mode != .instance {
      return Problem(
        code: .unreachableAddress,
        message:
          "`\(service.name)` can't reach `\(target.name)` of `\(other.name)`: `\(name)` has the network mode `\(mode.rawValue)`",
        help: "leave out `network.mode`", target: target)
    }
    if workload.services.contains(where: { $0.name == other.name }) {
      return Problem(
        code: .ambiguousName,
        message:
          "`\(other.name)` is a service of `\(workload.name)`, and a workload that its service `\(service.name)` refers to",
        help:
          "call the service or the workload by another name: where names resolve, one name leads to one place"
      )
    }
    return nil
  }

  // MARK: Both

  private static func portProblem(
    _ reference: AddressReference, of target: Service, in workload: String? = nil,
    referredToBy name: String
  ) -> Problem? {
    let place = "`\(target.name)`" + (workload.map { " of `\($0)`" } ?? "")
    if target.role.isRunToEnd {
      return Problem(
        code: .unknownAddress,
        message:
          "`\(name)` refers to the address of \(place), which runs to its end, so that nothing can reach it",
        help: "refer to a service of role `main` or `sidecar`", target: target)
    }
    guard let number = reference.port else { return nil }
    let ports = target.ports.filter { $0.container == number }
    if ports.contains(where: { $0.protocol == .tcp }) { return nil }
    if !ports.isEmpty {
      return Problem(
        code: .unknownAddress,
        message: "`\(name)` refers to port \(number) of \(place), which is a port of UDP",
        help: "addresses are those of TCP: list the port with `protocol: tcp`", target: target)
    }
    let listed = target.ports.filter { $0.protocol == .tcp }.map { String($0.container) }
    return Problem(
      code: .unknownAddress,
      message: "`\(name)` refers to port \(number) of \(place), which lists no such port",
      help: listed.isEmpty
        ? "add `{container: \(number)}` to the `ports` of `\(target.name)`"
        : "its ports are \(listed.joined(separator: ", ")); or add `{container: \(number)}` to its `ports`",
      target: target)
  }

  private static func mode(of service: Service) -> NetworkMode {
    service.$network.isUnset ? .instance : service.network.mode
  }
}

extension SpecPlaces {
  /// Where a reference to an address stands.
  func place(of use: AddressUse, in service: Service) -> SourceLocation? {
    switch use.field {
    case "env": return place(of: service, "env", use.element ?? "")
    case "healthCheck": return place(of: service, "healthCheck", "command")
    case "configFiles":
      guard let file = service.configFiles.first(where: { $0.name == use.element }) else { break }
      return place(of: file, in: "configFiles", of: service, "content")
    default: break
    }
    return place(of: service, use.field)
  }
}
