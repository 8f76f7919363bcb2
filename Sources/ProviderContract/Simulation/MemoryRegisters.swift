import ProviderKit
import Synchronization

/// Registers that this process keeps in memory, for tests: stores on the same ones see each other's writes.
public final class MemoryRegisters: Registers {
  /// The most bytes that a register holds.
  public let capacity: Int
  private let state: Mutex<State>

  fileprivate struct State {
    var registers: [String: Register] = [:]
    var changes = 0
    var writes = 0
    var goneHolders: Set<String> = []
  }

  /// Registers that hold nothing.
  public init(capacity: Int = 1 << 20) {
    self.capacity = capacity
    state = Mutex(State())
  }

  /// Registers of their own that hold what others hold now.
  public init(copying other: MemoryRegisters) {
    capacity = other.capacity
    let copy = other.state.withLock { $0 }
    state = Mutex(copy)
  }

  /// How many times anything was written, or might have been.
  public var writes: Int { state.withLock { $0.writes } }

  /// The names of all registers, in order.
  public var names: [String] { state.withLock { $0.registers.keys.sorted() } }

  /// Makes it known for certain that the holder of a lock is gone.
  public func markGone(_ token: String) { state.withLock { _ = $0.goneHolders.insert(token) } }

  /// Whether it was made known.
  public func isGone(_ holder: LockHolder) -> Bool {
    state.withLock { $0.goneHolders.contains(holder.token) }
  }

  /// Puts bytes under a name behind the store's back; `nil` takes away what is there.
  public func tamper(_ name: String, _ contents: [UInt8]?) {
    state.withLock { state in
      if let contents { state.put(contents, as: name) } else { state.registers[name] = nil }
    }
  }

  // MARK: Registers

  /// What is kept under a name.
  public func get(_ name: String) async throws -> Register? { state.withLock { $0.registers[name] } }

  /// What is kept under the names that begin with a prefix. Contents are left out unless they are asked for.
  public func list(_ prefix: String, contents: Bool) async throws -> [Register] {
    let found = state.withLock { $0.registers.values.filter { $0.name.utf8.starts(with: prefix.utf8) } }
    return found.sorted { $0.name < $1.name }.map { register in
      contents ? register : Register(name: register.name, version: register.version, contents: [])
    }
  }

  /// Keeps something under a name under which nothing is kept.
  public func create(_ name: String, _ contents: [UInt8]) async throws -> Bool {
    try check(contents, name)
    return state.withLock { state in
      state.writes += 1
      guard state.registers[name] == nil else { return false }
      state.put(contents, as: name)
      return true
    }
  }

  /// Keeps something else, or nothing, if the version fits.
  public func swap(_ name: String, from version: RegisterVersion, to contents: [UInt8]?) async throws -> Bool
  {
    try check(contents ?? [], name)
    return state.withLock { state in
      state.writes += 1
      guard state.registers[name]?.version == version else { return false }
      if let contents { state.put(contents, as: name) } else { state.registers[name] = nil }
      return true
    }
  }

  private func check(_ contents: [UInt8], _ name: String) throws {
    guard contents.count <= capacity else {
      throw StoreError("`\(name)` would hold \(contents.count) bytes, and the most is \(capacity)")
    }
  }
}

extension MemoryRegisters.State {
  fileprivate mutating func put(_ contents: [UInt8], as name: String) {
    changes += 1
    registers[name] = Register(name: name, version: RegisterVersion("\(changes)"), contents: contents)
  }
}
