import Wire

/// One answer to a request for a log.
struct LogAnswer {
  private var stream: ByteStream.Iterator
  private var splitter = FrameSplitter()
  private var frames: ArraySlice<LogFrame> = []
  private var cursor: LogCursor
  private let access: NomadAccess

  /// Up to where bytes were given.
  var given: LogPlace? { cursor.given }

  /// How many bytes before its end a log is asked for again where an answer broke, one after the other, until it begins no
  /// later than where it broke. At last all of it is.
  private static let reaches: [Int64] = [64 << 10, 1 << 20, 16 << 20]

  /// Asks for a log, or for what follows a place in it.
  ///
  /// Agents are asked by bytes from the start of what is kept, or from its end, and don't say where the files begin that
  /// are thrown away meanwhile: so more is asked for, and what was given is left out.
  init(resuming logs: TaskLogs, after given: LogPlace?) async throws {
    guard let given else {
      switch logs.query.start {
      case .last(let bytes) where bytes > 0: self = try await LogAnswer(logs, reach: bytes, after: nil)
      // What is asked for the last 0 bytes had none when it was asked for its end.
      case .beginning, .last: self = try await LogAnswer(logs, reach: nil, after: nil)
      }
      return
    }
    for reach in Self.reaches {
      var answer = try await LogAnswer(logs, reach: reach, after: given)
      if try await answer.begins(atOrBefore: given) {
        self = answer
        return
      }
    }
    self = try await LogAnswer(logs, reach: nil, after: given)
  }

  /// Where a log ends; `nil` if it has nothing. Agents take 0 bytes before the end for all of the newest file, so that its
  /// last byte is asked for.
  static func end(of logs: TaskLogs) async throws -> LogPlace? {
    var answer = try await LogAnswer(logs, reach: 1, after: nil, follows: false)
    while let frame = try await answer.next() { _ = answer.take(frame) }
    return answer.given
  }

  /// - Parameter reach: how many bytes before the end it begins; `nil` means with all that is kept.
  private init(
    _ logs: TaskLogs, reach: Int64?, after given: LogPlace?, follows: Bool? = nil
  ) async throws {
    var request = try Request.of(.GET, ["v1", "client", "fs", "logs"], logs.allocation, "the allocation")
      .with("namespace", logs.namespace).with("task", logs.query.task).with(
        "type", logs.query.stream.rawValue
      )
      .with("follow", follows ?? logs.query.follows)
    if let reach { request = request.with("origin", "end").with("offset", "\(reach)") }
    let requester = logs.calls.requester
    access = requester.transport.access
    stream = try await requester.stream(request).makeAsyncIterator()
    cursor = LogCursor(beginsFile: reach == nil, after: given)
  }

  /// The next frame; `nil` at the end.
  ///
  /// - Throws: ``NomadError`` if the agent can't go on, or the connection breaks; `CancellationError`.
  mutating func next() async throws -> LogFrame? {
    while true {
      if let frame = frames.popFirst() { return frame }
      guard let piece = try await stream.next() else {
        guard let text = splitter.rest() else { return nil }
        throw failure(text)
      }
      frames = try splitter.add(piece.readableBytesView)[...]
    }
  }

  /// What of a frame is new; `nil` if nothing is.
  mutating func take(_ frame: LogFrame) -> LogPiece? {
    let bytes = cursor.take(frame)
    return bytes.isEmpty ? nil : LogPiece(file: frame.file, bytes: bytes, followsGap: cursor.hasGap)
  }

  /// Whether it begins no later than a place. One that has nothing does.
  private mutating func begins(atOrBefore place: LogPlace) async throws -> Bool {
    guard let first = try await next() else { return true }
    frames.insert(first, at: frames.startIndex)
    return first.isHeartbeat || cursor.start(of: first) <= place
  }

  /// What is said behind the frames, after the answer had begun.
  private func failure(_ text: String) -> NomadError {
    let refusal = AgentRefusal(
      status: 500, reasonPhrase: "", text: text, wait: nil, location: nil, isReading: true)
    var error = refusal.error(of: access)
    // Whatever it is, the same place may be asked for again.
    if !error.isNotFound { error.reason = .unavailable }
    return error
  }
}
