import Planning
import ProviderKit
import Synchronization
import Values

/// Remembers the last history that was read or written of each workload: a run reads the same text many times,
/// and to parse a large one takes longer than to ask for it.
final class LedgerMemory: Sendable {
  private let states = Mutex<[WorkloadKey: (text: String, state: LedgerState)]>([:])

  /// The history that a text tells.
  ///
  /// - Throws: ``MalformedRecord`` or what JSON is refused with.
  func state(in text: String, of key: WorkloadKey) throws -> LedgerState {
    if let known = states.withLock({ $0[key] }), known.text == text { return known.state }
    let state = try LedgerState(json: try Value(json: text))
    note(state, in: text, of: key)
    return state
  }

  /// A history was written as a text.
  func note(_ state: LedgerState, in text: String, of key: WorkloadKey) {
    states.withLock { $0[key] = (text, state) }
  }
}
