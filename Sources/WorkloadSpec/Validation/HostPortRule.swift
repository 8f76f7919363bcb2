import Diagnostics

/// A port of the host belongs to one service of one instance.
enum HostPortRule {
  private struct Claim {
    let index: Int
    let workload: Workload
    let places: SpecPlaces
    let service: Service
    let port: Port

    var place: SourceLocation? { places.place(of: port, in: "ports", of: service, "host") }

    func name(besides other: Workload) -> String {
      workload.name == other.name ? "`\(service.name)`" : "`\(service.name)` of `\(workload.name)`"
    }
  }

  private struct Key: Hashable {
    let host: Int
    let transport: TransportProtocol
  }

  /// Whether two ports of one number can't be had at once: their addresses are the same, or one of them is all.
  private static func overlap(_ first: Port, _ second: Port) -> Bool {
    let (left, right) = (IPAddress.canonical(first.address ?? ""), IPAddress.canonical(second.address ?? ""))
    return left == right || IPAddress.isWildcard(left) || IPAddress.isWildcard(right)
  }

  /// Whether a workload wants any port of the host.
  static func concerns(_ workload: Workload) -> Bool {
    workload.services.contains { $0.ports.contains { $0.host != nil } }
  }

  /// Checks the workloads of one run against each other.
  ///
  /// - Returns: the indices of the workloads that can't have what they want.
  static func check(
    across workloads: [(workload: Workload, places: SpecPlaces)], _ diagnostics: inout Diagnostics
  ) -> Set<Int> {
    var claims: [Key: [Claim]] = [:]
    var refused: Set<Int> = []
    for (index, (workload, places)) in workloads.enumerated() {
      for service in workload.services {
        for port in service.ports {
          guard let host = port.host else { continue }
          let claim = Claim(index: index, workload: workload, places: places, service: service, port: port)
          let key = Key(host: host, transport: port.protocol)
          if let first = claims[key]?.first(where: { overlap($0.port, port) }) {
            reportClash(claim, first, host, &diagnostics)
            refused.formUnion([index, first.index])
          } else {
            claims[key, default: []].append(claim)
          }
        }
      }
    }
    return refused
  }

  private static func reportClash(
    _ claim: Claim, _ first: Claim, _ host: Int, _ diagnostics: inout Diagnostics
  ) {
    let isOne = claim.workload.name == first.workload.name && claim.service.name == first.service.name
    diagnostics.report(
      .hostPortClash,
      isOne
        ? "`\(claim.service.name)` wants the host port \(host) for two of its ports"
        : "\(claim.name(besides: first.workload)) wants the host port \(host), which "
          + "\(first.name(besides: claim.workload)) has",
      at: claim.place, help: "choose another `host` port, or leave it out to get a free one",
      related: RelatedLocation.list("it is taken here", first.place))
  }
}
