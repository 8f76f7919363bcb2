import Diagnostics
import DockerAPI
import Planning

/// What writes to a workload's data and is not its own: a volume that was adopted goes by the name that its project gave it,
/// and the project may have been started again.
struct OtherWriters: Sendable {
  let client: DockerClient
  let key: WorkloadKey

  private var names: EngineNames { EngineNames(key: key) }

  /// Reports the containers that would write beside what a plan makes or starts, where a volume has one writer. An engine is
  /// asked only where data goes by another name than berth gives.
  func check(
    _ plan: Plan, given observation: Observation, _ diagnostics: inout Diagnostics
  ) async throws {
    let services = services(of: plan)
    let elsewhere = observation.volumes.compactMap { volume -> (VolumePlace, String, Started)? in
      guard let data = volume.data, let place = VolumePlace(volume), data != names.volume(place),
        let service = services.first(where: { $0.writes(to: place) })
      else { return nil }
      return (place, data, service)
    }
    guard !elsewhere.isEmpty else { return }
    let stamped = try await StampedContainers(client: client, key: key).list()
    let own = Set(stamped.map(\.summary.id) + plan.actions.compactMap(\.adopts))
    for (place, data, service) in elsewhere {
      let users = try await client.containers.list(filters: ["volume": [data]])
      for user in users.sorted(by: { $0.id < $1.id }) where !own.contains(user.id) && user.writes(to: data) {
        let name = user.names.first ?? user.id
        diagnostics.report(
          .dataInUse,
          "`\(name)`, which is not of `\(key.name)`, writes to `\(data)`, where `\(service.name)` has its volume `\(place.name)`",
          help: Self.help(for: user, name))
      }
    }
  }

  private static func help(for user: ContainerSummary, _ name: String) -> String {
    if let owner = Label.owner(of: user.labels) { return "stop the workload \(owner), or give it other data" }
    let removal = "stop and remove it (`docker stop \(name)`, `docker rm \(name)`)"
    guard let project = user.labels?[ComposeLabel.project] else { return removal }
    return removal
      + ", or have it adopted with what it has written since (`--adopt-from \(project)`); and take the project's file out of use"
  }

  /// A service that a plan makes or starts, in one instance.
  private struct Started {
    let name: String
    let id: InstanceID
    let volumes: Set<VolumePlace>

    /// Whether it has one of the workload's volumes, and is the only one to write to it.
    func writes(to place: VolumePlace) -> Bool {
      if case .image(let volume, let ordinal) = place { return volume.service == name && ordinal == id.place }
      return volumes.contains(place)
    }
  }

  private func services(of plan: Plan) -> [Started] {
    plan.actions.compactMap { action in
      guard [.create, .replace, .start, .restart].contains(action.kind),
        case .service(let id, let name) = action.subject, id != .before,
        let workload = plan.desired(for: action), let service = workload.service(name)
      else { return nil }
      let volumes = service.volumes.filter(\.isForOneWriter).compactMap {
        VolumePlace($0, in: id, of: workload.kind)
      }
      return Started(name: name, id: id, volumes: Set(volumes))
    }
  }
}

extension ContainerSummary {
  /// Whether it can write to a volume now, or goes on doing so.
  fileprivate func writes(to volume: String) -> Bool {
    ["running", "paused", "restarting"].contains(state)
      && (mounts ?? []).contains { $0.type == "volume" && $0.name == volume && $0.writable != false }
  }
}

extension VolumePlace {
  /// Where a volume that outlives instances was observed; `nil` of one that goes with its instance.
  fileprivate init?(_ observed: ObservedVolume) {
    switch (observed.image, observed.ordinal) {
    case (let image?, let ordinal?): self = .image(image, ordinal: ordinal)
    case _ where observed.type == .ephemeral: return nil
    case (_, let ordinal?): self = .ordinal(observed.name, ordinal)
    default: self = .shared(observed.name)
    }
  }
}
