import Values
import Wire

extension NomadClient {
  /// Tells what happens, from now on or from a state on.
  ///
  /// `GET /v1/event/stream`. A stream that ends, breaks, keeps silent or sends what makes no sense goes on from the last
  /// state that is known. Servers keep only what happened lately, lose it when they start anew, and say neither; one that is
  /// behind the others tells some of it again: so ``EventNews/interrupted`` is told first.
  ///
  /// A token needs `read-job` for jobs, allocations, deployments and evaluations, and `node:read` for nodes.
  ///
  /// - Parameters:
  ///   - topics: what is to be told; at least one.
  ///   - index: the state of what was read before: what happened after it is told. Without one, servers begin with what
  ///     they still know.
  ///   - namespace: `nil` means that of the access, `*` all.
  package func events(
    _ topics: [EventTopic], from index: UInt64? = nil, in namespace: String? = nil
  ) -> EventStream {
    var request = Request(.GET, ["v1", "event", "stream"]).with("namespace", namespace ?? access.namespace)
    for topic in topics { request = request.with("topic", topic.query) }
    return EventStream(requester: requester, request: request, index: index)
  }
}

/// What happens in a cluster. It ends by an error or by cancellation only.
package struct EventStream: AsyncSequence, Sendable {
  let requester: Requester
  let request: Request
  let index: UInt64?

  /// The longest line, in bytes: an event of each of some hundred allocations.
  static let longestLine = 64 << 20

  /// Reads the events, once.
  package func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

  package struct Iterator: AsyncIteratorProtocol {
    private let events: EventStream
    private var index: UInt64?
    private var stream: ByteStream.Iterator?
    private var splitter = LineSplitter.ofAgent(limit: EventStream.longestLine)
    private var lines: ArraySlice<[UInt8]> = []
    /// How often in a row a stream ended without any news.
    private var failures = 0
    private var isInterrupted = false

    init(stream: EventStream) {
      events = stream
      index = stream.index
    }

    /// The next news.
    ///
    /// - Throws: ``NomadError`` if the agent refuses, can't be reached for longer than a break, or keeps sending what
    ///   makes no sense; `CancellationError`.
    package mutating func next() async throws -> EventNews? {
      while true {
        try Task.checkCancellation()
        while let line = lines.popFirst() {
          if !line.isEmpty, let batch = try await take(line) { return .events(batch) }
        }
        if stream == nil {
          stream = try await open()
          if isInterrupted {
            isInterrupted = false
            return .interrupted
          }
        }
        try await read()
      }
    }

    private func open() async throws -> ByteStream.Iterator {
      // Servers begin with the state that is named, if they still know it.
      let request = events.request.with("index", index.map { "\($0)" })
      return try await events.requester.stream(request).makeAsyncIterator()
    }

    /// Reads a piece of the answer.
    private mutating func read() async throws {
      do {
        if let piece = try await stream?.next() {
          lines = try splitter.add(piece.readableBytesView)[...]
          return
        }
        interrupt()
        try await pause(after: nil)
      } catch let error as NomadError {
        interrupt()
        try await pause(after: error.isConnectionFailure ? nil : error)
      }
    }

    private mutating func take(_ line: [UInt8]) async throws -> EventBatch? {
      switch EventLine(line) {
      case .batch(let batch):
        failures = 0
        // What the state that was named has, was told. One that lies before it is of servers that count anew.
        if batch.index == index { return nil }
        index = batch.index
        return batch
      case .heartbeat:
        return nil
      case .failure(let text):
        interrupt()
        let refusal = AgentRefusal(
          status: text.hasSuffix("Permission denied") ? 403 : 500, reasonPhrase: "", text: text, wait: nil,
          location: nil, isReading: true)
        let error = refusal.error(of: events.requester.transport.access)
        if error.isForbidden { throw error }
        try await pause(after: error)
      case nil:
        interrupt()
        try await pause(
          after: NomadError(
            "the agent's event stream makes no sense", help: "check that no proxy in between answers"))
      }
      return nil
    }

    private mutating func interrupt() {
      stream = nil
      lines = []
      splitter = LineSplitter.ofAgent(limit: EventStream.longestLine)
      isInterrupted = true
    }

    /// Waits before the stream is asked for again, unless there was news since the last time.
    ///
    /// - Throws: the error, if there has been none for too often.
    private mutating func pause(after error: NomadError?) async throws {
      failures += 1
      let policy = events.requester.policy
      if let error, failures >= policy.attempts { throw error }
      if failures > 1 { try await policy.sleep(policy.pause(after: failures - 1)) }
    }
  }
}

extension LineSplitter {
  /// Cuts what an agent sends; a line that is too long is a ``NomadError``.
  fileprivate static func ofAgent(limit: Int) -> LineSplitter {
    LineSplitter(limit: limit) { NomadError("the agent sent a line that is longer than \($0) bytes") }
  }
}
