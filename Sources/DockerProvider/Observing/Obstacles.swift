import Diagnostics
import DockerAPI
import Planning
import WorkloadSpec

/// What an engine lacks for what a plan makes and starts.
struct Obstacles: Sendable {
  let client: DockerClient
  /// By which way services are reached.
  let route: ProbeRoute
  /// Whether containers were reached at their own addresses before.
  let reach: ContainerReach
  /// Asks how the engine is set up.
  let info: @Sendable () async throws -> EngineInfo

  /// Looks for what stands in the way of a plan.
  func find(for plan: Plan, given observation: Observation) async throws -> Diagnostics {
    var diagnostics = Diagnostics()
    try await checkImages(for: plan, &diagnostics)
    try await checkNetworks(for: plan, &diagnostics)
    try await checkHostPorts(for: plan, &diagnostics)
    try await OtherWriters(client: client, key: plan.key).check(
      plan, given: observation, &diagnostics)
    try await ThingsOfOthers(client: client, key: plan.key, route: route).check(
      services(of: plan, in: [.create, .replace]), &diagnostics)
    return diagnostics
  }

  /// The services that actions of some kinds concern, each as it will be.
  private func services(of plan: Plan, in kinds: Set<ActionKind>) -> [Service] {
    plan.actions.compactMap { action in
      guard kinds.contains(action.kind), let name = action.subject.service else { return nil }
      return plan.desired(for: action)?.service(name)
    }
  }

  // MARK: Images

  /// A container is made from an image that is there; one that is there already needs its image no more.
  private func checkImages(for plan: Plan, _ diagnostics: inout Diagnostics) async throws {
    let made = services(of: plan, in: [.create, .replace, .run]).filter { $0.pullPolicy == .never }
    for image in Set(made.compactMap(\.image)).sorted() {
      guard try await ifFound({ try await client.images.inspect(image) }) == nil else { continue }
      diagnostics.report(
        .providerRefuses,
        "the image `\(image)` is not on the engine, and `pullPolicy: never` forbids to pull it",
        help: "load it there, or use `pullPolicy: missing`")
    }
  }

  // MARK: Addresses

  /// Each network takes a part of the engine's addresses.
  private func checkNetworks(for plan: Plan, _ diagnostics: inout Diagnostics) async throws {
    let need = NetworkNeed(of: plan)
    guard !need.networks.isEmpty else { return }
    async let engine = info()
    let networks = try await client.networks.list()
    for network in networks {
      guard let labels = need.common[network.name], !Label.isSameUse(network.labels, as: labels) else {
        continue
      }
      diagnostics.report(
        .foreignObject, "the network `\(network.name)` is in the way: berth did not create it",
        help: "rename or remove it: berth makes one of that name")
    }
    let needed = need.atOnce(beside: Set(networks.map(\.name)))
    let pools = AddressPools(try await engine)
    let free = pools.free(beside: networks.flatMap(\.subnets).compactMap(AddressBlock.init))
    guard needed > free else { return }
    diagnostics.report(
      .noAddressesLeft,
      "the engine has addresses for \(free) more network\(free == 1 ? "" : "s"), and this plan needs \(needed): each instance of several services has one of its own, and each workload that others refer to one more (its pools: \(pools.words))",
      help: AddressPools.help)
  }

  // MARK: Ports of the host

  /// A port that no container has published may be a plain process's. Only where the engine's network is this machine's,
  /// that is seen from here.
  private func checkHostPorts(for plan: Plan, _ diagnostics: inout Diagnostics) async throws {
    let started = services(of: plan, in: [.create, .replace, .start, .restart])
    let pinned = Set(
      started.flatMap { service in
        service.ports.compactMap { port in
          port.host.map { PinnedPort(service: service.name, number: $0, transport: port.protocol) }
        }
      })
    guard !pinned.isEmpty, try await route.leadsToContainers(of: client, reach) else { return }
    let taken = ListeningPorts.now()
    let published = Set(
      try await client.containers.list(all: false).flatMap { $0.ports ?? [] }.compactMap { port in
        port.host.map { "\($0)/\(port.type)" }
      })
    for port in pinned.sorted(by: { ($0.number, $0.service) < ($1.number, $1.service) }) {
      guard taken.contains(port.number, port.transport), !published.contains(port.description) else {
        continue
      }
      diagnostics.report(
        .portTaken,
        "host port \(port) of service `\(port.service)` is in use on the engine's machine, and no container has published it",
        help: "end that process, choose another `host` port, or leave it out to have one assigned")
    }
  }

  /// A port of the host that a service wants.
  private struct PinnedPort: Hashable, CustomStringConvertible {
    let service: String
    let number: Int
    let transport: TransportProtocol

    var description: String { "\(number)/\(transport.rawValue)" }
  }
}
