/// Services that use one name for a volume mean one volume.
enum VolumeRule {
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    checkAccess(workload, places, &diagnostics)
    guard workload.services.reduce(0, { $0 + $1.volumes.count }) > 1 else { return }
    var firsts: [String: (service: Service, volume: Volume)] = [:]
    for service in workload.services {
      for volume in service.volumes {
        guard let first = firsts[volume.name] else {
          firsts[volume.name] = (service, volume)
          continue
        }
        let field: String
        if volume.type != first.volume.type {
          field = "type"
        } else if volume.type == .persistent, volume.access != first.volume.access {
          field = "access"
        } else if let size = volume.size, let other = first.volume.size, size != other {
          field = "size"
        } else {
          continue
        }
        diagnostics.report(
          .volumeMismatch,
          "the volume `\(volume.name)` has another `\(field)` in `\(first.service.name)`",
          at: places.place(of: volume, in: "volumes", of: service, field),
          help: "state the same in both, or use two names for two volumes",
          related: RelatedLocation.list(
            "it is stated here too",
            places.place(of: first.volume, in: "volumes", of: first.service, field)))
      }
    }
  }

  /// What goes with its instance is written to by nothing else.
  private static func checkAccess(
    _ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) {
    for service in workload.services {
      for volume in service.volumes where volume.access == .many && volume.type == .ephemeral {
        diagnostics.report(
          .ephemeralAccess,
          "the volume `\(volume.name)` is ephemeral: each instance has its own, and no other writes to it",
          at: places.place(of: volume, in: "volumes", of: service, "access"),
          help: "leave out `access`, or write `type: persistent` if the instances are to share it")
      }
    }
  }
}
