import Diagnostics
import Planning
import Supervisor
import WorkloadSpec

/// What a person should know of the volumes of a workload: whether services see them, what was moved away from their
/// places, and what stays in them.
struct VolumeAssessment {
  let layout: Layout
  let key: WorkloadKey
  /// The workload as it will be.
  let workload: Workload
  /// The key of the digests of what holds secrets, if there is one yet.
  let digestKey: [UInt8]?

  /// Assesses what is there.
  func assess(_ observation: Observation) -> [Diagnostic] {
    var notes: [Diagnostic] = []
    var locations: [(name: String, VolumeLocation, InstanceFolder)] = []
    for instance in observation.instances {
      let folder = layout.instance(instance.id, of: key)
      let wanted = layout.filePlaces(of: workload, instance.id, of: key)
      for record in (try? InstanceRecord.read(folder.state))?.services ?? []
      where record.hasVolumesOrFiles {
        guard let service = try? MadeService(record, of: key, instance.id, in: layout) else { continue }
        // Of a bind whose path is gone it is said that the path can't be used.
        let problems = service.volumeProblems().filter { $0.volume.kind != .given || $0.problem != .isGone }
        notes += problems.map { note($0.problem, of: $0.volume, service, instance.id) }
        notes += kept(of: service, in: instance.id, besides: wanted)
        locations += service.places.all.map { ($0.name, $0.location, folder) }
      }
    }
    var told: Set<String> = []
    for (name, location, folder) in locations {
      for path in VolumeRecovery.found(location, of: folder) where told.insert(path).inserted {
        notes.append(
          Diagnostic(
            .volumeRecovered, "\(path) holds data that was moved aside from the place of volume `\(name)`",
            help: "copy what is missing back into the volume, then delete \(path)"))
      }
    }
    return notes
  }

  private func note(
    _ problem: VolumeProblem, of volume: VolumePlace, _ service: MadeService, _ id: InstanceID
  ) -> Diagnostic {
    let path = service.places.root + "/" + volume.path.joined(separator: "/")
    let subject = "service `\(service.record.name)` of instance \(id)"
    switch problem {
    case .isGone:
      return Diagnostic(
        .volumeGone, "the folder of volume `\(volume.name)` is gone: \(volume.location.folder)",
        help: "put it back, or an empty one is made")
    case .isMissing:
      return Diagnostic(
        .volumeReplaced, "\(subject) does not see volume `\(volume.name)`: nothing is at \(path)",
        help: "an apply puts the volume back")
    case .isReplaced(let other):
      return Diagnostic(
        .volumeReplaced, "\(subject) has \(other) in place of volume `\(volume.name)`, at \(path)",
        help: "an apply puts the volume back, and moves \(other) to \(volume.location.recovery)-<number>"
      )
    }
  }

  /// The config files that the spec has no more, and that stay because they were changed.
  private func kept(
    of service: MadeService, in id: InstanceID, besides wanted: [FolderPlace]
  ) -> [Diagnostic] {
    service.kept(besides: wanted, digestKey).map { name, place in
      Diagnostic(
        .configFileKept,
        "config file `\(name)` of service `\(service.record.name)` was changed since it was written, and stays: \(place)",
        help: "delete it when it is not needed any more")
    }
  }
}

extension ServiceRecord {
  /// Whether it was made from a spec with volumes or config files.
  fileprivate var hasVolumesOrFiles: Bool { spec["volumes"] != nil || spec["configFiles"] != nil }
}
