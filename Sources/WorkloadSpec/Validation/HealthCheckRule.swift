import Diagnostics

/// A health check is of exactly one kind, and asks where the service listens.
enum HealthCheckRule {
  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    guard let check = service.healthCheck else { return }
    if service.role.isRunToEnd {
      let isInit = service.role == .`init`
      diagnostics.report(
        .initHealthCheck,
        "\(isInit ? "the init " : "")`\(service.name)` \(isInit ? "" : "runs to its end and ")has a health check, and would never be asked",
        at: places.place(of: service, "healthCheck"),
        help:
          "drop it: \(isInit ? "an init" : "a service of `role: before`") is ready when it has ended with exit code 0"
      )
      return
    }
    guard
      checkFields(of: check, { places.place(of: service, "healthCheck", $0) }, &diagnostics)
    else { return }
    guard let probe = check.probe else {
      guard places.couldRead("healthCheck", of: service) else { return }
      reportKind(of: check, { places.place(of: service, "healthCheck", $0) }, &diagnostics)
      return
    }
    switch probe {
    case .http(_, let port), .tcp(let port), .grpc(_, let port):
      checkPort(port, of: service, places, &diagnostics)
    case .command: break
    }
  }

  /// Checks what goes together, whatever the check asks.
  ///
  /// - Parameter place: where a field of it stands.
  /// - Returns: whether it asks anything, as far as that shows.
  static func checkFields(
    of check: HealthCheck, _ place: (String) -> SourceLocation?, _ diagnostics: inout Diagnostics
  ) -> Bool {
    if check.disabled {
      guard check.path != nil || check.port != nil || !check.command.isEmpty || check.grpc != nil else {
        return false
      }
      diagnostics.report(
        .healthCheckKind, "a health check that is disabled asks nothing", at: place("disabled"),
        help: "leave out `disabled`, or all the rest")
      return false
    }
    if check.probe.map({ if case .http = $0 { false } else { true } }) == true,
      let field = check.status.elements.isEmpty ? check.headers.entries.isEmpty ? nil : "headers" : "status"
    {
      diagnostics.report(
        .healthCheckKind, "`\(field)` is of a health check by HTTP", at: place(field),
        help: "leave it out, or add `path` and `port`")
    }
    return true
  }

  /// Reports why it is not known what a check asks.
  static func reportKind(
    of check: HealthCheck, _ place: (String) -> SourceLocation?, _ diagnostics: inout Diagnostics
  ) {
    let message: String
    let field: String
    if !check.command.isEmpty {
      message = "a health check is a command or a request, not both"
      field = "command"
    } else if check.grpc != nil {
      message =
        check.path == nil
        ? "a health check by gRPC needs a `port`" : "a health check is by HTTP or by gRPC, not both"
      field = "grpc"
    } else if check.path != nil {
      message = "a health check with a `path` needs a `port`"
      field = "path"
    } else {
      // That nothing is given at all was found when it was read.
      return
    }
    diagnostics.report(
      .healthCheckKind, message, at: place(field), help: HealthCheck.schema.description.alternatives?.help)
  }

  /// A service that states no ports may listen anywhere; one that states some is taken at its word.
  private static func checkPort(
    _ port: Int, of service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) {
    let ports = service.ports
    if ports.isEmpty || ports.contains(where: { $0.container == port && $0.protocol == .tcp }) { return }
    let known = ports.filter { $0.protocol == .tcp }.map(\.container)
    guard places.couldRead("ports", of: service) else { return }
    let isUDP = service.ports.contains { $0.container == port }
    let list = known.map { "`\($0)`" }.joined(separator: ", ")
    diagnostics.report(
      .healthCheckPort,
      isUDP
        ? "the health check asks port \(port), which is not a TCP port"
        : "the health check asks port \(port), which is not one of the ports of `\(service.name)`",
      at: places.place(of: service, "healthCheck", "port"),
      help: known.isEmpty ? "add it to `ports`" : "its TCP ports are \(list); add it there if it is meant",
      related: RelatedLocation.list("its ports are here", places.place(of: service, "ports")))
  }
}
