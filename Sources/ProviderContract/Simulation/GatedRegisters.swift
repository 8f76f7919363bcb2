import ProviderKit

/// Registers that are reached through a ``CallGate``: each primitive that changes something is an effect.
public struct GatedRegisters: Registers {
  private let base: any Registers
  private let gate: any CallGate

  /// Puts a gate before registers.
  public init(_ base: any Registers, gate: any CallGate) {
    self.base = base
    self.gate = gate
  }

  /// The most bytes that a register holds.
  public var capacity: Int { base.capacity }
  /// Whether the registers say so.
  public func isGone(_ holder: LockHolder) -> Bool { base.isGone(holder) }
  /// Asks the registers.
  public func get(_ name: String) async throws -> Register? {
    try await gate.read { try await base.get(name) }
  }
  /// Asks the registers.
  public func list(_ prefix: String, contents: Bool) async throws -> [Register] {
    try await gate.read { try await base.list(prefix, contents: contents) }
  }
  /// Changes the registers: an effect.
  public func create(_ name: String, _ contents: [UInt8]) async throws -> Bool {
    try await gate.effect { try await base.create(name, contents) }
  }
  /// Changes the registers: an effect.
  public func swap(_ name: String, from version: RegisterVersion, to contents: [UInt8]?) async throws -> Bool
  {
    try await gate.effect { try await base.swap(name, from: version, to: contents) }
  }
}
