import Planning
import WorkloadSpec

/// Says where the addresses in a field of a workload lead on an engine, and why.
public struct AddressText {
  private let workload: Workload
  private let others: [String: Workload]
  private let addressing: Addressing

  /// The addresses of a workload.
  ///
  /// - Parameter others: the workloads that are read with it.
  public init(of workload: Workload, among others: [Workload], by addressing: Addressing) {
    self.workload = workload
    self.others = Dictionary(others.map { ($0.name, $0) }) { first, _ in first }
    self.addressing = addressing
  }

  /// One line for each address in a field.
  ///
  /// - Parameter field: as plans name it: `services[api].env.DB`.
  public func lines(in field: String) -> [String] {
    workload.services.flatMap { service in
      var seen: Set<AddressReference> = []
      return service.addressUses.compactMap { use -> String? in
        let path = "services[\(service.name)].\(use.path)"
        guard path == field, seen.insert(use.reference).inserted else { return nil }
        return "  ${\(use.reference.name)} is \(meaning(of: use.reference, seenFrom: service))"
      }
    }
  }

  private func meaning(of reference: AddressReference, seenFrom service: Service) -> String {
    switch addressing {
    case .names:
      let text = "`\(Addressing.text(of: reference, seenFrom: service))`"
      if reference.service == service.name, reference.workload == nil { return "\(text): the service itself" }
      guard let other = reference.workload else {
        return "\(text): the services of an instance find each other by name"
      }
      return "\(text): by this name, the ready instances of \(other) are found"
    case .pods:
      let text = "`\(Addressing.podText(of: reference))`"
      guard let other = reference.workload else {
        return "\(text): the services of an instance are containers of one pod, and share its network"
      }
      return "\(text): by this name, the ready instances of \(other) are found"
    case .loopback:
      let host = Addressing.loopbackHost
      guard let container = reference.port else { return "`\(host)`: the machine itself" }
      let target = reference.workload.map { others[$0] } ?? workload
      let pinned = target?.service(reference.service)?.ports.first {
        $0.container == container && $0.protocol == .tcp
      }?.host
      if let pinned {
        return
          "`\(reference.text(host: host, port: pinned))`: the spec of \(reference.service) pins the port by `host`"
      }
      let port = "the port that \(reference.place) is assigned"
      let place =
        switch reference.part {
        case .address: "`\(host)` and \(port)"
        case .host: "`\(host)`"
        case .port: port
        }
      if reference.workload == nil, reference.service == service.name {
        return "\(place): it is assigned before the service starts"
      }
      return "\(place): it is known when \(reference.place) is ready"
    }
  }
}
