import MachineKit
import ProviderKit
import WorkloadSpec

/// What the machines of every cloud must do, in cases that a test runs one by one.
///
///     @Test(arguments: MachineContract.cases)
///     func passesTheContract(_ contract: MachineCase) async throws { try await contract.run(MyHarness()) }
public enum MachineContract {
  /// The cases; each needs a cloud without machines.
  public static let cases: [MachineCase] = makingCases + listCases + lifeCases + strangeCases

  // MARK: Making

  private static let makingCases: [MachineCase] = [
    MachineCase("a new machine is what was ordered, and its tags come back") { scene in
      let order = scene.order("one", ["team": "contract"])
      let made = try await scene.machines.create(order)
      try expect(!made.id.isEmpty, "an id")
      let machine = try await scene.run(made.id)
      try expect(machine.id, is: made.id, "the id")
      for tag in order.tags.merging(order.notes, uniquingKeysWith: { tag, _ in tag }) {
        try expect(machine.tags[tag.key], is: tag.value, "the tag `\(tag.key)`")
      }
      if let image = order.machine.image { try expect(machine.image, is: image, "the image") }
      try expect(!machine.addresses.isEmpty, "an address")
      try expect(machine.launchedAt != nil, "the time of its start")
    },
    MachineCase("the same order twice is one machine") { scene in
      let order = scene.order("one")
      let first = try await scene.machines.create(order)
      let second = try await scene.machines.create(order)
      try expect(second.id, is: first.id, "the machine of the second order")
      try expect(try await scene.list().count, is: 1, "the number of machines")
    },
    MachineCase("twenty runners with the same order make one machine") { scene in
      let order = scene.order("one")
      let machines = scene.machines
      let ids = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<20 { group.addTask { try await machines.create(order).id } }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      try expect(ids.count, is: 1, "the number of machines")
    },
    MachineCase("an order for nothing is refused") { scene in
      var order = scene.order("nothing")
      order.machine = Machine()
      try await expectError(ActionFailure.self, "an order without an image") {
        try await scene.machines.create(order)
      }
      try expect(try await scene.list().count, is: 0, "the number of machines")
    },
    MachineCase("what is cancelled ends") { scene in
      let machines = scene.machines
      let order = scene.order("one")
      let work = Task {
        while true {
          _ = try await machines.list(MachineQuery(tags: order.tags))
          try await Task.sleep(for: .milliseconds(1))
        }
      }
      work.cancel()
      try await expectError(CancellationError.self, "a cancelled list") { try await work.value }
    },
  ]

  // MARK: Lists

  private static let listCases: [MachineCase] = [
    MachineCase("machines are found by their tags, all of which must match") { scene in
      let here = try await scene.make("one", ["group": "a", "colour": "red"])
      _ = try await scene.make("two", ["group": "b", "colour": "red"])
      func ids(_ tags: [String: String]) async throws -> [String] {
        try await scene.machines.list(MachineQuery(tags: tags)).map(\.id).sorted()
      }
      try expect(try await ids(["group": "a"]), is: [here.id], "the machines of one group")
      try expect(try await ids(["colour": "red"]).count, is: 2, "the number of both")
      try expect(try await ids(["group": "a", "colour": "green"]), is: [], "those that match in part")
      try expect(try await ids(["group": "c"]), is: [], "those of no group")
    },
    MachineCase("machines are found by their state, and those that have ended only if they are asked for") {
      scene in
      let (running, stopped, ended) = (
        try await scene.make("one"), try await scene.make("two"), try await scene.make("three")
      )
      _ = try await scene.stop(stopped.id)
      try await scene.end(ended.id)
      func ids(_ states: Set<MachineState>?) async throws -> Set<String> {
        Set(try await scene.machines.list(MachineQuery(tags: scene.tags, states: states)).map(\.id))
      }
      try expect(try await ids([.running]), is: [running.id], "those that run")
      try expect(try await ids([.stopped]), is: [stopped.id], "those that are stopped")
      try expect(
        try await ids(nil), is: [running.id, stopped.id], "those that are asked for without a state")
      try expect(
        try await ids([.terminated, .terminating]).isSubset(of: [ended.id]), "none but the one that has ended"
      )
    },
    MachineCase("a list is read page by page to its end") { scene in
      let count = min(2 * scene.harness.pageSize + 1, 7)
      var made: [String] = []
      for index in 0..<count { made.append(try await scene.make("m\(index)").id) }
      var pages: [MachinePage] = []
      var token: String?
      repeat {
        pages.append(try await scene.machines.page(of: MachineQuery(tags: scene.tags), after: token))
        token = pages.last?.next
      } while token != nil
      try expect(
        pages.allSatisfy { $0.machines.count <= scene.harness.pageSize }, "pages that are not too long")
      try expect(pages.flatMap(\.machines).map(\.id).sorted(), is: made.sorted(), "each machine once")
    },
    MachineCase("two groups do not see each other") { scene in
      let here = try await scene.make("one", ["group": "a"])
      let there = try await scene.make("two", ["group": "b"])
      try await scene.end(there.id)
      let left = try await scene.machines.list(MachineQuery(tags: ["group": "a"]))
      try expect(left.map(\.id), is: [here.id], "the group that stays")
      try expect(left.first?.state, is: .running, "its state")
    },
  ]

  // MARK: A life

  private static let lifeCases: [MachineCase] = [
    MachineCase("a machine stops and starts as itself, with its disk, and at the address that it has then") {
      scene in
      let made = try await scene.make("one")
      try await scene.harness.write("kept", toDiskOf: made.id)
      let stopped = try await scene.stop(made.id)
      try expect(stopped.addresses, is: [], "the addresses while it is stopped")
      try expect(try await scene.harness.text(onDiskOf: made.id), is: "kept", "what is on its disk")
      let started = try require(try await scene.machines.start(made.id), "the machine")
      try expect(started.id, is: made.id, "the id")
      let running = try await scene.run(made.id)
      try expect(try await scene.harness.text(onDiskOf: made.id), is: "kept", "what is on its disk")
      try expect(running.addresses, is: started.addresses, "the addresses that start answered with")
      if scene.harness.changesAddresses {
        try expect(running.addresses != made.addresses, "other addresses than \(made.addresses)")
      }
      try expect(running.tags, is: made.tags, "the tags")
    },
    MachineCase("stopping twice is stopping once, and starting twice is starting once") { scene in
      let made = try await scene.make("one")
      _ = try await scene.stop(made.id)
      _ = try await scene.stop(made.id)
      let first = try require(try await scene.machines.start(made.id), "the machine")
      _ = try require(try await scene.machines.start(made.id), "the machine")
      let running = try await scene.run(made.id)
      try expect(running.addresses, is: first.addresses, "the addresses")
      _ = try require(try await scene.machines.start(made.id), "the machine")
      try expect(try await scene.run(made.id).addresses, is: first.addresses, "the addresses")
    },
    MachineCase("a machine ends, and ending it again is nothing") { scene in
      let made = try await scene.make("one")
      try await scene.end(made.id)
      if let again = try await scene.machines.terminate(made.id) {
        try expect(again.state.isEnd, "that it has ended")
      }
      try expect(try await scene.list(), is: [], "the machines")
    },
    MachineCase("a machine that is stopped can be ended") { scene in
      let made = try await scene.make("one")
      _ = try await scene.stop(made.id)
      try await scene.end(made.id)
      try expect(try await scene.list(), is: [], "the machines")
    },
    MachineCase("tags are set, changed and taken away, and no other one is touched") { scene in
      let made = try await scene.make("one", ["keep": "1", "change": "1", "drop": "1"])
      let tagged = try require(
        try await scene.machines.tag(
          made.id, with: ["change": "2", "new": "3"], dropping: ["drop", "none"]),
        "the machine")
      var expected = made.tags
      (expected["change"], expected["new"], expected["drop"]) = ("2", "3", nil)
      try expect(tagged.tags, is: expected, "the tags")
      try expect(try await scene.machines.machine(made.id)?.tags, is: expected, "the tags of the next look")
    },
  ]

  // MARK: What is not there

  private static let strangeCases: [MachineCase] = [
    MachineCase("that a machine is not there is an answer") { scene in
      let made = try await scene.make("one")
      let unknown = String(made.id.dropLast()) + (made.id.hasSuffix("0") ? "1" : "0")
      try expect(try await scene.machines.machine(unknown), is: nil, "an unknown machine")
      try expect(try await scene.machines.start(unknown), is: nil, "what is started of it")
      try expect(try await scene.machines.stop(unknown), is: nil, "what is stopped of it")
      try expect(try await scene.machines.terminate(unknown), is: nil, "what is ended of it")
      try expect(
        try await scene.machines.tag(unknown, with: ["a": "b"], dropping: []), is: nil, "what is tagged of it"
      )
      try expect(try await scene.list().map(\.id), is: [made.id], "the one that is there")
    }
  ]
}

/// One thing that the machines of every cloud must do.
public struct MachineCase: Sendable, CustomStringConvertible {
  /// What they do, as a sentence; the name of the test.
  public let name: String
  private let body: @Sendable (MachineScene) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (MachineScene) async throws -> Void) {
    (self.name, self.body) = (name, body)
  }

  /// The name, for the output of a test framework.
  public var description: String { name }

  /// Tries it, and takes away what it made.
  ///
  /// - Throws: ``ContractViolation`` if the machines do otherwise; whatever they throw.
  public func run(_ harness: some MachineHarness) async throws {
    let scene = MachineScene(harness: harness)
    do {
      try await body(scene)
    } catch {
      // What went wrong first is what matters, not that tidying up may go wrong after it.
      try? await scene.tidyUp()
      throw error
    }
    try await scene.tidyUp()
  }
}

/// The machines of a case, which carry a tag of their own.
struct MachineScene: Sendable {
  let harness: any MachineHarness
  let tags = ["contract": "machines"]
  var machines: any Machines { harness.machines }

  func order(_ name: String, _ tags: [String: String] = [:]) -> MachineOrder {
    MachineOrder(
      machine: harness.machine(), name: "default_contract_\(name)", token: "contract-\(name)",
      tags: self.tags.merging(tags) { _, tag in tag }, notes: ["note": #"{"port":8080}"#])
  }

  /// A machine that runs.
  func make(_ name: String, _ tags: [String: String] = [:]) async throws -> FoundMachine {
    try await run(try await machines.create(order(name, tags)).id)
  }

  func list() async throws -> [FoundMachine] { try await machines.list(MachineQuery(tags: tags)) }

  /// A machine, when it runs.
  func run(_ id: String, line: Int = #line) async throws -> FoundMachine {
    try require(
      try await wait(for: id, until: "a machine that runs", line: line) { $0?.state == .running },
      "the machine", line: line)
  }

  func stop(_ id: String, line: Int = #line) async throws -> FoundMachine {
    _ = try require(try await machines.stop(id), "the machine", line: line)
    return try require(
      try await wait(for: id, until: "a machine that is stopped", line: line) { $0?.state == .stopped },
      "the machine", line: line)
  }

  func end(_ id: String, line: Int = #line) async throws {
    _ = try await machines.terminate(id)
    _ = try await wait(for: id, until: "a machine that has ended", line: line) {
      $0.map { $0.state == .terminated } ?? true
    }
  }

  /// Looks until something is so, and at least a hundred times: a busy computer may come to one look a second.
  private func wait(
    for id: String, until what: String, line: Int, _ isSo: (FoundMachine?) -> Bool
  ) async throws -> FoundMachine? {
    let end = ContinuousClock.now + harness.timeout
    var looks = 0
    while true {
      let machine = try await machines.machine(id)
      if isSo(machine) { return machine }
      looks += 1
      guard looks < 100 || ContinuousClock.now < end else {
        throw ContractViolation(
          "expected \(what) after a while, found \(machine?.state.rawValue ?? "nothing")", line: line)
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  func tidyUp() async throws {
    for machine in try await list() where !machine.state.isEnd { try await end(machine.id) }
  }
}
