import Diagnostics
import DockerAPI
import Planning
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What containers use that berth did not make: volumes and networks of the engine, paths of its machine.
struct ThingsOfOthers: Sendable {
  let client: DockerClient
  let key: WorkloadKey
  /// By which way services are reached.
  let route: ProbeRoute

  /// Reports what is not there, of some services that containers are made for, or must not be used.
  func check(_ services: [Service], _ diagnostics: inout Diagnostics) async throws {
    for service in services {
      for volume in service.volumes {
        switch volume.type {
        case .external: try await checkVolume(volume, of: service, &diagnostics)
        case .bind: checkPath(volume, of: service, &diagnostics)
        case .persistent, .ephemeral, .memory: break
        }
      }
      for network in service.network.join { try await checkNetwork(network, of: service, &diagnostics) }
    }
  }

  private func checkVolume(
    _ volume: WorkloadSpec.Volume, of service: Service, _ diagnostics: inout Diagnostics
  ) async throws {
    let name = volume.source ?? volume.name
    guard let found = try await ifFound({ try await client.volumes.inspect(name) }) else {
      diagnostics.report(
        .providerRefuses,
        "the engine has no volume `\(name)`, which `\(service.name)` mounts as `\(volume.name)`",
        help: "make it, or write `type: persistent` for one that berth makes")
      return
    }
    if let holder = try await AdoptionStamps.all(on: client).otherHolder(of: name, beside: key, on: client),
      !volume.readOnly
    {
      diagnostics.report(
        .providerRefuses,
        "the volume `\(name)`, which `\(service.name)` mounts and may write to, is what the workload \(holder) has adopted",
        help:
          "mount it with `readOnly: true`; or have that one give it up: `type: external, source: \(name)` in its spec, then `berth destroy --volumes`"
      )
      return
    }
    guard let owner = Label.owner(of: found.labels) else { return }
    diagnostics.report(
      .providerRefuses,
      "the volume `\(name)`, which `\(service.name)` mounts, belongs to the workload \(owner)",
      help: "no workload mounts a volume that berth made for another one")
  }

  private func checkNetwork(
    _ network: JoinedNetwork, of service: Service, _ diagnostics: inout Diagnostics
  ) async throws {
    let name = network.name
    guard let found = try await ifFound({ try await client.networks.inspect(name) }) else {
      diagnostics.report(
        .providerRefuses, "the engine has no network `\(name)`, which `\(service.name)` joins",
        help: "make it: `docker network create \(name)`")
      return
    }
    guard let owner = Label.owner(of: found.labels) else { return }
    let isShared = found.labels?[Label.network] == NetworkUse.instances.rawValue
    let what =
      isShared
      ? "is what the instances of the namespace `\(found.labels?[Label.namespace] ?? "")` have in common"
      : "belongs to the workload \(owner)"
    diagnostics.report(
      .providerRefuses, "the network `\(name)`, which `\(service.name)` joins, \(what)",
      help: "name a network that berth did not make")
  }

  /// Of another machine's paths nothing is seen from here: there, the engine says it when the container is made.
  private func checkPath(
    _ volume: WorkloadSpec.Volume, of service: Service, _ diagnostics: inout Diagnostics
  ) {
    guard let path = ContainerFields.bindSource(of: volume) else { return }
    guard route.isLocal else {
      guard volume.isSourceRelative else { return }
      diagnostics.report(
        .badBindSource,
        "the source of the bind `\(volume.name)` of `\(service.name)` is relative to the workload file, and this engine is on another machine",
        help: "write the whole path on that machine, or take `configFiles` with a `folder`")
      return
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      // The machine's administrator may see more than berth.
      guard errno == ENOENT || errno == ENOTDIR else { return }
      diagnostics.report(
        .badBindSource, "the source `\(path)` of the bind `\(volume.name)` of `\(service.name)` is not there",
        help: "make it first: berth makes no paths of the machine")
      return
    }
    let kind = status.st_mode & S_IFMT
    // A socket is how programs are reached that run on the machine.
    guard ![S_IFREG, S_IFDIR, S_IFSOCK].contains(kind) else { return }
    diagnostics.report(
      .badBindSource,
      "the source `\(path)` of the bind `\(volume.name)` of `\(service.name)` is neither a folder nor a regular file",
      help: "a device goes under `security: {devices: …}`")
  }
}
