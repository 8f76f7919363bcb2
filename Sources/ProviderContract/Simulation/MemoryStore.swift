import ProviderKit

/// A release store in memory.
public typealias MemoryStore = RegisterStore<MemoryRegisters>

extension RegisterStore where Storage == MemoryRegisters {
  /// A store that holds nothing.
  ///
  /// - Parameters:
  ///   - newDigestKey: the key of the digests of secrets that the first caller gets; a random one if not given.
  ///   - limits: how much is kept of each workload's history.
  public convenience init(newDigestKey: [UInt8]? = nil, limits: HistoryLimits = HistoryLimits()) {
    self.init(MemoryRegisters(), limits: limits, newDigestKey: newDigestKey)
  }

  /// A store of its own that holds what another one holds now.
  public convenience init(copying other: MemoryStore) {
    self.init(copying: other, registers: MemoryRegisters(copying: other.registers))
  }

  /// How many times anything was written, or might have been.
  public var writes: Int { registers.writes }

  /// Makes it known for certain that the holder of a lock is gone.
  public func markGone(_ token: String) { registers.markGone(token) }
}
