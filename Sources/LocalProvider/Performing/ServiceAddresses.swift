import Planning
import ProviderKit
import WorkloadSpec

/// What a service is given for the addresses in its texts: the machine's loopback address, and the ports that were assigned
/// to the services that it refers to.
struct ServiceAddresses {
  /// Where things lie.
  let layout: Layout
  let key: WorkloadKey
  /// What is known of the services of its instance.
  let record: InstanceRecord

  /// What a service is given, by the name of the reference. A port of another workload belongs to that workload from now
  /// on. The lock of the ports is held.
  ///
  /// - Parameter ports: the ports of the service itself.
  /// - Throws: ``ActionFailure`` if a service that it refers to has no port yet.
  func given(to service: Service, ports: [AssignedPort]) throws -> [String: String] {
    var addresses: [String: String] = [:]
    for reference in Set(service.addressUses.map(\.reference)) {
      let port = try reference.port.map { try self.port($0, of: reference, seenFrom: service, ports) }
      addresses[reference.name] = reference.text(host: Addressing.loopbackHost, port: port ?? 0)
    }
    return addresses
  }

  private func port(
    _ container: Int, of reference: AddressReference, seenFrom service: Service, _ own: [AssignedPort]
  ) throws -> Int {
    func find(_ ports: [AssignedPort]?) -> Int? {
      ports?.first { $0.container == container && $0.transport == .tcp }?.host
    }
    if let workload = reference.workload {
      let other = WorkloadKey(namespace: key.namespace, name: workload)
      let held = HeldPorts(layout: layout, key: other)
      if let port = try held.read().first(where: {
        $0.service == reference.service && $0.container == container
      }) {
        return port.host
      }
      guard let found = try self.service(reference.service, of: other), let port = find(found.ports) else {
        throw ActionFailure(
          "`\(service.name)` refers to port \(container) of `\(reference.service)` of `\(workload)`, which has none on this machine: apply `\(workload)` first"
        )
      }
      // What its spec pins is its own already.
      let spec = try? Service(json: CanonicalJSON.compact(found.spec))
      let isPinned = spec?.ports.contains { $0.container == container && $0.host == port } ?? false
      guard !isPinned else { return port }
      return try held.hold(HeldPort(service: reference.service, container: container, host: port)).host
    }
    if reference.service == service.name, let port = find(own) { return port }
    guard let port = find(record.service(reference.service)?.ports) else {
      throw ActionFailure(
        "`\(service.name)` refers to port \(container) of `\(reference.service)`, which has none yet")
    }
    return port
  }

  /// A service of another workload, in the first instance that has it.
  private func service(_ name: String, of other: WorkloadKey) throws -> ServiceRecord? {
    let ids = try Files.names(in: layout.instances).compactMap { layout.instanceID($0, of: other) }
    for id in ids.sorted() where id != .before {
      let folder = layout.instance(id, of: other)
      if let found = try InstanceRecord.read(folder.state)?.service(name) { return found }
    }
    return nil
  }
}
