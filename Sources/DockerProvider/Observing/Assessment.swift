import Diagnostics
import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// What a person should know before a workload is applied to an engine, as far as only the engine can tell.
struct Assessment: Sendable {
  let client: DockerClient
  let names: EngineNames
  /// By which way services are asked how they are.
  let route: ProbeRoute
  /// Whether containers were reached at their own addresses before.
  let reach: ContainerReach

  /// What there is of the workload.
  let observation: Observation

  func assess(_ workload: Workload) async throws -> Diagnostics {
    var diagnostics = Diagnostics()
    try await noteImageVolumes(of: workload, &diagnostics)
    noteSuccessions(in: workload, &diagnostics)
    try await checkHostPorts(of: workload, &diagnostics)
    try await checkRoutes(to: workload, &diagnostics)
    return diagnostics
  }

  // MARK: Volumes that images declare

  /// What an image that is there declares and the spec does not name. Of one that has to be pulled first, nothing is known.
  private func noteImageVolumes(of workload: Workload, _ diagnostics: inout Diagnostics) async throws {
    let services = workload.ofInstances.services
    let images = try await images(Set(services.compactMap(\.image)))
    for service in services {
      guard let name = service.image, let image = images[name] else { continue }
      for volume in ImageVolume.undeclared(by: service, image) {
        diagnostics.report(
          .imageVolume,
          "the image `\(name)` of service `\(service.name)` declares the volume `\(volume.path)`, which the spec does not name: berth keeps what it holds, as `\(volume.label)`, for each instance",
          help:
            "name it, and what it holds goes by that name: `volumes: [{name: \(volume.suggestion), mountPath: \(volume.path), type: persistent}]`; or `type: ephemeral` if it is not worth keeping"
        )
      }
    }
  }

  /// Those images among some that the engine has, by the names that they are asked for by.
  private func images(_ names: Set<String>) async throws -> [String: Image] {
    try await withThrowingTaskGroup(of: (String, Image?).self) { [client] group in
      for name in names {
        group.addTask { (name, try await ifFound { try await client.images.inspect(name) }) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  /// What becomes of what images declared once the spec names a volume there.
  private func noteSuccessions(in workload: Workload, _ diagnostics: inout Diagnostics) {
    let observed = Set(observation.volumes.filter { $0.image == nil && $0.type == .persistent }.map(\.name))
    let named = Set(workload.services.flatMap(\.volumes).filter { $0.type == .persistent }.map(\.name))
    for name in named.subtracting(observed).sorted() {
      let seen = ImageVolume.seen(as: name, in: workload)
      let kept = observation.volumes.filter { $0.image.map(seen.contains) ?? false }
      guard let first = kept.first else { continue }
      if workload.kind.hasStableInstances || kept.count == 1 {
        diagnostics.report(
          .imageVolumeNamed,
          "the volume `\(name)` takes over what is kept as `\(first.name)`; nothing is copied")
      } else {
        let ordinals = kept.compactMap(\.ordinal).sorted().map(String.init).joined(separator: ", ")
        diagnostics.report(
          .imageVolumeLeft,
          "the volume `\(name)` starts empty: `\(first.name)` of the instances \(ordinals) hold something each, and none of them is taken",
          help: "they are kept; a workload of `kind: stateful_set` has a volume for each instance")
      }
    }
  }

  // MARK: Ports and routes

  /// A host port that another container has published is not free. What else may listen there, only the engine's
  /// machine knows.
  private func checkHostPorts(of workload: Workload, _ diagnostics: inout Diagnostics) async throws {
    let pinned = workload.services.flatMap { service in
      service.ports.compactMap { port in port.host.map { (service: service.name, port: port, host: $0) } }
    }
    guard !pinned.isEmpty else { return }
    async let listed = client.containers.list(all: false)
    // What is taken over keeps its ports.
    let ours = Set(
      try await AdoptionStamps.list(
        StampedContainers(client: client, key: names.key).filters(), on: client
      ).ids + observation.instances.flatMap(\.services).compactMap { $0.adoption?.id })
    let containers = try await listed
    for (service, port, host) in pinned {
      let holder = containers.first { container in
        !ours.contains(container.id) && !container.names.contains { names.container(named: $0) != nil }
          && (container.ports ?? []).contains { $0.host == host && $0.type == port.protocol.rawValue }
      }
      guard let holder else { continue }
      diagnostics.report(
        .portTaken,
        "host port \(host)/\(port.protocol.rawValue) of service `\(service)` is in use by the container `\(holder.names.first ?? holder.id)`",
        help: holder.labels?[ComposeLabel.project].map {
          "it is of the compose project `\($0)`: `--adopt-from \($0)` takes it over; or choose another `host` port"
        } ?? "choose another `host` port, or leave it out to have one assigned")
    }
  }

  /// Checks that berth makes itself need a way to the service.
  private func checkRoutes(to workload: Workload, _ diagnostics: inout Diagnostics) async throws {
    let unpublished = workload.services.filter { service in
      switch service.healthCheck?.probe {
      case .http(_, let port), .tcp(let port), .grpc(_, let port):
        !service.ports.contains { $0.container == port && $0.protocol == .tcp }
      case .command, nil: false
      }
    }.map { "`\($0.name)`" }
    guard !unpublished.isEmpty, try await !route.leadsToContainers(of: client, reach) else { return }
    let seconds = ContainerReader.settling / .seconds(1)
    diagnostics.report(
      .providerNote,
      "berth can't reach the health-check port of \(unpublished.joined(separator: ", ")) from here, so it counts as ready after running for \(seconds) s",
      help: "list that port under `ports`, or check by `command`")
  }
}
