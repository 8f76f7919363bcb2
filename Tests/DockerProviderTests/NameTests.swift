import Diagnostics
import DockerAPI
import Engine
import HealthProbes
import Planning
import ProviderContract
import ProviderKit
import Synchronization
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// How services find each other by their names: siblings, and the workloads of a namespace that refer to each other.
@Suite(.serialized, TestEngine.isThere) struct NameTests {
  // MARK: Workloads

  /// A service that tells its instance and its version to all who ask.
  private static func answering(
    _ name: String, role: Role = .main, version: String = "1", _ change: (inout Service) -> Void = { _ in }
  ) -> Service {
    .shell(
      name,
      "trap 'exit 0' TERM; mkdir /www; echo $BERTH_INSTANCE/$VERSION > /www/index.html; httpd -f -p 8080 -h /www & wait",
      role: role
    ) { service in
      service.env = ["VERSION": version]
      var port = WorkloadSpec.Port()
      port.container = 8080
      service.ports = [port]
      change(&service)
    }
  }

  private static func workload(_ name: String, replicas: Int = 1, _ services: Service...) -> Workload {
    var workload = Workload()
    workload.name = name
    workload.replicas = replicas
    workload.services = services
    return workload
  }

  /// `web`, which refers to the service `api` of `shop`.
  private static func web(_ change: (inout Service) -> Void = { _ in }) -> Workload {
    workload(
      "web",
      .idle("app") { service in
        service.env = ["SHOP": "http://${address.shop/api.8080}/", "HOST": "${host.shop/api}"]
        change(&service)
      })
  }

  // MARK: What is asked

  /// A workload of a world.
  private struct Place: Sendable {
    let world: DockerWorld
    let name: String
    var key: WorkloadKey { WorkloadKey(namespace: world.namespace, name: name) }
    var names: EngineNames { EngineNames(key: key) }

    init(_ world: DockerWorld, _ name: String) { (self.world, self.name) = (world, name) }

    func apply(_ workload: Workload) async throws { try await reach(.spec(workload, services: nil)) }

    func reach(_ goal: Goal) async throws {
      let result = try await Engine(provider: world.provider, target: "docker").apply(
        WorkloadRequest(key: key, goal: goal, isForced: true))
      #expect(result.outcome != .failed, "\(result.failures)")
    }

    func plan(_ workload: Workload) async throws -> [String] {
      try await EngineReader(reader: world.provider, target: "docker").plan(
        WorkloadRequest(key: key, goal: .spec(workload, services: nil))
      ).actions.map(\.id.description)
    }

    func drift() async throws -> [Change] {
      try await EngineReader(reader: world.provider, target: "docker").drift(of: key).actions.flatMap(
        \.changes)
    }

    func context(_ workload: Workload?, run: String = "run-1") -> ActionContext {
      ActionContext(key: key, desired: workload, run: RunID(run), timeout: .seconds(30))
    }

    func perform(_ action: Action, _ workload: Workload?, run: String = "run-1") async throws {
      try await world.provider.perform(action, in: context(workload, run: run))
    }

    func container(_ service: String, _ ordinal: Int = 0) async throws -> Container {
      try await world.connection.client().containers.inspect(
        names.container(of: service, in: InstanceID(ordinal)))
    }

    func output(of command: String, in service: String, _ ordinal: Int = 0) async throws -> String {
      let client = try await world.connection.client()
      let id = try await client.execs.create(
        in: names.container(of: service, in: InstanceID(ordinal)),
        ExecCreation(command: ["/bin/sh", "-c", command]))
      return try await client.execs.start(id, terminal: false) { streams in
        var bytes: [UInt8] = []
        for try await chunk in streams.output where chunk.stream == .output { bytes += chunk.bytes }
        return String(decoding: bytes, as: UTF8.self)
      }
    }

    /// To how many addresses a name leads, seen from a service.
    func count(of name: String, from service: String) async throws -> Int {
      try await output(
        of: "nslookup -timeout=1 -retry=1 -type=a \(name) 2>/dev/null | grep -c ^Name:", in: service
      ).split(separator: "\n").first.flatMap { Int($0) } ?? 0
    }

    /// What is answered at a place, seen from a service.
    func answer(of address: String, from service: String) async throws -> String {
      try await output(of: "wget -q -O- \(address)", in: service).trimmingNewlines
    }

    func networks(of service: String, _ ordinal: Int = 0) async throws -> Set<String> {
      Set((try await container(service, ordinal).network.networks ?? [:]).keys)
    }
  }

  /// The networks of a world that there are, without its namespace and without those that only the engine keeps.
  private func networks(_ world: DockerWorld) async throws -> [String] {
    var names: [String] = []
    for network in try await world.networks() where try await !world.isMiscounted(network) {
      names.append(String(network.name.dropFirst(world.namespace.count)))
    }
    return names.sorted()
  }

  // MARK: Within an instance

  @Test("Siblings find each other and themselves") func siblingsFindEachOtherAndThemselves() async throws {
    try await withDocker { world in
      let shop = Place(world, "shop")
      let workload = Self.workload(
        "shop", Self.answering("api") { $0.env["SELF"] = "${address.api.8080}" },
        .idle("proxy", role: .sidecar) { $0.args = ["${address.api.8080}", "${port.api.8080}", "$${root}"] })
      try await shop.apply(workload)
      #expect(try await shop.answer(of: "http://api:8080/", from: "proxy") == "0/1")
      #expect(try await shop.output(of: "echo $SELF", in: "api") == "localhost:8080\n")
      #expect(try await shop.container("proxy").config.command == ["api:8080", "8080", "${root}"])
      #expect(try await shop.plan(workload) == [])
    }
  }

  @Test("Addresses stand in files and checks and are read back as they were stated")
  func addressesStandInFilesAndChecksAndAreReadBackAsTheyWereStated() async throws {
    try await withDocker { world in
      let shop = Place(world, "shop")
      let workload = Self.workload(
        "shop", Self.answering("api"),
        .idle("proxy", role: .sidecar) { service in
          service.configFiles = [.at("/etc/proxy.conf", "to ${address.api.8080}\n")]
          var check = HealthCheck()
          check.command = ["/bin/sh", "-c", "wget -q -O- http://${address.api.8080}/"]
          check.interval = SpecDuration(milliseconds: 200)
          service.healthCheck = check
        })
      try await shop.apply(workload)
      #expect(try await shop.output(of: "cat /etc/proxy.conf", in: "proxy") == "to api:8080\n")
      #expect(try await shop.plan(workload) == [])
      let seen = try await world.provider.observe([shop.key], deeply: true).answer(for: shop.key)
      #expect(
        seen.instance(InstanceID(0))?.service("proxy")?.live.service == workload.service("proxy"))
    }
  }

  // MARK: Instances of a single service

  @Test("Instances of a single service share a network in which they do not reach each other")
  func instancesOfASingleServiceShareANetworkInWhichTheyDoNotReachEachOther() async throws {
    try await withDocker { world in
      let shop = Place(world, "shop")
      let workload = Self.workload(
        "shop", replicas: 2, Self.answering("api") { $0.network.aliases = ["web"] })
      try await shop.apply(workload)
      #expect(try await networks(world) == [".instances"])
      #expect(try await shop.plan(workload) == [])
      // Its own names lead to itself, and to no other.
      for name in ["api", "web"] {
        #expect(try await shop.count(of: name, from: "api") == 1)
        #expect(try await shop.answer(of: "http://\(name):8080/", from: "api") == "0/1")
      }
      let settings = try #require(
        try await shop.container("api", 1).network.networks?["\(world.namespace).instances"])
      let address = try #require(settings.address)
      #expect(
        try await shop.output(of: "ping -c 1 -W 1 \(address) >/dev/null || echo no", in: "api") == "no\n")

      try await shop.reach(.scale(1))
      #expect(try await networks(world) == [".instances"])
      try await shop.reach(.destroy(volumes: true))
      #expect(try await networks(world) == [])
    }
  }

  @Test("Sixty instances need one network") func sixtyInstancesNeedOneNetwork() async throws {
    try await withDocker { world in
      let places = (0..<3).map { Place(world, "w\($0)") }
      for place in places {
        try await place.apply(Self.workload(place.name, replicas: 20, .idle("api")))
      }
      #expect(try await networks(world) == [".instances"])
      for place in places {
        let seen = try await world.provider.observe(place.key)
        #expect(seen.instances.count == 20)
        let isReady = seen.instances.allSatisfy(\.isReady)
        #expect(isReady)
      }
      for place in places { try await place.reach(.destroy(volumes: true)) }
      #expect(try await networks(world) == [])
    }
  }

  @Test("An instance that gains a service is moved in place") func anInstanceThatGainsAServiceIsMovedInPlace()
    async throws
  {
    try await withDocker { world in
      let shop = Place(world, "shop")
      let one = Self.workload("shop", Self.answering("api"))
      try await shop.apply(one)
      let before = try await shop.container("api")
      let two = Self.workload("shop", Self.answering("api"), .idle("proxy", role: .sidecar))
      try await shop.apply(two)
      let after = try await shop.container("api")
      #expect(after.id == before.id)
      #expect(after.state.startedAt == before.state.startedAt)
      #expect(try await networks(world) == ["_shop_0"])
      #expect(try await shop.answer(of: "http://api:8080/", from: "proxy") == "0/1")
      #expect(try await shop.plan(two) == [])
      #expect(try await shop.drift() == [])
      // The engine starts it again where it is now.
      try await shop.reach(.operation(.restart(.all)))
      #expect(try await shop.answer(of: "http://api:8080/", from: "proxy") == "0/1")

      // Alone again, it stays where it is until it is made anew.
      try await shop.apply(one)
      #expect(try await shop.plan(one) == [])
      #expect(try await networks(world) == ["_shop_0"])
      try await shop.apply(Self.workload("shop", Self.answering("api", version: "2")))
      #expect(try await networks(world) == [".instances"])
      try await shop.reach(.destroy(volumes: true))
      #expect(try await networks(world) == [])
    }
  }

  @Test("What an older version made stays in its own network")
  func whatAnOlderVersionMadeStaysInItsOwnNetwork() async throws {
    try await withDocker { world in
      let (shop, client) = (Place(world, "shop"), try await world.connection.client())
      let workload = Self.workload("shop", Self.answering("api"))
      try await shop.apply(workload)
      // As it was made then: in a network of its own, by its name there.
      var creation = try ContainerBuilder(
        workload: workload, id: InstanceID(0), context: shop.context(workload), table: .standard
      ).container(of: workload.services[0])
      creation.config.labels = try await shop.container("api").config.labels
      let name = shop.names.container(of: "api", in: InstanceID(0))
      try await client.containers.remove(name, force: true)
      let id = try await client.containers.create(
        named: name, try await world.inNetworkOfItsOwn(creation, "api")
      ).id
      try await client.containers.start(id)
      try await client.networks.remove("\(world.namespace).instances")

      #expect(try await shop.plan(workload) == [])
      #expect(try await shop.drift() == [])
      try await shop.apply(workload)
      #expect(try await networks(world) == ["_shop_0"])
      try await shop.apply(Self.workload("shop", Self.answering("api", version: "2")))
      #expect(try await networks(world) == [".instances"])
    }
  }

  @Test("A shared network that was removed by hand is made anew where it is needed")
  func aSharedNetworkThatWasRemovedByHandIsMadeAnewWhereItIsNeeded() async throws {
    try await withDocker { world in
      let (shop, client) = (Place(world, "shop"), try await world.connection.client())
      let shared = "\(world.namespace).instances"
      let workload = Self.workload("shop", Self.answering("api"))
      try await shop.apply(workload)
      let before = try await shop.container("api")
      try await client.networks.disconnect(shared, container: before.id, force: true)
      try await client.networks.remove(shared)
      #expect(try await shop.drift().map(\.path) == ["container.networks[\(shared)]"])
      try await shop.apply(workload)
      #expect(try await shop.container("api").state.startedAt == before.state.startedAt)
      #expect(try await shop.answer(of: "http://api:8080/", from: "api") == "0/1")

      // Of one that does not run, the engine still knows the network by its id.
      try await shop.reach(.operation(.stop(.all)))
      try await client.networks.remove(shared)
      try await shop.reach(.operation(.start(.all)))
      #expect(try await shop.answer(of: "http://api:8080/", from: "api") == "0/1")
      #expect(try await shop.drift() == [])
    }
  }

  @Test("Networks that are made at the same time are one") func networksThatAreMadeAtTheSameTimeAreOne()
    async throws
  {
    try await withDocker { world in
      let client = try await world.connection.client()
      // No container is ever in one of these, so that the engine loses count of none.
      func names() async throws -> [String] {
        try await world.networks().map { String($0.name.dropFirst(world.namespace.count)) }
      }
      let creation = NetworkCreation(
        name: "\(world.namespace).instances",
        labels: Label.sharedNetwork(of: world.namespace, run: RunID("run-1")))
      // Engines let some of these be made.
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<12 { group.addTask { _ = try? await client.networks.create(creation) } }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<6 { group.addTask { try await CommonNetworks(client: client).make(creation) } }
        try await group.waitForAll()
      }
      #expect(try await names() == [".instances"])
      await CommonNetworks(client: client).removeIfUnused(creation.name)
      #expect(try await names() == [])

      // What is not berth's is left alone.
      try await client.networks.create(NetworkCreation(name: creation.name))
      await #expect(throws: ActionFailure.self) { try await CommonNetworks(client: client).make(creation) }
      await CommonNetworks(client: client).removeIfUnused(creation.name)
      #expect(try await names() == [".instances"])
      let plan = await #expect(throws: DiagnosticError.self) {
        try await Place(world, "shop").plan(Self.workload("shop", .idle("api")))
      }
      #expect(plan?.diagnostics.map(\.code) == [.foreignObject])
    }
  }

  // MARK: Other workloads

  @Test("A workload that exists is found without a restart") func aWorkloadThatExistsIsFoundWithoutARestart()
    async throws
  {
    try await withDocker { world in
      let (shop, web, other) = (Place(world, "shop"), Place(world, "web"), Place(world, "a-other"))
      let workload = Self.workload("shop", replicas: 2, Self.answering("api"))
      try await shop.apply(workload)
      try await other.apply(Self.workload("a-other", .idle("app")))
      let before = try await shop.container("api")
      let port = try #require(before.network.ports?["8080/tcp"]??.first?.port)
      let (host, isDone) = (try await world.connection.client().endpoint, Flag())
      guard case .unix = host else { return }
      async let failures = Self.failures(at: port, until: isDone)

      try await web.apply(Self.web())
      #expect(try await web.output(of: "echo $SHOP $HOST", in: "app") == "http://api.shop:8080/ api.shop\n")
      for name in ["api.shop", "shop"] { #expect(try await web.count(of: name, from: "app") == 2) }
      #expect(try await web.answer(of: "$SHOP", from: "app").hasSuffix("/1"))
      isDone.set()
      #expect(try await failures == 0)
      let after = try await shop.container("api")
      #expect(after.id == before.id)
      #expect(after.state.startedAt == before.state.startedAt)
      #expect(after.network.ports?["8080/tcp"]??.first?.port == port)

      // Who does not refer to it does not find it.
      #expect(try await other.count(of: "api.shop", from: "app") == 0)
      #expect(try await other.count(of: "shop", from: "app") == 0)
      // And the other way round, nothing is found.
      #expect(try await shop.count(of: "app.web", from: "api") == 0)

      #expect(try await shop.plan(workload) == [])
      #expect(try await web.plan(Self.web()) == [])
      #expect(try await shop.drift() == [])
      #expect(try await web.drift() == [])
      #expect(try await networks(world) == [".instances", "_shop_names"])
    }
  }

  @Test("Only ready instances are found") func onlyReadyInstancesAreFound() async throws {
    try await withDocker { world in
      let (shop, web) = (Place(world, "shop"), Place(world, "web"))
      let checked = Self.answering("api") { service in
        var check = HealthCheck()
        check.command = ["/bin/sh", "-c", "test ! -e /www/ill"]
        check.interval = SpecDuration(milliseconds: 200)
        check.retries = 1
        service.healthCheck = check
      }
      let workload = Self.workload(
        "shop", replicas: 2, checked, Self.answering("proxy", role: .sidecar) { $0.ports = [] })
      try await shop.apply(workload)
      _ = try await shop.output(of: "touch /www/ill", in: "api", 1)
      try await eventually("it is unready") {
        try await shop.container("api", 1).state.health?.status == "unhealthy"
      }
      // An apply would wait for it.
      try await web.perform(Action(.create, .instance(InstanceID(0))), Self.web())
      try await web.perform(Action(.create, .service(InstanceID(0), "app")), Self.web())
      for name in ["api.shop", "shop", "proxy.shop"] {
        #expect(try await web.count(of: name, from: "app") == 1)
      }
      #expect(try await shop.drift() == [])
      _ = try await shop.output(of: "rm /www/ill", in: "api", 1)
      try await eventually("it is ready") {
        try await shop.container("api", 1).state.health?.status == "healthy"
      }
      let network = shop.names.namesNetwork
      #expect(
        try await shop.drift().map(\.path) == Array(repeating: "container.networks[\(network)]", count: 2))
      try await shop.apply(workload)
      #expect(try await web.count(of: "shop", from: "app") == 2)
      #expect(try await shop.plan(workload) == [])

      // What an operator stops is found no more; the other services of its instance are.
      try await shop.reach(.operation(.stop(ServiceScope(service: "proxy"))))
      #expect(try await web.count(of: "proxy.shop", from: "app") == 0)
      try await shop.reach(.operation(.restart(ServiceScope(service: "api"))))
      #expect(try await web.count(of: "shop", from: "app") == 2)
      try await shop.reach(.operation(.start(.all)))

      // A new instance is found when it is ready, and not before.
      try await shop.reach(.scale(3))
      #expect(try await web.count(of: "proxy.shop", from: "app") == 3)
      try await shop.reach(.scale(1))
      #expect(try await web.count(of: "proxy.shop", from: "app") == 1)
    }
  }

  @Test("What is referred to is replaced while it is found") func whatIsReferredToIsReplacedWhileItIsFound()
    async throws
  {
    try await withDocker { world in
      let (shop, web) = (Place(world, "shop"), Place(world, "web"))
      var workload = Self.workload("shop", replicas: 2, Self.answering("api"))
      workload.strategy.maxSurge = 1
      workload.strategy.maxUnavailable = 0
      try await shop.apply(workload)
      try await web.apply(Self.web())
      let isDone = Flag()
      async let counts = Self.counts(of: "api.shop", from: web, until: isDone)
      workload.services = [Self.answering("api", version: "2")]
      try await shop.apply(workload)
      isDone.set()
      let seen = try await counts
      #expect(seen.allSatisfy { (2...3).contains($0) }, "\(seen)")
      #expect(try await web.count(of: "shop", from: "app") == 2)
      #expect(try await web.answer(of: "$SHOP", from: "app").hasSuffix("/2"))
      #expect(try await shop.plan(workload) == [])
      #expect(try await web.plan(Self.web()) == [])

      // One that can't become ready is not found.
      workload.replicas = 1
      try await shop.apply(workload)
      workload.services = [
        .shell("api", "exit 3") {
          $0.ports = Self.answering("api").ports; $0.restart = .never
        }
      ]
      let result = try await Engine(provider: world.provider, target: "docker").apply(
        WorkloadRequest(key: shop.key, goal: .spec(workload, services: nil)))
      #expect(result.outcome == .failed)
      #expect(try await web.count(of: "shop", from: "app") == 1)
      #expect(try await web.answer(of: "$SHOP", from: "app").hasSuffix("/2"))
    }
  }

  @Test("What is stopped is not found until it is ready again")
  func whatIsStoppedIsNotFoundUntilItIsReadyAgain() async throws {
    try await withDocker { world in
      let (shop, web) = (Place(world, "shop"), Place(world, "web"))
      let workload = Self.workload("shop", Self.answering("api"))
      try await shop.apply(workload)
      try await web.apply(Self.web())
      try await shop.reach(.operation(.stop(.all)))
      #expect(try await web.count(of: "shop", from: "app") == 0)
      // Also when it is started without berth, as long as berth does not say that it is ready.
      let client = try await world.connection.client()
      let name = shop.names.container(of: "api", in: InstanceID(0), as: .stopped)
      try await client.containers.start(name)
      #expect(try await web.count(of: "shop", from: "app") == 0)
      try await client.containers.stop(name, grace: 0)
      try await shop.reach(.operation(.start(.all)))
      #expect(try await web.count(of: "shop", from: "app") == 1)
      try await shop.reach(.operation(.restart(.all)))
      #expect(try await web.answer(of: "$SHOP", from: "app") == "0/1")
      #expect(try await shop.drift() == [])
    }
  }

  @Test("What runs once per run finds other workloads") func whatRunsOncePerRunFindsOtherWorkloads()
    async throws
  {
    try await withDocker { world in
      let (shop, web) = (Place(world, "shop"), Place(world, "web"))
      try await shop.apply(Self.workload("shop", Self.answering("api")))
      let migrate = Service.shell(
        "migrate", "wget -q -O- $SHOP && nslookup -timeout=1 -retry=1 migrate", role: .before
      ) { $0.env = ["SHOP": "http://${address.shop/api.8080}/"] }
      let workload = Self.workload("web", .idle("app"), migrate)
      try await web.apply(workload)
      #expect(try await web.plan(workload) == [])
      #expect(try await networks(world) == [".instances", "_shop_names"])
      // It alone refers to it.
      #expect(try await web.count(of: "shop", from: "app") == 0)
      try await shop.reach(.destroy(volumes: true))
      try await web.reach(.destroy(volumes: true))
      #expect(try await networks(world) == [])
    }
  }

  // MARK: By hand

  @Test("What is done to these networks by hand is drift") func whatIsDoneToTheseNetworksByHandIsDrift()
    async throws
  {
    try await withDocker { world in
      let (shop, web, client) = (
        Place(world, "shop"), Place(world, "web"), try await world.connection.client()
      )
      let workload = Self.workload("shop", Self.answering("api"))
      try await shop.apply(workload)
      try await web.apply(Self.web())
      let network = shop.names.namesNetwork
      let (api, app) = (try await shop.container("api"), try await web.container("app"))

      try await client.networks.disconnect(network, container: api.id)
      #expect(try await shop.drift().map(\.path) == ["container.networks[\(network)]"])
      try await shop.apply(workload)
      #expect(try await web.count(of: "shop", from: "app") == 1)

      try await client.networks.disconnect(network, container: api.id)
      try await client.networks.connect(network, container: api.id, as: EndpointConfig(aliases: ["db"]))
      #expect(try await shop.drift().map(\.path) == ["container.networks[\(network)].aliases"])
      try await shop.apply(workload)
      #expect(try await web.count(of: "db", from: "app") == 0)
      #expect(try await web.count(of: "shop", from: "app") == 1)

      try await client.networks.disconnect(network, container: app.id)
      #expect(try await web.drift().map(\.path) == ["container.networks[\(network)]"])
      try await web.apply(Self.web())
      #expect(try await web.count(of: "shop", from: "app") == 1)

      // One that refers to nothing has nothing to look for there.
      let other = Place(world, "other")
      try await other.apply(Self.workload("other", .idle("app")))
      try await client.networks.connect(network, container: try await other.container("app").id)
      #expect(try await other.drift().map(\.path) == ["container.networks[\(network)]"])
      try await other.apply(Self.workload("other", .idle("app")))
      #expect(try await other.networks(of: "app") == ["\(world.namespace).instances"])

      // Without the network, it is made anew, and all that is ready is found.
      for id in [api.id, app.id] { try await client.networks.disconnect(network, container: id) }
      try await client.networks.remove(network)
      #expect(try await shop.drift() == [])
      try await web.apply(Self.web())
      #expect(try await web.count(of: "shop", from: "app") == 1)
      #expect(try await shop.container("api").state.startedAt == api.state.startedAt)
      #expect(try await web.container("app").state.startedAt == app.state.startedAt)

      // While it does not run, the engine knows the network by its id.
      try await web.reach(.operation(.stop(.all)))
      try await client.networks.disconnect(network, container: api.id)
      try await client.networks.remove(network)
      try await web.reach(.operation(.start(.all)))
      #expect(try await web.count(of: "shop", from: "app") == 1)
    }
  }

  // MARK: Steps that were begun

  @Test("What was begun is found again") func whatWasBegunIsFoundAgain() async throws {
    try await withDocker { world in
      let (shop, web, client) = (
        Place(world, "shop"), Place(world, "web"), try await world.connection.client()
      )
      let workload = Self.workload("shop", replicas: 2, Self.answering("api"))
      try await shop.apply(workload)
      // The network was made, and nothing is in it yet.
      try await client.networks.create(
        NetworkCreation(
          name: shop.names.namesNetwork, isInternal: true,
          labels: Label.namesNetwork(of: shop.key, run: RunID("run-0"))))
      // One instance is found, the other not yet.
      try await client.networks.connect(
        shop.names.namesNetwork, container: try await shop.container("api").id,
        as: EndpointConfig(aliases: ["shop", "api.shop"]))
      // The container was made, and is in one of its networks.
      let referring = Self.web()
      let creation = try ContainerBuilder(
        workload: referring, id: InstanceID(0), context: web.context(referring), table: .standard
      ).container(of: referring.services[0])
      _ = try await client.containers.create(
        named: web.names.container(of: "app", in: InstanceID(0)), creation)
      for run in ["run-1", "run-2"] {
        try await web.perform(Action(.create, .instance(InstanceID(0))), referring, run: run)
        try await web.perform(Action(.create, .service(InstanceID(0), "app")), referring, run: run)
        #expect(try await web.count(of: "shop", from: "app") == 2)
      }
      let life = try await web.container("app").state.startedAt
      try await web.perform(Action(.create, .service(InstanceID(0), "app")), referring, run: "run-3")
      #expect(try await web.container("app").state.startedAt == life)
      #expect(try await shop.drift() == [])
    }
  }

  /// A program that is killed at any request of the action that makes a container which refers to another workload: the next
  /// apply comes to the same end, and nothing is left behind.
  @Test("A crash while a reference is made loses nothing", arguments: [StoreFault.Kind.cutBefore, .cutAfter])
  func aCrashWhileAReferenceIsMadeLosesNothing(kind: StoreFault.Kind) async throws {
    try await withDocker { world in
      let (shop, web) = (Place(world, "shop"), Place(world, "web"))
      let (workload, referring) = (Self.workload("shop", Self.answering("api")), Self.web())
      try await shop.apply(workload)
      for step in 1... {
        let crash = RequestSwitch(StoreFault(kind, at: step))
        let tap = try await EngineTap.start(crash.judge)
        let provider = DockerProvider(
          connection: EngineConnection { tap.endpoint }, storeNames: world.storeNames)
        _ = try? await provider.perform(
          Action(.create, .service(InstanceID(0), "app")), in: web.context(referring))
        try await tap.stop()
        if crash.count < step { break }
        try await web.apply(referring)
        #expect(try await web.count(of: "api.shop", from: "app") == 1, "step \(step)")
        #expect(try await networks(world) == [".instances", "_shop_names"], "step \(step)")
        #expect(try await shop.drift() == [], "step \(step)")
        #expect(try await web.plan(referring) == [], "step \(step)")
        try await web.reach(.destroy(volumes: true))
      }
      try await web.reach(.destroy(volumes: true))
      try await shop.reach(.destroy(volumes: true))
      #expect(try await networks(world) == [])
    }
  }

  /// The same of the action that takes the last one away that was in a network.
  @Test(
    "A crash while the last one goes leaves no network", arguments: [StoreFault.Kind.cutBefore, .cutAfter])
  func aCrashWhileTheLastOneGoesLeavesNoNetwork(kind: StoreFault.Kind) async throws {
    try await withDocker { world in
      let (web, referring) = (Place(world, "web"), Self.web())
      for step in 1... {
        try await web.perform(Action(.create, .instance(InstanceID(0))), referring)
        try await web.perform(Action(.create, .service(InstanceID(0), "app")), referring)
        #expect(try await networks(world) == [".instances", "_shop_names"])
        let crash = RequestSwitch(StoreFault(kind, at: step))
        let tap = try await EngineTap.start(crash.judge)
        let provider = DockerProvider(
          connection: EngineConnection { tap.endpoint }, storeNames: world.storeNames)
        _ = try? await provider.perform(
          Action(.delete, .service(InstanceID(0), "app")), in: web.context(nil))
        try await tap.stop()
        let isOver = crash.count < step
        if try await world.provider.observe(web.key).instance(InstanceID(0)) != nil {
          try await web.reach(.destroy(volumes: true))
        } else {
          #expect(isOver || kind == .cutAfter)
        }
        #expect(try await networks(world) == [], "step \(step)")
        if isOver { break }
      }
    }
  }

  @Test("Two that refer to one at the same time come to the same")
  func twoThatReferToOneAtTheSameTimeComeToTheSame() async throws {
    try await withDocker { world in
      let shop = Place(world, "shop")
      let workload = Self.workload("shop", replicas: 2, Self.answering("api"))
      try await shop.apply(workload)
      let all = (0..<4).map { Place(world, "web-\($0)") }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for place in all {
          group.addTask {
            var web = Self.web()
            web.name = place.name
            try await place.apply(web)
          }
        }
        try await group.waitForAll()
      }
      #expect(try await networks(world) == [".instances", "_shop_names"])
      for place in all { #expect(try await place.count(of: "api.shop", from: "app") == 2) }
      #expect(try await shop.drift() == [])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for place in all + [shop] { group.addTask { try await place.reach(.destroy(volumes: true)) } }
        try await group.waitForAll()
      }
      #expect(try await networks(world) == [])
    }
  }

  @Test("What goes leaves no network", arguments: [["shop", "web"], ["web", "shop"]])
  func whatGoesLeavesNoNetwork(
    order: [String]
  ) async throws {
    try await withDocker { world in
      let (shop, web) = (Place(world, "shop"), Place(world, "web"))
      try await shop.apply(Self.workload("shop", Self.answering("api"), .idle("proxy", role: .sidecar)))
      try await web.apply(Self.web())
      #expect(try await networks(world) == [".instances", "_shop_0", "_shop_names"])
      try await Place(world, order[0]).reach(.destroy(volumes: true))
      #expect(try await networks(world).contains("_shop_names"))
      #expect(try await world.provider.observe(Place(world, order[0]).key).instances.isEmpty)
      try await Place(world, order[1]).reach(.destroy(volumes: true))
      #expect(try await networks(world) == [])
    }
  }

  // MARK: Watching

  /// How often a published port does not answer, until something is done.
  private static func failures(at port: String, until isDone: Flag) async throws -> Int {
    var failures = 0
    while !isDone.isSet {
      let check = HealthCheck.http("/", port: 8080)
      let result = try await HealthProbe.make(
        check, at: ProbePlace(host: "127.0.0.1", port: Int(port) ?? 0))
      if !result.isHealthy { failures += 1 }
      try await Task.sleep(for: .milliseconds(5))
    }
    return failures
  }

  /// To how many addresses a name leads, again and again until something is done.
  private static func counts(of name: String, from place: Place, until isDone: Flag) async throws -> [Int] {
    var counts: [Int] = []
    while !isDone.isSet { counts.append(try await place.count(of: name, from: "app")) }
    return counts
  }
}

/// Something that is done or not.
private final class Flag: Sendable {
  private let isDone = Mutex(false)
  var isSet: Bool { isDone.withLock { $0 } }
  func set() { isDone.withLock { $0 = true } }
}

extension String {
  fileprivate var trimmingNewlines: String {
    String(trimmingPrefix("\n").reversed().drop { $0 == "\n" }.reversed())
  }
}

extension HealthCheck {
  fileprivate static func http(_ path: String, port: Int) -> HealthCheck {
    var check = HealthCheck()
    check.path = path
    check.port = port
    check.timeout = .seconds(2)
    return check
  }
}
