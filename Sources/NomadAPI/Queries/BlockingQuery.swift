import Wire

/// What is there, at once and then each time the state moves. It ends by an error or by cancellation only.
///
/// An answer whose index did not move is not given again. Where the index goes back, as it does when the servers were
/// restored from a backup, or is 0, it begins anew, as HashiCorp asks of those who use blocking queries.
package struct BlockingQuery<Value: Sendable>: AsyncSequence, Sendable {
  let wait: Duration
  let policy: RetryPolicy
  let ask: @Sendable (Query) async throws -> Indexed<Value>

  /// Reads the answers, once.
  package func makeAsyncIterator() -> Iterator { Iterator(query: self) }

  package struct Iterator: AsyncIteratorProtocol {
    private let query: BlockingQuery
    private var index: UInt64?
    /// How often in a row an answer came that tells nothing.
    private var idle = 0

    init(query: BlockingQuery) { self.query = query }

    /// The next answer that is another one.
    ///
    /// - Throws: what the question throws; `CancellationError`.
    package mutating func next() async throws -> Indexed<Value>? {
      while true {
        try Task.checkCancellation()
        let start = ContinuousClock.now
        let answer = try await query.ask(Query(index: index, wait: index == nil ? nil : query.wait))
        let before = index
        // A state of 0 never moves: what is asked with it does not wait.
        let now = Swift.max(answer.index, 1)
        index = now
        guard now == before else {
          idle = 0
          return answer
        }
        // An agent that answers at once though nothing moved must not be asked without end.
        idle = ContinuousClock.now - start < .seconds(1) ? idle + 1 : 0
        if idle > 0 { try await query.policy.sleep(query.policy.pause(after: idle)) }
      }
    }
  }
}
