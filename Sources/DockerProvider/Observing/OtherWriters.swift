import DockerAPI
import Planning
import WorkloadSpec

/// What writes to a workload's data and is not its own: a volume that was adopted goes by the name that its project gave it,
/// and the project may have been started again.
struct OtherWriters: Sendable {
  /// The engine.
  let client: DockerClient
  /// The workload.
  let key: WorkloadKey

  private var names: EngineNames { EngineNames(key: key) }

  /// Reports the containers that would write beside what a plan makes or starts, where a volume has one writer.
  func check(_ plan: Plan, _ diagnostics: inout Diagnostics) async throws {
    let places = places(of: plan)
    guard !places.isEmpty else { return }
    async let listed = client.volumes.list(filters: ["name": ["^\(names.prefix)"]])
    let containers = try await StampedContainers(client: client, key: key).list()
    let volumes = WorkloadVolumes(try await listed, containers, names: names)
    let own = Set(containers.map(\.summary.id) + plan.actions.compactMap(\.adopts))
    for (place, service) in places.sorted(by: { names.volume($0.key) < names.volume($1.key) }) {
      guard let data = volumes.dataName(of: place), data != names.volume(place) else { continue }
      let users = try await client.containers.list(filters: ["volume": [data]])
      for user in users.sorted(by: { $0.id < $1.id }) where !own.contains(user.id) && user.writes(to: data) {
        let name = user.names.first ?? user.id
        diagnostics.report(
          .dataInUse,
          "`\(name)`, which is not of `\(key.name)`, writes to `\(data)`, where `\(service)` has its volume `\(place.name)`",
          help: Self.help(for: user, name))
      }
    }
  }

  private static func help(for user: ContainerSummary, _ name: String) -> String {
    let removal = "remove it (`docker rm -f \(name)`)"
    guard let project = user.labels?[ComposeLabel.project] else { return removal }
    return removal
      + ", or have it adopted with what it was since (`--adopt-from \(project)`); and take the project's file out of use"
  }

  /// The volumes of one writer that services mount which a plan makes or starts, each with one of these services.
  private func places(of plan: Plan) -> [VolumePlace: String] {
    var places: [VolumePlace: String] = [:]
    for action in plan.actions where [.create, .replace, .start, .restart].contains(action.kind) {
      guard case .service(let id, let name) = action.subject, let workload = plan.desired(for: action) else {
        continue
      }
      for volume in workload.service(name)?.volumes ?? []
      where volume.isForOneWriter {
        if let place = VolumePlace(volume, in: id, of: workload.kind) { places[place] = name }
      }
    }
    return places
  }
}

extension ContainerSummary {
  /// Whether it can write to a volume now, or goes on doing so.
  fileprivate func writes(to volume: String) -> Bool {
    ["running", "paused", "restarting"].contains(state)
      && (mounts ?? []).contains { $0.type == "volume" && $0.name == volume && $0.writable != false }
  }
}
