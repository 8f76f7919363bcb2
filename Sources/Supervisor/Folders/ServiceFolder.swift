#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads and puts files, links and folders under a folder without ever leaving it: no step down follows a link that a
/// service may have made.
package enum ServiceFolder {
  /// The most that is read of a file, in bytes: as much as a spec may hold.
  static let longestFile = 64 << 20

  /// Makes a file, with the folders above it; what is there in its place is replaced.
  ///
  /// - Parameter owner: who what is made belongs to, unless the file says that itself; `nil` for who runs this.
  static func make(_ item: FolderItem, for owner: FileOwner? = nil) throws(SystemError) {
    try within(item.place, owner) { parent, name throws(SystemError) in
      try write(item, name: name, in: parent, owner: item.owner ?? owner)
    }
  }

  /// Makes a link, with the folders above it; a file, a link or an empty folder in its place is replaced.
  static func link(_ place: FolderPlace, to target: String, for owner: FileOwner? = nil) throws(SystemError) {
    try within(place, owner) { parent, name throws(SystemError) in
      if Files.linkTarget(name, in: parent) == target { return }
      try clear(name, in: parent, place)
      if symlinkat(target, parent, name) != 0 { throw SystemError("link \(place)") }
    }
  }

  /// Makes a folder, with those above it; one that is there is left as it is, and a file or a link is replaced.
  static func makeFolder(_ place: FolderPlace, for owner: FileOwner? = nil) throws(SystemError) {
    try within(place, owner) { parent, name throws(SystemError) in
      if mkdirat(parent, name, 0o700) == 0 { return try give(name, in: parent, to: owner, place) }
      var status = stat()
      if errno == EEXIST, fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
        status.st_mode & S_IFMT == S_IFDIR
      {
        return
      }
      try clear(name, in: parent, place)
      if mkdirat(parent, name, 0o700) != 0 { throw SystemError("make \(place)") }
      try give(name, in: parent, to: owner, place)
    }
  }

  /// Makes an empty file to mount another on, with the folders above it; one that is there is left as it is, and a link
  /// or an empty folder is replaced.
  static func makeMountPoint(_ place: FolderPlace, for owner: FileOwner? = nil) throws(SystemError) {
    try within(place, owner) { parent, name throws(SystemError) in
      var status = stat()
      if fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
        if status.st_mode & S_IFMT == S_IFREG { return }
        try clear(name, in: parent, place)
      }
      let file = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      if file < 0 { throw SystemError("make \(place)") }
      close(file)
    }
  }

  /// Gives an empty folder of one's own to an owner. One that holds something, or is another's, is left as it is.
  static func giveEmpty(_ path: String, to owner: FileOwner) throws(SystemError) {
    let folder = try Files.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    defer { close(folder) }
    var status = stat()
    guard fstat(folder, &status) == 0, status.st_uid == geteuid(), owner.user != geteuid(),
      try Files.names(in: path).isEmpty
    else { return }
    if fchown(folder, owner.user, owner.group) != 0 {
      throw SystemError("give \(path) to user \(owner.user)")
    }
  }

  /// What a file holds; `nil` if no file is there, or only a link or the like.
  package static func read(_ place: FolderPlace) throws(SystemError) -> [UInt8]? {
    guard let name = place.path.last else { return nil }
    let parent: Int32
    do { parent = try enter(place, making: false) } catch {
      if error.code == ENOENT || error.code == ENOTDIR { return nil }
      throw error
    }
    defer { close(parent) }
    // To open a pipe must not wait for a writer.
    let descriptor = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if descriptor < 0 {
      if [ENOENT, ELOOP, ENXIO, ENOTDIR].contains(errno) { return nil }
      throw SystemError("open \(place)")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return try Files.readAll(descriptor, of: place.description, atMost: longestFile)
  }

  /// Takes away what is at a place, if it is a file, a link or an empty folder.
  ///
  /// A file that berth wrote into a volume, and that was changed since, stays.
  package static func remove(_ obsolete: ObsoletePlace) throws(SystemError) {
    let place = obsolete.place
    if let digest = obsolete.digest, try read(place).map(ObsoletePlace.digest) != digest { return }
    guard let name = place.path.last else { return }
    let parent: Int32
    do { parent = try enter(place, making: false) } catch {
      if error.code == ENOENT { return }
      throw error
    }
    defer { close(parent) }
    if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else { throw SystemError("delete \(place)") }
    if unlinkat(parent, name, AT_REMOVEDIR) != 0, ![ENOENT, ENOTEMPTY, EEXIST, EBUSY].contains(errno) {
      throw SystemError("delete \(place)")
    }
  }

  private static func within(
    _ place: FolderPlace, _ owner: FileOwner?, _ body: (Int32, String) throws(SystemError) -> Void
  ) throws(SystemError) {
    guard let name = place.path.last else { throw SystemError("write \(place.base)", code: EISDIR) }
    let parent = try enter(place, making: true, for: owner)
    defer { close(parent) }
    try body(parent, name)
  }

  /// Opens the folder that a place is in.
  private static func enter(
    _ place: FolderPlace, making: Bool, for owner: FileOwner? = nil
  ) throws(SystemError) -> Int32 {
    var folder = try Files.open(place.base, O_RDONLY | O_DIRECTORY)
    for name in place.path.dropLast() {
      let current = folder
      defer { close(current) }
      guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")) else {
        throw SystemError("enter \(place)", code: EINVAL)
      }
      if making {
        if mkdirat(current, name, 0o700) == 0 {
          try give(name, in: current, to: owner, place)
        } else if errno != EEXIST {
          throw SystemError("make \(place)")
        }
      }
      let next = openat(current, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      // The system's word for "there is a link", too many levels of links, would mislead here.
      if next < 0 { throw SystemError("enter \(place)", code: errno == ELOOP ? ENOTDIR : errno) }
      folder = next
    }
    return folder
  }

  /// Writes beside the file and renames, so that no process reads half of it.
  private static func write(
    _ item: FolderItem, name: String, in parent: Int32, owner: FileOwner?
  ) throws(SystemError) {
    let (place, mode) = (item.place, mode_t(item.mode))
    let temporary = ".\(name).berth-new"
    try clear(temporary, in: parent, place)
    let descriptor = openat(
      parent, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    if descriptor < 0 { throw SystemError("write \(place)") }
    do {
      defer { close(descriptor) }
      try Files.writeAll(item.bytes, to: descriptor, of: place.description)
      if let owner, fchown(descriptor, owner.user, owner.group) != 0 {
        throw SystemError("give \(place) to user \(owner.user)")
      }
      if fchmod(descriptor, mode) != 0 { throw SystemError("write \(place)") }
    }
    if renameat(parent, temporary, parent, name) != 0 {
      let code = errno
      unlinkat(parent, temporary, 0)
      throw SystemError("write \(place)", code: code)
    }
  }

  /// Gives what was just made to its owner.
  private static func give(
    _ name: String, in parent: Int32, to owner: FileOwner?, _ place: FolderPlace
  ) throws(SystemError) {
    guard let owner else { return }
    if fchownat(parent, name, owner.user, owner.group, AT_SYMLINK_NOFOLLOW) != 0 {
      throw SystemError("give \(place) to user \(owner.user)")
    }
  }

  private static func clear(_ name: String, in parent: Int32, _ place: FolderPlace) throws(SystemError) {
    if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
    let code = errno
    // Nothing is lost with an empty folder.
    if unlinkat(parent, name, AT_REMOVEDIR) != 0 { throw SystemError("replace \(place)", code: code) }
  }
}
