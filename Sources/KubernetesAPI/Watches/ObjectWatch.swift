import Wire

extension ObjectCalls {
  /// Tells what happens to objects, from now on or from a moment on, without losing anything for as long as
  /// it is read.
  ///
  /// `GET …?watch=true`. A watch that ends, breaks or sends what makes no sense goes on from the last moment
  /// that is known; if the server no longer keeps that (410), the objects are listed again.
  ///
  /// - Parameters:
  ///   - namespace: `nil` means all namespaces.
  ///   - moment: the `resourceVersion` of a list; then only what happened since is told. `nil` means that it
  ///     begins with a list.
  package func watch(
    in namespace: String? = nil, _ selection: Selection = Selection(), from moment: String? = nil
  ) -> ObjectWatch {
    ObjectWatch(calls: self, namespace: namespace, selection: selection, moment: moment)
  }
}

/// What happens to objects. It ends by an error or by cancellation only.
package struct ObjectWatch: AsyncSequence, Sendable {
  let calls: ObjectCalls
  let namespace: String?
  let selection: Selection
  let moment: String?

  /// How long a server is asked to go on with one answer, in seconds; less than ``Transport/silence``.
  static let span = 300
  /// The longest line, in bytes: an object may have 1.5 MiB, and a little more with what is not kept of it.
  static let longestLine = 16 << 20

  /// Reads the events, once.
  package func makeAsyncIterator() -> Iterator { Iterator(watch: self) }

  package struct Iterator: AsyncIteratorProtocol {
    private let watch: ObjectWatch
    private var moment: String?
    private var stream: ByteStream.Iterator?
    private var splitter = LineSplitter.ofServer(limit: ObjectWatch.longestLine)
    private var lines: ArraySlice<[UInt8]> = []
    /// How often in a row an answer ended without any news.
    private var failures = 0

    init(watch: ObjectWatch) {
      self.watch = watch
      moment = watch.moment
    }

    /// The next event.
    ///
    /// - Throws: ``KubernetesError`` if the server refuses, can't be reached for longer than a break, or
    ///   keeps sending what makes no sense; `CancellationError`.
    package mutating func next() async throws -> WatchEvent? {
      while true {
        try Task.checkCancellation()
        while let line = lines.popFirst() {
          if !line.isEmpty, let event = try await take(line) { return event }
        }
        guard let from = moment else {
          let list = try await watch.calls.list(in: watch.namespace, watch.selection)
          moment = list.resourceVersion
          return .listed(list)
        }
        if stream == nil {
          do {
            stream = try await open(from: from)
          } catch let error as KubernetesError where error.isExpired {
            moment = nil
            try await pause(after: error)
            continue
          }
        }
        try await read()
      }
    }

    private func open(from moment: String) async throws -> ByteStream.Iterator {
      let path = try watch.calls.type.path(ofAllIn: watch.namespace)
      let request = watch.selection.applied(to: Request(.GET, path))
        .with("watch", true).with("allowWatchBookmarks", true).with("resourceVersion", moment)
        .with("timeoutSeconds", "\(ObjectWatch.span)")
      return try await requester.stream(request, isWatch: true).makeAsyncIterator()
    }

    private var requester: Requester { watch.calls.requester }

    /// Reads a piece of the answer.
    private mutating func read() async throws {
      do {
        if let piece = try await stream?.next() {
          lines = try splitter.add(piece.readableBytesView)[...]
          return
        }
        // An answer ends when its time is over. Half a line is what was cut off.
        close()
        try await pause(after: nil)
      } catch let error as KubernetesError {
        close()
        try await pause(after: error.isConnectionFailure ? nil : error)
      }
    }

    private mutating func take(_ line: [UInt8]) async throws -> WatchEvent? {
      switch WatchLine(line) {
      case .event(let event, let version):
        advance(to: version)
        return event
      case .bookmark(let version): advance(to: version)
      case .failure(let error):
        close()
        guard error.isExpired || error.mayPass else { throw error }
        if error.isExpired { moment = nil }
        try await pause(after: error)
      case nil:
        close()
        try await pause(
          after: KubernetesError(
            "the server's watch of \(watch.calls.type) makes no sense",
            help: "check that no proxy in between answers"))
      }
      return nil
    }

    private mutating func advance(to version: String) {
      failures = 0
      if !version.isEmpty { moment = version }
    }

    private mutating func close() {
      stream = nil
      lines = []
      splitter = LineSplitter.ofServer(limit: ObjectWatch.longestLine)
    }

    /// Waits before the next answer is asked for, unless there was news since the last time.
    ///
    /// - Throws: the error, if there has been none for too often.
    private mutating func pause(after error: KubernetesError?) async throws {
      failures += 1
      let policy = requester.policy
      if let error, failures >= policy.attempts { throw error }
      if let wait = error?.retryAfter {
        try await policy.sleep(policy.pause(asked: wait))
      } else if failures > 1 {
        try await policy.sleep(policy.pause(after: failures - 1))
      }
    }
  }
}
