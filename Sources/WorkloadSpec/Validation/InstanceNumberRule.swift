import Diagnostics

/// What only one instance can have at a time, several can't have.
enum InstanceNumberRule {
  /// Checks a workload that will have some instances.
  static func check(
    _ workload: Workload, instances count: Int, _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) {
    if workload.kind.isSingle, count != 1 {
      diagnostics.report(
        .outOfRange, "there can't be \(count) of an object set: there is one of each object",
        at: places.place("replicas"), help: "leave out `replicas`")
    }
    guard count > 1, workload.soleUse != nil else { return }
    let related = RelatedLocation.list("the number of instances is set here", places.place("replicas"))
    var volumes: Set<String> = []
    for service in workload.services {
      for port in service.ports {
        guard let host = port.host else { continue }
        diagnostics.report(
          .hostPortReplicas, "\(count) instances can't share the host port \(host)",
          at: places.place(of: port, in: "ports", of: service, "host"),
          help: "leave out `host`, so that each instance gets a port of its own, or have one instance",
          related: related)
      }
      for volume in workload.volumesForOne(of: service) where volumes.insert(volume.name).inserted {
        diagnostics.report(
          .oneWriterReplicas,
          "\(count) instances would write to the volume `\(volume.name)`, and its `access` is `one`",
          at: places.place(of: volume, in: "volumes", of: service, "access"),
          help:
            "write `access: many` if its services are made to share it, `kind: stateful_set` to give each instance a volume of its own, or have one instance",
          related: related)
      }
    }
  }
}
