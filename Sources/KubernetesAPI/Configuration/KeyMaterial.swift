import UserFiles

/// A certificate or a key in PEM format.
package enum KeyMaterial: Sendable, Equatable {
  /// The bytes themselves, and where they are written.
  case data([UInt8], place: String)
  /// A file, and the folders that it must lie in; `nil` where the user himself named it.
  case file(String, within: FileBoundary? = nil)
}
