import UserFiles

/// A certificate or a key in PEM format.
package enum KeyMaterial: Sendable, Equatable {
  /// The bytes themselves, and where they are written.
  case data([UInt8], place: String)
  /// A file, and the folders that it must lie in; `nil` where the user himself named it.
  case file(String, within: FileBoundary? = nil)

  /// The size of the largest file: 4 MiB, which is many authorities.
  private static let maximumSize = 4 << 20

  /// The bytes.
  ///
  /// - Throws: `UserFileError` if the file can't be read.
  package func read() throws(UserFileError) -> [UInt8] {
    switch self {
    case .data(let bytes, _): bytes
    case .file(let path, let boundary):
      try UserFile.bytes(of: path, atMost: Self.maximumSize, within: boundary)
    }
  }

  /// Where it is written, for messages.
  package var place: String {
    switch self {
    case .data(_, let place): place
    case .file(let path, _): path
    }
  }
}
