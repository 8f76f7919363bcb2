import Diagnostics

/// The permissions of a file, and who it belongs to.
struct FileAccess {
  /// `nil` for 0644.
  var mode: UInt32?
  /// The number of the user; `nil` for the engine's choice.
  var user: Int?
}

/// A file of a volume whose content a ConfigMap or a Secret has.
struct FileEntry {
  enum Source {
    /// A text, in the form of a spec that secrets may stand in.
    case content(String)
    case secret(name: String, key: String)
  }

  /// Its path in the volume.
  let path: String
  let source: Source
  let access: FileAccess
  let location: SourceLocation
}
