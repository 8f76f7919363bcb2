/// A file or folder in a container.
package struct PathStat: Decodable, Sendable, Equatable {
  /// Its name, without the folders above.
  package let name: String
  /// Its size in bytes.
  package let size: Int64
  /// Its permissions in the low nine bits; what it is in the bits above, as Go's `os.FileMode` has them.
  package let mode: UInt32
  /// When it was written to last.
  package let modified: EngineTime
  /// Where it leads if it is a link; else empty.
  package let linkTarget: String?

  /// Whether it is a folder.
  package var isFolder: Bool { mode & 1 << 31 != 0 }
  /// Its permissions, such as 0o644.
  package var permissions: UInt32 { mode & 0o777 }

  enum CodingKeys: String, CodingKey {
    case name, size, mode
    case modified = "mtime"
    case linkTarget
  }
}
