import Wire

extension PodCalls {
  /// The lines that a container wrote, standard output and standard error as one, in the order in which its
  /// node got them. Where both are written to at the same time, the time of a line may be a little before that
  /// of the line before it.
  ///
  /// `GET …/pods/{name}/log`. Asked again until the first line comes; what breaks afterwards is an error, and
  /// the caller goes on by ``PodLogQuery/since`` with the times of the lines.
  ///
  /// - Throws: ``KubernetesError``; with status 400 if the container waits to be started.
  package func logs(
    _ pod: String, in namespace: String, _ query: PodLogQuery = PodLogQuery()
  ) async throws -> PodLogs {
    let request = Request(
      .GET, try ResourceType.pods.path(namespace: namespace, name: pod, subresource: "log")
    )
    .with("container", query.container).with("follow", query.follows).with("previous", query.previous)
    .with("sinceTime", query.since?.description).with("tailLines", query.tail.map { "\($0)" })
    .with("timestamps", query.times).with(header: "Accept", "text/plain, application/json")
    return PodLogs(bytes: try await client.requester.stream(request), hasTimes: query.times)
  }
}

/// The lines that a container wrote, as they come.
package struct PodLogs: AsyncSequence, Sendable {
  let bytes: ByteStream
  let hasTimes: Bool

  /// Reads the lines, once.
  package func makeAsyncIterator() -> Iterator {
    Iterator(bytes: bytes.makeAsyncIterator(), assembler: LogAssembler(hasTimes: hasTimes))
  }

  package struct Iterator: AsyncIteratorProtocol {
    var bytes: ByteStream.Iterator
    var assembler: LogAssembler
    private var lines: ArraySlice<LoggedLine> = []
    private var isAtEnd = false

    init(bytes: ByteStream.Iterator, assembler: LogAssembler) {
      self.bytes = bytes
      self.assembler = assembler
    }

    /// The next line; `nil` when nothing more comes.
    ///
    /// - Throws: ``KubernetesError`` if the connection breaks; `CancellationError`.
    package mutating func next() async throws -> LoggedLine? {
      while true {
        if let line = lines.popFirst() { return line }
        if isAtEnd { return nil }
        if let piece = try await bytes.next() {
          lines = assembler.add(piece.readableBytesView)[...]
        } else {
          isAtEnd = true
          lines = [assembler.finish()].compactMap(\.self)[...]
        }
      }
    }
  }
}
