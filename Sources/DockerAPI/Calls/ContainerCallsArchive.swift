import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Calls that concern the files of a container; it need not run.
extension ContainerCalls {
  /// A file or folder of a container.
  ///
  /// `HEAD /containers/{id}/archive`
  ///
  /// - Throws: ``DockerError``; with ``DockerError/isNotFound`` if there is no such container or path.
  package func stat(_ id: String, path: String) async throws -> PathStat {
    let answer = try await client.call(Request(.HEAD, "containers", id, "archive").with("path", path))
    guard let header = answer.headers.first(name: "X-Docker-Container-Path-Stat"),
      let json = Data(base64Encoded: header)
    else { throw DockerError("the engine did not say what \(path) is") }
    return try EngineJSON.decode(PathStat.self, from: json)
  }

  /// Reads a file, or a folder with all that is in it, as a tar archive.
  ///
  /// `GET /containers/{id}/archive`
  ///
  /// - Throws: ``DockerError``; with ``DockerError/isNotFound`` if there is no such container or path.
  package func archive(_ id: String, path: String) async throws -> ArchiveBytes {
    ArchiveBytes(
      bytes: try await client.stream(Request(.GET, "containers", id, "archive").with("path", path)))
  }

  /// Unpacks a tar archive in a folder of a container.
  ///
  /// `PUT /containers/{id}/archive`
  ///
  /// - Parameters:
  ///   - archive: the archive; see ``TarWriter``.
  ///   - path: the folder, which must be there.
  ///   - keepsKinds: whether to refuse to put a file where a folder is, or the other way round.
  package func putArchive(
    _ archive: [UInt8], in id: String, path: String, keepsKinds: Bool = true
  ) async throws {
    try await client.call(
      Request(.PUT, "containers", id, "archive").with("path", path).with("noOverwriteDirNonDir", keepsKinds)
        .with(body: "application/x-tar", ByteBuffer(bytes: archive)))
  }
}

/// A tar archive, as it comes.
package struct ArchiveBytes: AsyncSequence, Sendable {
  let bytes: ByteStream

  /// Reads the pieces, once.
  package func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes.makeAsyncIterator()) }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate var bytes: ByteStream.Iterator

    /// The next piece; `nil` at the end.
    package mutating func next() async throws -> [UInt8]? {
      try await bytes.next().map { Array($0.readableBytesView) }
    }
  }

  /// The whole archive.
  ///
  /// - Throws: ``DockerError`` if it is longer than the limit, in bytes, or the connection breaks.
  package func collect(upTo limit: Int) async throws -> [UInt8] {
    var archive: [UInt8] = []
    for try await piece in self {
      guard archive.count + piece.count <= limit else {
        throw DockerError("the archive is longer than \(limit) bytes")
      }
      archive += piece
    }
    return archive
  }
}
