/// The machines of one cloud, and what can be done with one of them: the whole of what a provider of machines has to bring.
///
/// Everything else stands once, in ``MachineProvider``: which machine an action is about, in which order its steps are done, what
/// is waited for, and what an observation says of it.
///
/// "Not there" is an answer: a method that is asked about a machine which the cloud does not know returns `nil`, and never does so
/// for another reason. Each method may be asked a second time, because the answer to the first was lost, and then does nothing
/// more.
///
/// - Each throws `ProviderError` if the cloud can't be asked, or has no room; `ActionFailure` if it refuses; `CancellationError` if
///   the task is cancelled.
public protocol Machines: Sendable {
  /// A page of the machines that a query asks for, in an order that does not change from one page to the next.
  ///
  /// - Parameter token: the ``MachinePage/next`` of the page before; `nil` for the first.
  func page(of query: MachineQuery, after token: String?) async throws -> MachinePage

  /// A machine as it is now; `nil` if there is none with this id.
  func machine(_ id: String) async throws -> FoundMachine?

  /// Makes a machine, with all of its tags from the first moment on, and returns without waiting for it to run. A second order
  /// with the same ``MachineOrder/token`` is answered with the machine of the first, as long as that has not ended.
  func create(_ order: MachineOrder) async throws -> FoundMachine

  /// Starts a machine that is stopped, and answers with the addresses that it has then. One that runs is left alone.
  func start(_ id: String) async throws -> FoundMachine?

  /// Begins to stop a machine, which keeps its disk. One that is stopped is left alone.
  func stop(_ id: String) async throws -> FoundMachine?

  /// Begins to end a machine for good, with its disk. One that has ended is left alone.
  func terminate(_ id: String) async throws -> FoundMachine?

  /// Changes a machine; a type is changed only while it is stopped.
  func change(_ id: String, to change: MachineChange) async throws -> FoundMachine?

  /// Sets tags of a machine, and takes some away.
  func tag(
    _ id: String, with tags: [String: String], dropping gone: Set<String>
  ) async throws
    -> FoundMachine?

  /// How many machines a subnet has room for; `nil` if the cloud can't tell.
  func room(in subnet: String) async throws -> Int?
}

extension Machines {
  /// It can't tell.
  public func room(in subnet: String) async throws -> Int? { nil }

  /// All machines that a query asks for, page by page to the end.
  ///
  /// - Throws: what ``page(of:after:)`` throws.
  public func list(_ query: MachineQuery) async throws -> [FoundMachine] {
    var machines: [FoundMachine] = []
    var token: String?
    repeat {
      try Task.checkCancellation()
      let page = try await page(of: query, after: token)
      machines += page.machines
      token = page.next
    } while token != nil
    return machines
  }
}

/// Which machines are asked for.
public struct MachineQuery: Sendable, Equatable {
  /// The tags that a machine must have, all of them.
  public var tags: [String: String]
  /// The states that it may be in; `nil` for all but ``MachineState/terminated``.
  public var states: Set<MachineState>?

  public init(tags: [String: String] = [:], states: Set<MachineState>? = nil) {
    self.tags = tags
    self.states = states
  }

  /// Whether it asks for a machine.
  public func matches(_ machine: FoundMachine) -> Bool {
    let isOfState = states.map { $0.contains(machine.state) } ?? (machine.state != .terminated)
    return isOfState && tags.allSatisfy { machine.tags[$0.key] == $0.value }
  }
}

/// Some of the machines that a query asks for.
public struct MachinePage: Sendable, Equatable {
  /// The machines of the page.
  public var machines: [FoundMachine]
  /// What asks for the next page; `nil` of the last.
  public var next: String?

  public init(_ machines: [FoundMachine], next: String? = nil) {
    self.machines = machines
    self.next = next
  }
}
