import Planning
import ProviderKit
import Supervisor
import WorkloadSpec

/// What a service is given for the addresses in its texts: the machine's loopback address, and the ports that were assigned
/// to the services that it refers to.
struct ServiceAddresses {
  let layout: Layout
  let key: WorkloadKey
  /// The workload as it will be.
  let workload: Workload
  /// What is known of the services of its instance.
  let record: InstanceRecord

  /// What a service is given, by the name of the reference. It is noted with the workloads whose ports it is given. The lock of
  /// the ports is held.
  ///
  /// - Parameter ports: the ports of the service itself.
  /// - Throws: ``ActionFailure`` if a service that it refers to has no port yet.
  func given(to service: Service, ports: [AssignedPort]) throws -> [String: String] {
    var addresses: [String: String] = [:]
    let references = Set(service.addressUses.map(\.reference))
    for reference in references where reference.workload == nil {
      // A text that an older berth took as it is may look like a reference.
      guard workload.service(reference.service) != nil else { continue }
      let own = reference.service == service.name ? ports : record.service(reference.service)?.ports ?? []
      addresses[reference.name] = try text(reference, seenFrom: service) { container in
        own.first { $0.container == container && $0.transport == .tcp }?.host
      }
    }
    let others = Dictionary(grouping: references.filter { $0.workload != nil }) { $0.workload ?? "" }
    for (name, references) in others {
      let held = HeldPorts(layout: layout, key: WorkloadKey(namespace: key.namespace, name: name))
      let known = try OtherPorts(of: held)
      for reference in references {
        addresses[reference.name] = try text(reference, seenFrom: service) { container in
          known.host(of: ServicePort(service: reference.service, container: container))
        }
      }
      let given = workload.ports(of: name).reduce(into: [:]) { $0[$1] = known.host(of: $1) }
      try held.note(given, givenTo: key.name)
    }
    try HeldPorts.forget(key, besides: workload.addressedWorkloads, in: layout)
    return addresses
  }

  private func text(
    _ reference: AddressReference, seenFrom service: Service, host: (Int) -> Int?
  ) throws -> String {
    guard let container = reference.port else { return Addressing.loopbackHost }
    guard let port = host(container) else {
      throw ActionFailure(
        "`\(service.name)` refers to port \(container) of `\(reference.place)`, which has none on this machine yet"
          + (reference.workload.map { ": apply `\($0)` first" } ?? ""))
    }
    return reference.text(host: Addressing.loopbackHost, port: port)
  }

  /// The ports of the services of another workload.
  private struct OtherPorts {
    private let instances: [InstanceRecord]
    private let held: [HeldPort]

    init(of held: HeldPorts) throws {
      let layout = held.layout
      let ids = try Files.names(in: layout.instances, startingWith: layout.prefix(of: held.key))
        .compactMap { layout.instanceID($0, of: held.key) }.filter { $0 != .before }.sorted()
      instances = try ids.compactMap { try InstanceRecord.read(layout.instance($0, of: held.key).state) }
      self.held = held.read()
    }

    /// The number on the machine of a port.
    func host(of port: ServicePort) -> Int? {
      let numbers = instances.compactMap { record in
        record.service(port.service)?.ports.first {
          $0.container == port.container && $0.transport == .tcp
        }?.host
      }
      return AssignedNumber.choose(numbers, last: held.first { $0.port == port }?.host)
    }
  }
}
