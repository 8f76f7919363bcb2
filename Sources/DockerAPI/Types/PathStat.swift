/// A file or folder in a container.
public struct PathStat: Decodable, Sendable, Equatable {
  /// Its name, without the folders above.
  public let name: String
  /// Its size in bytes.
  public let size: Int64
  /// Its permissions in the low nine bits; what it is in the bits above, as Go's `os.FileMode` has them.
  public let mode: UInt32
  /// When it was written to last.
  public let modified: EngineTime
  /// Where it leads if it is a link; else empty.
  public let linkTarget: String?

  /// Whether it is a folder.
  public var isFolder: Bool { mode & 1 << 31 != 0 }
  /// Its permissions, such as 0o644.
  public var permissions: UInt32 { mode & 0o777 }

  enum CodingKeys: String, CodingKey {
    case name, size, mode
    case modified = "mtime"
    case linkTarget
  }
}
