import Diagnostics

/// Services that use one name for a volume mean one volume.
enum VolumeRule {
  static func check(_ workload: Workload, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    checkAccess(workload, places, &diagnostics)
    for service in workload.services {
      for volume in service.volumes { checkFields(of: volume, service, places, &diagnostics) }
    }
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
        } else if volume.outlivesInstances, volume.access != first.volume.access {
          field = "access"
        } else if volume.source != first.volume.source {
          field = "source"
        } else if volume.driver != first.volume.driver {
          field = "driver"
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
      for volume in service.volumes where volume.access == .many && !volume.outlivesInstances {
        diagnostics.report(
          .ephemeralAccess,
          "the volume `\(volume.name)` is of type `\(volume.type.rawValue)`: each instance has its own, and no other writes to it",
          at: places.place(of: volume, in: "volumes", of: service, "access"),
          help: "leave out `access`, or write `type: persistent` if the instances are to share it")
      }
    }
  }

  /// What a volume has goes with what it is.
  private static func checkFields(
    of volume: Volume, _ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics
  ) {
    func report(_ field: String, _ message: String, help: String) {
      diagnostics.report(
        .volumeField, "the volume `\(volume.name)` \(message)",
        at: places.place(of: volume, in: "volumes", of: service, field), help: help)
    }
    let type = volume.type.rawValue
    switch volume.type {
    case .bind:
      if let source = volume.source {
        if !source.hasPrefix("/") {
          report(
            "source", "is a bind of `\(source)`, which is not a path",
            help: "write a whole path, or one that is relative to this file: `./\(source)`")
        } else if let problem = Rule.folderPath.problem(source) {
          report("source", "is a bind, and \(problem.message)", help: problem.help ?? "write another path")
        }
      } else {
        report("type", "is a bind, and has no `source`", help: "add `source`: the path on the machine")
      }
    case .external:
      if let source = volume.source, let problem = Rule.engineName.problem(source) {
        report(
          "source", "is external, and \(problem.message)",
          help: problem.help ?? "write the engine's name of it")
      }
    case .persistent, .ephemeral, .memory:
      if volume.source != nil {
        report(
          "source", "is of type `\(type)`, which has no `source`",
          help:
            "leave it out, or write `type: bind` for a path of the machine, `type: external` for a volume of the engine"
        )
      }
    }
    if volume.mode != nil, volume.type != .memory {
      report(
        "mode", "is of type `\(type)`, and `mode` is of one in memory",
        help: "leave it out, or write `type: memory`")
    }
    if !volume.$driver.isUnset, !volume.type.isMade {
      report("driver", "is of type `\(type)`, which berth does not make", help: "leave out `driver`")
    }
    if volume.subPath != nil, volume.type == .memory {
      report("subPath", "is of type `memory`, in which nothing is at first", help: "leave out `subPath`")
    }
    if volume.size != nil, volume.type == .bind || volume.type == .external {
      report("size", "is of type `\(type)`, and has the size that it has", help: "leave out `size`")
    }
    if volume.readOnly, volume.type == .memory {
      report("readOnly", "is of type `memory`, and nothing could ever be in it", help: "leave out `readOnly`")
    }
  }
}
