/// A file, folder or link in a tar archive.
package struct TarEntry: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// A file with its contents.
    case file([UInt8])
    /// A directory entry, which holds no bytes.
    case folder
    /// A link that leads to a path.
    case symbolicLink(to: String)
    /// Another name of a file that is named by its path in the archive.
    case hardLink(to: String)
    /// Something that is neither, such as a device; only its name is read.
    case other
  }

  /// Where it is, relative to where the archive is unpacked, without a slash at either end; empty for that
  /// folder itself.
  package var path: String
  package var kind: Kind
  /// Its permissions, such as 0o644.
  package var mode: UInt32
  /// The number of the user who owns it.
  package var user: Int
  /// The number of the group that owns it.
  package var group: Int
  /// When it was written to last, in seconds since 1970-01-01T00:00:00Z.
  package var modified: Int64

  package init(
    path: String, kind: Kind, mode: UInt32, user: Int = 0, group: Int = 0, modified: Int64 = 0
  ) {
    self.path = path
    self.kind = kind
    self.mode = mode
    self.user = user
    self.group = group
    self.modified = modified
  }

  /// An entry for a regular file with its bytes.
  package static func file(
    _ path: String, _ contents: [UInt8], mode: UInt32 = 0o644, user: Int = 0, group: Int = 0,
    modified: Int64 = 0
  ) -> TarEntry {
    TarEntry(path: path, kind: .file(contents), mode: mode, user: user, group: group, modified: modified)
  }

  /// An entry for a directory.
  package static func folder(
    _ path: String, mode: UInt32 = 0o755, user: Int = 0, group: Int = 0, modified: Int64 = 0
  ) -> TarEntry {
    TarEntry(path: path, kind: .folder, mode: mode, user: user, group: group, modified: modified)
  }

  /// The contents, if it is a file.
  package var contents: [UInt8]? {
    if case .file(let contents) = kind { contents } else { nil }
  }
}
