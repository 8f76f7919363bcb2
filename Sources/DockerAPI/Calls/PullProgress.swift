/// What an engine reports while it pulls or imports an image, until the image is there.
package struct PullProgress: AsyncSequence, Sendable {
  let lines: JSONLines<Line>

  /// A step that was made.
  package struct Step: Sendable, Equatable {
    /// The layer (its short id), or for what concerns the whole image, `nil`.
    package let layer: String?
    /// What is done: `Downloading`, `Extracting`, `Pull complete`, or a whole sentence.
    package let status: String?
    /// How many bytes of it are done.
    package let done: Int64?
    /// How many bytes there are; `nil` where that is not known.
    package let total: Int64?
  }

  struct Line: Decodable, Sendable {
    struct Detail: Decodable {
      let current: Int64?
      let total: Int64?
    }
    struct Failure: Decodable { let message: String? }

    let id: String?
    let status: String?
    let progressDetail: Detail?
    let error: String?
    let errorDetail: Failure?
  }

  /// Reads the steps, once.
  package func makeAsyncIterator() -> Iterator { Iterator(lines: lines.makeAsyncIterator()) }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate var lines: JSONLines<Line>.Iterator

    /// The next step; `nil` once the image is there.
    ///
    /// - Throws: ``DockerError`` if it can't be had, or the connection breaks; `CancellationError`.
    package mutating func next() async throws -> Step? {
      guard let line = try await lines.next() else { return nil }
      if let reason = line.errorDetail?.message ?? line.error { throw DockerError(reason) }
      let total = line.progressDetail?.total
      return Step(
        layer: line.id, status: line.status, done: line.progressDetail?.current,
        total: total.flatMap { $0 > 0 ? $0 : nil })
    }
  }
}
