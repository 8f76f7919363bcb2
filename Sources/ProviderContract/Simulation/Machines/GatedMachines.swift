import MachineKit

/// Machines that are reached through a ``CallGate``: each call that changes something is an effect.
public struct GatedMachines: Machines {
  private let base: any Machines
  private let gate: any CallGate

  /// Puts a gate before machines.
  public init(_ base: any Machines, gate: any CallGate) { (self.base, self.gate) = (base, gate) }

  /// Looks.
  public func page(of query: MachineQuery, after token: String?) async throws -> MachinePage {
    try await gate.read { try await base.page(of: query, after: token) }
  }
  /// Looks.
  public func machine(_ id: String) async throws -> FoundMachine? {
    try await gate.read { try await base.machine(id) }
  }
  /// Looks.
  public func room(in subnet: String) async throws -> Int? {
    try await gate.read { try await base.room(in: subnet) }
  }
  /// An effect.
  public func create(_ order: MachineOrder) async throws -> FoundMachine {
    try await gate.effect { try await base.create(order) }
  }
  /// An effect.
  public func start(_ id: String) async throws -> FoundMachine? {
    try await gate.effect { try await base.start(id) }
  }
  /// An effect.
  public func stop(_ id: String) async throws -> FoundMachine? {
    try await gate.effect { try await base.stop(id) }
  }
  /// An effect.
  public func terminate(_ id: String) async throws -> FoundMachine? {
    try await gate.effect { try await base.terminate(id) }
  }
  /// An effect.
  public func change(_ id: String, to change: MachineChange) async throws -> FoundMachine? {
    try await gate.effect { try await base.change(id, to: change) }
  }
  /// An effect.
  public func tag(
    _ id: String, with tags: [String: String], dropping gone: Set<String>
  ) async throws -> FoundMachine? {
    try await gate.effect { try await base.tag(id, with: tags, dropping: gone) }
  }
}
