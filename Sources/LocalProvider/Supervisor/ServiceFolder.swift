#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Puts files and links under a folder without ever leaving it: no step down follows a link that a service
/// may have made.
enum ServiceFolder {
  /// Makes an item, with the folders above it; what is there in its place is replaced.
  static func make(_ item: FolderItem) throws(SystemError) {
    let place = item.place
    guard let name = place.path.last else { throw SystemError("write \(place.base)", code: EISDIR) }
    let parent = try enter(place, making: true)
    defer { close(parent) }
    switch item.content {
    case .file(let bytes, let mode): try write(bytes, mode: mode, name: name, in: parent, place)
    case .link(let target):
      try clear(name, in: parent, place)
      if symlinkat(target, parent, name) != 0 { throw SystemError("link \(place)") }
    }
  }

  /// Takes away what is at a place, if it is a file or a link.
  static func remove(_ place: FolderPlace) throws(SystemError) {
    guard let name = place.path.last else { return }
    let parent: Int32
    do { parent = try enter(place, making: false) } catch {
      if error.code == ENOENT { return }
      throw error
    }
    defer { close(parent) }
    if unlinkat(parent, name, 0) != 0, errno != ENOENT, errno != EISDIR {
      throw SystemError("delete \(place)")
    }
  }

  /// Opens the folder that a place is in.
  private static func enter(_ place: FolderPlace, making: Bool) throws(SystemError) -> Int32 {
    var folder = try Files.open(place.base, O_RDONLY | O_DIRECTORY)
    for name in place.path.dropLast() {
      let current = folder
      defer { close(current) }
      guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")) else {
        throw SystemError("enter \(place)", code: EINVAL)
      }
      if making, mkdirat(current, name, 0o700) != 0, errno != EEXIST { throw SystemError("make \(place)") }
      let next = openat(current, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      // The system's word for "there is a link" is one that nobody understands here.
      if next < 0 { throw SystemError("enter \(place)", code: errno == ELOOP ? ENOTDIR : errno) }
      folder = next
    }
    return folder
  }

  /// Writes beside the file and renames, so that nobody reads half of it.
  private static func write(
    _ bytes: [UInt8], mode: UInt32, name: String, in parent: Int32, _ place: FolderPlace
  ) throws(SystemError) {
    let temporary = ".\(name).berth-new"
    try clear(temporary, in: parent, place)
    let descriptor = openat(
      parent, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
    if descriptor < 0 { throw SystemError("write \(place)") }
    do {
      defer { close(descriptor) }
      try Files.writeAll(bytes, to: descriptor, of: place.description)
      if fchmod(descriptor, mode_t(mode)) != 0 { throw SystemError("write \(place)") }
    }
    if renameat(parent, temporary, parent, name) != 0 {
      let code = errno
      unlinkat(parent, temporary, 0)
      throw SystemError("write \(place)", code: code)
    }
  }

  private static func clear(_ name: String, in parent: Int32, _ place: FolderPlace) throws(SystemError) {
    if unlinkat(parent, name, 0) != 0, errno != ENOENT { throw SystemError("replace \(place)") }
  }
}

extension FolderPlace: CustomStringConvertible {
  /// The whole path.
  var description: String { ([base] + path).joined(separator: "/") }
}
