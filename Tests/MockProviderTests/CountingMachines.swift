import MachineKit
import Synchronization

/// How often machines were asked for.
final class CallCounter: Sendable {
  private let counts = Mutex((pages: 0, others: 0))

  var pages: Int { counts.withLock { $0.pages } }
  var others: Int { counts.withLock { $0.others } }

  func countPage() { counts.withLock { $0.pages += 1 } }
  func countOther() { counts.withLock { $0.others += 1 } }
}

/// Machines that can be looked at, each call of which is counted.
struct CountingMachines: Machines {
  private let base: any Machines
  private let calls: CallCounter

  init(_ base: any Machines, _ calls: CallCounter) { (self.base, self.calls) = (base, calls) }

  func page(of query: MachineQuery, after token: String?) async throws -> MachinePage {
    calls.countPage()
    return try await base.page(of: query, after: token)
  }
  func machine(_ id: String) async throws -> FoundMachine? {
    calls.countOther()
    return try await base.machine(id)
  }
  func create(_ order: MachineOrder) async throws -> FoundMachine { try await base.create(order) }
  func start(_ id: String) async throws -> FoundMachine? { try await base.start(id) }
  func stop(_ id: String) async throws -> FoundMachine? { try await base.stop(id) }
  func terminate(_ id: String) async throws -> FoundMachine? { try await base.terminate(id) }
  func change(_ id: String, to change: MachineChange) async throws -> FoundMachine? {
    try await base.change(id, to: change)
  }
  func tag(
    _ id: String, with tags: [String: String], dropping gone: Set<String>
  ) async throws -> FoundMachine? {
    try await base.tag(id, with: tags, dropping: gone)
  }
}
