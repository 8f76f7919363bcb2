import Diagnostics
import Foundation
import NIOCore
import Planning
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerAPI
@testable import DockerProvider

/// What `docker` can do to what berth has made: what a plan says of it, and what an apply does. The table in
/// docs/docker.md is the table of these cases.
@Suite(.serialized, TestEngine.isThere) struct ByHandTests {
  /// What a plan says.
  enum Finding: String {
    case drift, external, nothing, error
  }

  /// Something that is done by hand.
  struct Deed: Sendable, CustomTestStringConvertible {
    /// The first column of the table.
    let command: String
    /// What a plan says of it: how the second column begins.
    let finding: Finding
    /// The paths of the changes that a plan has for it.
    var paths: [String] = []
    /// Does it.
    let act: @Sendable (Hand) async throws -> Void

    init(
      _ command: String, _ finding: Finding, _ paths: [String] = [],
      act: @escaping @Sendable (Hand) async throws -> Void
    ) {
      (self.command, self.finding, self.paths, self.act) = (command, finding, paths, act)
    }

    var testDescription: String { command }
  }

  /// What a deed is done with, and to.
  struct Hand: Sendable {
    let world: DockerWorld
    let client: DockerClient

    var names: EngineNames { EngineNames(key: world.key) }
    var api: String { names.container(of: "api", in: InstanceID(0)) }
    var network: String { names.network(of: InstanceID(0)) }
    var copy: String { "\(world.namespace)/copy:1" }

    func remove(_ name: String, volumes: Bool = false) async throws {
      try await client.containers.remove(name, force: true, volumes: volumes)
    }

    func update(_ change: ContainerUpdate) async throws {
      try await client.containers.update(api, change)
    }

    /// What `docker update` can change and berth never asks for.
    func update(_ field: String, _ value: Int) async throws {
      try await client.call(Request(.POST, "containers", api, "update").with(json: [field: value]))
    }

    func reconnect(_ aliases: [String]) async throws {
      try await client.networks.disconnect(network, container: api)
      try await client.networks.connect(network, container: api, as: EndpointConfig(aliases: aliases))
    }

    /// Removes what is not in use, among all that is this world's.
    func prune(_ things: String) async throws {
      try await client.call(
        Request(.POST, things, "prune").with(filters: ["label": ["\(Label.namespace)=\(world.namespace)"]]))
    }

    func put(_ path: String, _ text: String) async throws {
      let entry = TarEntry.file(String(path.dropFirst()), Array(text.utf8))
      try await client.containers.putArchive(TarWriter.archive([entry]), in: api, path: "/")
    }

    func commit() async throws {
      let request = Request(.POST, "commit").with("container", api).with("repo", "\(world.namespace)/copy")
        .with(
          "tag", "1")
      try await client.call(request.with(json: EmptyObject()))
    }

    /// Runs a container of what was committed.
    func runCopy(named name: String) async throws {
      var config = ContainerConfig()
      config.image = copy
      try await client.containers.create(named: name, ContainerCreation(config: config))
      try await client.containers.start(name)
    }
  }

  static let deeds: [Deed] = [
    Deed("`rename`", .drift, ["container.name"]) {
      try await $0.client.containers.rename($0.api, to: "\($0.world.namespace)_renamed")
    },
    Deed("`rename` and `pause`", .drift, ["container.name", "container.paused"]) {
      try await $0.client.containers.pause($0.api)
      try await $0.client.containers.rename($0.api, to: "\($0.world.namespace)_renamed")
    },
    Deed("`pause`", .drift, ["container.paused"]) {
      try await $0.client.containers.pause($0.api)
    },
    Deed("`restart`", .nothing) { try await $0.client.containers.restart($0.api) },
    Deed("`stop`", .drift) { try await $0.client.containers.stop($0.api) },
    Deed("`kill`", .drift) { try await $0.client.containers.kill($0.api) },
    Deed("`rm --force`", .drift) { try await $0.remove($0.api) },
    Deed("`rm --force --volumes`", .drift) { try await $0.remove($0.api, volumes: true) },
    Deed("`container prune`", .drift) { hand in
      try await hand.client.containers.stop(hand.api)
      try await hand.prune("containers")
    },
    Deed("`network prune`", .nothing) { try await $0.prune("networks") },
    Deed("`volume prune`", .nothing) { try await $0.prune("volumes") },
    Deed("`update --cpus`", .drift, ["resources.cpu"]) {
      try await $0.update(ContainerUpdate(nanoCPUs: 250_000_000))
    },
    Deed("`update --memory`", .drift, ["resources.memory"]) {
      try await $0.update(ContainerUpdate(memory: 32 << 20, memorySwap: 32 << 20))
    },
    Deed("`update --memory-swap`", .drift, ["container.memorySwap"]) {
      try await $0.update(ContainerUpdate(memory: 64 << 20, memorySwap: 128 << 20))
    },
    Deed("`update --restart no`", .drift, ["restart"]) {
      try await $0.update(ContainerUpdate(restartPolicy: RestartPolicy(name: "no")))
    },
    Deed("`update --restart on-failure:9`", .drift, ["restart"]) {
      try await $0.update(
        ContainerUpdate(restartPolicy: RestartPolicy(name: "on-failure", maximumRetries: 9)))
    },
    Deed("`update --restart always`", .drift, ["container.restart"]) {
      try await $0.update(ContainerUpdate(restartPolicy: RestartPolicy(name: "always")))
    },
    Deed("`update --cpu-shares`", .nothing) { try await $0.update("CpuShares", 512) },
    Deed("`update --pids-limit`", .nothing) { try await $0.update("PidsLimit", 100) },
    Deed("`network disconnect`", .drift, ["container.networks[NETWORK]"]) {
      try await $0.client.networks.disconnect($0.network, container: $0.api)
    },
    Deed("`network connect`", .drift, ["container.networks[NETWORK_other]"]) {
      try await $0.client.networks.create(NetworkCreation(name: $0.network + "_other"))
      try await $0.client.networks.connect($0.network + "_other", container: $0.api)
    },
    Deed("`network connect --alias`", .drift, ["container.networks[NETWORK].aliases"]) {
      try await $0.reconnect(["web"])
    },
    Deed("`network rm`", .drift) { hand in
      for service in ["api", "proxy"] {
        try await hand.client.networks.disconnect(
          hand.network, container: hand.names.container(of: service, in: InstanceID(0)), force: true)
      }
      try await hand.client.networks.remove(hand.network, patience: .seconds(3))
    },
    Deed("`volume rm`", .drift) {
      try await $0.remove($0.api)
      try await $0.client.volumes.remove($0.names.volume(.shared("data")))
    },
    Deed("`cp` to a config file", .drift, ["configFiles[etc-app].content"]) {
      try await $0.put("/etc/app", "by hand\n")
    },
    Deed("`cp` to another file", .nothing) { try await $0.put("/etc/other", "by hand\n") },
    Deed("`exec` that writes to a config file", .drift, ["configFiles[etc-app].content"]) {
      _ = try await $0.world.output(of: "echo by hand > /etc/app", in: "api")
    },
    Deed("`exec` that writes to another file", .nothing) {
      _ = try await $0.world.output(of: "echo by hand > /etc/other", in: "api")
    },
    Deed("`commit`", .nothing) { try await $0.commit() },
    Deed("`commit` and `run`", .nothing) {
      try await $0.commit()
      try await $0.runCopy(named: "\($0.world.namespace)_copy")
    },
    Deed("`commit` and `run --name` with the name of a service", .error) { hand in
      try await hand.commit()
      try await hand.remove(hand.api)
      try await hand.runCopy(named: hand.api)
    },
    Deed("`image rm`", .nothing) { try await $0.client.images.remove("\($0.world.namespace)/moving:1") },
    Deed("`tag`", .external, ["image.digest"]) { hand in
      try await hand.commit()
      try await hand.client.images.tag(hand.copy, as: "\(hand.world.namespace)/moving:1")
    },
  ]

  private static func workload(_ image: String) -> Workload {
    var api = Service.idle("api")
    api.image = image
    api.pullPolicy = .never
    api.resources.memory = ByteQuantity("64Mi")
    api.resources.cpu = CPUQuantity("500m")
    api.configFiles = [.at("/etc/app", "one\n")]
    api.volumes = [.at("/data", .persistent, "data")]
    var workload = Workload.of(api, .idle("proxy", role: .sidecar))
    workload.strategy.maxUnavailable = 1
    return workload
  }

  @Test("Is seen and mended", arguments: deeds) func isSeenAndMended(_ deed: Deed) async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let image = "\(world.namespace)/moving:1"
      try await client.images.tag(TestEngine.image, as: image)
      let hand = Hand(world: world, client: client)
      let workload = Self.workload(image)
      do {
        try await world.apply(workload)
        try await deed.act(hand)
        try await check(deed, workload, hand)
      } catch {
        try? await tidy(hand)
        throw error
      }
      try await tidy(hand)
    }
  }

  private func check(_ deed: Deed, _ workload: Workload, _ hand: Hand) async throws {
    guard deed.finding != .error else {
      let error = await #expect(throws: DiagnosticError.self) { try await hand.world.drift() }
      #expect(error?.diagnostics.map(\.code) == [.foreignObject])
      return
    }
    let drift = try await hand.world.drift()
    let causes = drift.actions.reduce(into: Set<Cause>()) { $0.formUnion($1.causes) }
    switch deed.finding {
    case .nothing, .error: #expect(drift.actions.isEmpty, "\(drift.actions)")
    case .drift: #expect(causes == [.drift], "\(drift.actions)")
    case .external: #expect(causes == [.external], "\(drift.actions)")
    }
    #expect(
      Set(drift.actions.flatMap(\.changes).map(\.path))
        == Set(deed.paths.map { $0.replacing("NETWORK", with: hand.network) }))
    let before = try await hand.client.containers.list(filters: ["name": ["^/?\(hand.names.prefix)"]]).map(
      \.id)
    try await hand.world.apply(workload)
    #expect(try await hand.world.drift().actions.isEmpty)
    // Where nothing was to do, nothing waited until what was restarted by hand is ready again.
    try await eventually("all instances are ready") {
      try await hand.world.provider.observe(hand.world.key).instances.allSatisfy(\.isReady)
    }
    #expect(
      try await hand.world.output(of: "ping -c 1 -W 5 api >/dev/null && echo found", in: "proxy") == "found\n"
    )
    // What only its place among other things was taken from is given it back where it is.
    if deed.paths.contains(where: { $0.hasPrefix(ContainerDeviations.prefix) }) {
      let after = try await hand.client.containers.list(filters: ["name": ["^/?\(hand.names.prefix)"]]).map(
        \.id)
      #expect(Set(before).isSubset(of: after))
    }
    // Nothing that is berth's is left when it is gone, whatever it was called.
    try await hand.world.reach(.destroy(volumes: true))
    let rest = try await hand.client.containers.list(
      filters: ["label": ["\(Label.namespace)=\(hand.world.namespace)"]]
    ).flatMap(\.names).filter { !$0.hasSuffix("_copy") }
    #expect(rest.isEmpty)
  }

  private func tidy(_ hand: Hand) async throws {
    for container in try await hand.client.containers.list(
      filters: ["label": ["\(Label.namespace)=\(hand.world.namespace)"]])
    {
      _ = try await ifFound { try await hand.client.containers.remove(container.id, force: true) }
    }
    for image in [hand.copy, "\(hand.world.namespace)/moving:1"] {
      _ = try await ifFound { try await hand.client.images.remove(image, force: true) }
    }
  }

  /// The rows of the table: what is done, and what a plan says.
  private static func rows() throws -> [String: String] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/docker.md")
    let lines = try String(contentsOf: file, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("| `docker` ") })
    let rows = lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { row in
      row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    return Dictionary(rows.map { ($0[0], $0[1]) }) { $1 }
  }

  @Test("The table in the documentation is the table of these cases")
  func theTableInTheDocumentationIsTheTableOfTheseCases() throws {
    let rows = try Self.rows()
    #expect(Set(rows.keys) == Set(Self.deeds.map(\.command)))
    for deed in Self.deeds {
      let told = rows[deed.command] ?? ""
      #expect(told.hasPrefix(deed.finding.rawValue), "\(deed.command): \(told)")
    }
  }
}
