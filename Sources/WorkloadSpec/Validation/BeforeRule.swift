import Diagnostics

/// A service that runs once per run runs alone, beside instances that go on: nothing reaches it, and it takes nothing
/// that an instance has to itself.
enum BeforeRule {
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    for service in workload.services where service.role == .before {
      if let port = service.ports.first {
        diagnostics.report(
          .beforePorts, "`\(service.name)` runs before the instances, so nothing can reach its ports",
          at: places.place(of: port, in: "ports", of: service),
          help: "drop `ports`; what listens for as long as the workload lives is a `sidecar`")
      }
      for volume in service.volumes where volume.type == .persistent {
        if workload.kind.hasStableInstances {
          diagnostics.report(
            .beforeVolume,
            "`\(service.name)` runs before the instances, and each instance has a volume `\(volume.name)` of its own",
            at: places.place(of: volume, in: "volumes", of: service),
            help: "use `role: init`, which runs in each instance, or `type: ephemeral`")
        } else if volume.access == .one {
          diagnostics.report(
            .beforeVolume,
            "`\(service.name)` would write to the volume `\(volume.name)` while an instance still may",
            at: places.place(of: volume, in: "volumes", of: service),
            help:
              "write `access: many` if its services are made to share it, or use `role: init`, which runs in the instance"
          )
        }
      }
    }
  }
}
