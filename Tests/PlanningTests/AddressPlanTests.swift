import Planning
import Testing
import Values
import WorkloadSpec

/// What addresses in texts stand for, and what follows when they move.
@Suite struct AddressPlanTests {
  private static let loopback = Addressing.loopback(assigned: 20_000..<30_000)

  private static func port(_ container: Int, host: Int? = nil) -> Port {
    var port = Port()
    port.container = container
    port.host = host
    return port
  }

  /// A main that refers to a sidecar, which has one port.
  private static func shop(host: Int? = nil, _ edit: (inout Workload) -> Void = { _ in }) -> Workload {
    Fixture.workload([
      Fixture.service("api") {
        $0.env = [
          "DB": "pg://${secret.password}@${address.db.5432}/x", "OTHER": "${address.orders/main.80}",
          "PLAIN": "same",
        ]
        $0.args = ["--port", "${port.db.5432}"]
      },
      Fixture.service("db", .sidecar) { $0.ports = [port(5432, host: host)] },
    ]) {
      edit(&$0)
    }
  }

  /// What is there, where the sidecar was given a port and the main was given addresses.
  private static func observation(
    of workload: Workload, port: Int, given: [String: String]
  ) -> Observation {
    Fixture.observation(of: workload) { observation in
      for index in observation.instances[0].services.indices {
        if observation.instances[0].services[index].name == "db" {
          observation.instances[0].services[index].assignedPorts = [
            Endpoint(containerPort: 5432, transport: .tcp, hostAddress: "127.0.0.1", hostPort: port)
          ]
        } else {
          observation.instances[0].services[index].addresses = given
        }
      }
    }
  }

  private static let given = [
    "address.db.5432": "127.0.0.1:20001", "port.db.5432": "20001",
    "address.orders/main.80": "127.0.0.1:20002",
  ]

  private static func neighbour(
    port: Int?, host: Int? = nil, held: [HeldPort] = []
  ) -> AddressBook.Neighbour {
    let workload = Fixture.workload([Fixture.service("main") { $0.ports = [Self.port(80, host: host)] }])
    let observation = Fixture.observation(of: workload) { observation in
      observation.heldPorts = held
      if let port {
        observation.instances[0].services[0].assignedPorts = [
          Endpoint(containerPort: 80, transport: .tcp, hostAddress: "127.0.0.1", hostPort: port)
        ]
      }
    }
    return AddressBook.Neighbour(workload, observation)
  }

  private static func finding(
    _ name: String, by addressing: Addressing, _ workload: Workload, _ observation: Observation,
    neighbour: AddressBook.Neighbour? = nil
  ) throws -> AddressBook.Finding<String> {
    let book = AddressBook(
      of: workload, by: addressing, given: observation, neighbours: neighbour.map { ["orders": $0] } ?? [:])
    let api = try #require(workload.service("api"))
    return book.finding(try #require(AddressReference(name)), seenFrom: api, in: InstanceID(0))
  }

  @Test(
    "Where services have names, an address follows from the text alone",
    arguments: [
      ("address.db.5432", "db:5432"), ("host.db", "db"), ("port.db.5432", "5432"),
      ("address.api.80", "localhost:80"), ("address.orders/main.80", "main.orders:80"),
    ])
  func namesFollowFromTheText(_ name: String, _ text: String) throws {
    let workload = Self.shop()
    #expect(
      try Self.finding(name, by: .names, workload, Observation(engine: Fixture.engine)) == .known(text))
  }

  @Test("In the machine's own network, what is in it is at localhost")
  func theMachinesNetworkIsLocal() throws {
    let workload = Self.shop { workload in
      for index in workload.services.indices { workload.services[index].network.mode = .host }
    }
    #expect(
      try Self.finding("host.db", by: .names, workload, Observation(engine: Fixture.engine))
        == .known("localhost"))
  }

  @Test("On a machine's ports, an address is what the spec pins, what is held, or what was assigned")
  func portsAreFound() throws {
    let shop = Self.shop()
    let there = Self.observation(of: shop, port: 20_001, given: Self.given)
    func find(
      _ name: String, _ workload: Workload, _ observation: Observation,
      _ neighbour: AddressBook.Neighbour? = nil
    ) throws -> AddressBook.Finding<String> {
      try Self.finding(name, by: Self.loopback, workload, observation, neighbour: neighbour)
    }
    let nothing = Observation(engine: Fixture.engine)
    #expect(try find("host.db", shop, nothing) == .known("127.0.0.1"))
    #expect(try find("address.db.5432", shop, nothing) == .later)
    #expect(try find("address.db.5432", shop, there) == .known("127.0.0.1:20001"))
    #expect(try find("address.db.5432", Self.shop(host: 80), there) == .known("127.0.0.1:80"))
    // One that was pinned outside of what is assigned is given up.
    let pinned = Self.observation(of: shop, port: 80, given: Self.given)
    #expect(try find("port.db.5432", shop, pinned) == .moving)
    // And one that another port of the service is pinned to.
    let taken = Self.shop { $0.services[1].ports.append(Self.port(9000, host: 20_001)) }
    #expect(try find("port.db.5432", taken, there) == .moving)

    let other = "address.orders/main.80"
    #expect(try find(other, shop, there) == .later)
    #expect(try find(other, shop, there, Self.neighbour(port: nil)) == .later)
    #expect(try find(other, shop, there, Self.neighbour(port: 20_007)) == .known("127.0.0.1:20007"))
    #expect(try find(other, shop, there, Self.neighbour(port: 20_007, host: 81)) == .known("127.0.0.1:81"))
    // What was handed over last is where an address leads while no instance is there, and else what is there.
    let held = HeldPort(
      ServicePort(service: "main", container: 80), host: 20_009, referrers: ["shop"])
    #expect(
      try find(other, shop, there, Self.neighbour(port: nil, held: [held])) == .known("127.0.0.1:20009"))
    #expect(
      try find(other, shop, there, Self.neighbour(port: 20_007, held: [held])) == .known("127.0.0.1:20007"))
  }

  private static func plan(
    _ desired: Workload, last: Workload, _ observation: Observation, neighbour: AddressBook.Neighbour? = nil
  ) throws -> Plan {
    try Fixture.plan(desired, observed: observation, last: last) {
      $0.addresses = AddressBook(
        of: desired, by: loopback, given: observation,
        neighbours: ["orders": neighbour ?? Self.neighbour(port: 20_002)])
    }
  }

  @Test("What an address moved in is started again, and shows no secret")
  func movedAddressesRestart() throws {
    let old = Self.shop()
    let there = Self.observation(of: old, port: 20_001, given: Self.given)
    #expect(try Self.plan(old, last: old, there).actions.isEmpty)

    let moved = try Self.plan(old, last: old, there, neighbour: Self.neighbour(port: nil, host: 81))
    #expect(moved.steps == ["restart 0.api"])
    let change = try #require(moved.action("restart 0.api")?.changes.first)
    #expect(change.path == "env.OTHER" && change.causes == [.external] && change.impact == .restart)
    #expect(change.old == .value("127.0.0.1:20002") && change.new == .value("127.0.0.1:81"))

    // A sibling's port that the spec pins now is known, and what refers to it follows in the same plan.
    let new = Self.shop(host: 80)
    let pinned = try Self.plan(new, last: old, there)
    #expect(pinned.steps.contains("restart 0.api"), "\(pinned.steps)")
    #expect(pinned.paths("restart 0.api") == ["args", "env.DB"])
    let db = try #require(pinned.action("restart 0.api")?.changes.last)
    #expect(db.new == .value("pg://(secret)@127.0.0.1:80/x"))
    // The one that is referred to goes first.
    let first = try #require(pinned.steps.firstIndex { $0.hasSuffix("0.db") })
    #expect(first < (try #require(pinned.steps.firstIndex(of: "restart 0.api"))))

    let given = Self.observation(
      of: new, port: 80, given: Self.given.mapValues { $0.replacing("20001", with: "80") })
    let unknown = try Self.plan(old, last: new, given)
    #expect(
      unknown.action("restart 0.api")?.changes.last?.new == .value("pg://(secret)@(known when db is ready)/x")
    )
  }

  @Test("What is not known yet, or was never given, is no change")
  func whatIsNotKnownIsNoChange() throws {
    let old = Self.shop()
    let gone = Fixture.observation(of: old) { $0.instances[0].services[0].addresses = Self.given }
    #expect(try Self.plan(old, last: old, gone, neighbour: Self.neighbour(port: nil)).actions.isEmpty)
    let never = Self.observation(of: old, port: 20_005, given: [:])
    #expect(try Self.plan(old, last: old, never).actions.isEmpty)
    // Without a book, as where nothing is started, nothing is said.
    let there = Self.observation(of: old, port: 20_005, given: Self.given)
    #expect(try Fixture.plan(old, observed: there, last: old).actions.isEmpty)
  }

  @Test("A port that another workload refers to is had by one instance at a time")
  func aReferredPortIsForOne() throws {
    let old = Fixture.workload([Fixture.service("main") { $0.ports = [Self.port(80)] }]) {
      $0.strategy.maxUnavailable = 0
      $0.strategy.maxSurge = 1
    }
    var new = old
    new.services[0].env = ["A": "b"]
    func plan(_ referred: [ServicePort], _ desired: Workload) throws -> Plan {
      try Fixture.plan(desired, observed: Fixture.observation(of: old), last: old) {
        $0.referredPorts = referred
      }
    }
    #expect(try plan([], new).steps.contains("create 0_g1"))
    let inPlace = try plan([ServicePort(service: "main", container: 80)], new)
    #expect(inPlace.steps.first == "restart 0.main", "\(inPlace.steps)")
    #expect(
      inPlace.notes.contains {
        $0.code == .changedInPlace && $0.message.contains("another workload refers to port 80 of main")
      })
  }

  @Test("A saved plan holds no address, and fits whatever an address has become")
  func aSavedPlanHoldsNoAddress() throws {
    let old = Self.shop()
    let there = Self.observation(of: old, port: 20_001, given: Self.given)
    func essences(_ host: Int?) throws -> [Value] {
      try Self.plan(old, last: old, there, neighbour: Self.neighbour(port: nil, host: host)).actions.map(
        \.essence)
    }
    #expect(try essences(81) == essences(82))
    #expect(try essences(81) != essences(nil))
    #expect(try !essences(81).contains { CanonicalJSON.compact($0).contains("127.0.0.1") })
  }

  @Test("What was given is part of the fingerprint")
  func whatWasGivenIsPartOfTheFingerprint() {
    let shop = Self.shop()
    func fingerprint(_ given: [String: String]) -> String {
      Self.observation(of: shop, port: 1, given: given).fingerprint(desired: shop, last: shop)
    }
    #expect(fingerprint(Self.given) != fingerprint([:]))
    #expect(fingerprint(Self.given) == fingerprint(Self.given))
    #expect(
      fingerprint(Self.given) != fingerprint(Self.given.mapValues { $0.replacing("20001", with: "20003") }))
  }
}
