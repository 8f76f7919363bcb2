#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files and folders by the system's own calls.
package enum Files {
  /// Opens a file; the descriptor is closed in every process that is started.
  package static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(SystemError) -> Int32
  {
    let descriptor = path.withCString { systemOpen($0, flags | O_CLOEXEC, mode) }
    if descriptor < 0 { throw SystemError("open \(path)") }
    return descriptor
  }

  /// The bytes of a file; `nil` if there is none.
  package static func read(_ path: String) throws(SystemError) -> [UInt8]? {
    let descriptor: Int32
    do { descriptor = try open(path, O_RDONLY) } catch {
      if error.code == ENOENT || error.code == ENOTDIR { return nil }
      throw error
    }
    defer { close(descriptor) }
    return try readAll(descriptor, of: path)
  }

  /// What is left to read of a descriptor, as far as a limit.
  package static func readAll(
    _ descriptor: Int32, of path: String, atMost limit: Int = .max
  ) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var status = stat()
    // Files of /proc say that they are empty.
    let step = fstat(descriptor, &status) == 0 && status.st_size > 0 ? Int(status.st_size) + 1 : 4096
    while bytes.count < limit,
      let chunk = try readChunk(descriptor, of: path, atMost: min(step, limit - bytes.count))
    {
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
    }
    return bytes
  }

  /// The next bytes of a descriptor; `nil` at the end.
  package static func readChunk(
    _ descriptor: Int32, of path: String, atMost limit: Int
  ) throws(SystemError) -> [UInt8]? {
    var failure: SystemError?
    let chunk = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let result = systemRead(descriptor, UnsafeMutableRawBufferPointer(buffer))
      if result < 0 { failure = SystemError("read \(path)") }
      count = max(0, result)
    }
    if let failure { throw failure }
    return chunk.isEmpty ? nil : chunk
  }

  /// Writes every byte.
  package static func writeAll(
    _ bytes: some Sequence<UInt8>, to descriptor: Int32, of path: String
  )
    throws(SystemError)
  {
    let bytes = Array(bytes)
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + start, bytes.count - start) }
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError("write \(path)")
      }
      start += count
    }
  }

  /// Replaces a file as a whole: a reader, also after a crash, finds the old or the new bytes.
  ///
  /// - Parameter durably: whether the bytes must have reached the disk on return.
  package static func replace(
    _ path: String, with bytes: [UInt8], mode: mode_t = 0o600, durably: Bool
  )
    throws(SystemError)
  {
    let temporary = path + ".new"
    let descriptor = try open(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
    do {
      defer { close(descriptor) }
      try writeAll(bytes, to: descriptor, of: temporary)
      if durably, fsync(descriptor) != 0 { throw SystemError("fsync \(temporary)") }
    }
    try rename(temporary, to: path)
  }

  /// Renames a file or folder.
  package static func rename(_ path: String, to new: String) throws(SystemError) {
    if systemRename(path, new) != 0 { throw SystemError("rename \(path)") }
  }

  /// Makes a folder that only its owner can enter, with those above it; one that is there is left as it is.
  package static func makeFolders(_ path: String) throws(SystemError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw SystemError("make folder \(path)")
    }
    try makeFolders(String(path[..<slash]))
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw SystemError("make folder \(path)") }
  }

  /// The names in a folder that start with a text, ordered; none if there is no such folder.
  package static func names(in path: String, startingWith prefix: String = "") throws(SystemError) -> [String]
  {
    guard let folder = opendir(path) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw SystemError("list \(path)")
    }
    defer { closedir(folder) }
    let length = prefix.utf8.count
    var names: [String] = []
    while let entry = readdir(folder) {
      // Of a folder with thousands of names, those that are not meant are passed over without being copied.
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes -> String? in
        guard let start = bytes.baseAddress, strncmp(start, prefix, length) == 0 else { return nil }
        return String(cString: start.assumingMemoryBound(to: CChar.self))
      }
      if let name, name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// When a file was written to last, in seconds since 1970.
  package static func modified(_ status: stat) -> Int {
    #if canImport(Glibc)
      status.st_mtim.tv_sec
    #else
      status.st_mtimespec.tv_sec
    #endif
  }

  /// What kind of thing is at a path, without following a link at its end; `nil` if there is nothing.
  package static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// Whether there is a folder.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether there is something, at the end of all links.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// Whether there is a file with nothing in it.
  static func isEmpty(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
  }

  /// A path that does not depend on the working directory, and is the same however one came to it: without
  /// `.`, `..` and empty parts, and without links as far as it is there.
  package static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    var whole = path
    if !path.hasPrefix("/"), let current = getcwd(nil, 0) {
      whole = String(cString: current) + "/" + path
      free(current)
    }
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    let plain = "/" + parts.joined(separator: "/")
    let existing = nearestFolder(plain)
    guard let start = real(existing) else { return plain }
    let rest = plain.dropFirst(existing == "/" ? 0 : existing.count)
    return start == "/" && !rest.isEmpty ? String(rest) : start + rest
  }

  /// Where a path leads, without links; `nil` if it leads nowhere.
  static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The folder itself, or the innermost one above it that is there.
  package static func nearestFolder(_ path: String) -> String {
    var path = path
    while !isFolder(path), let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      path = String(path[..<slash])
    }
    return isFolder(path) ? path : "/"
  }

  /// Where a symbolic link leads; `nil` if there is none.
  ///
  /// - Parameter folder: what a relative path starts from; by default the working directory.
  package static func linkTarget(_ path: String, in folder: Int32 = AT_FDCWD) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlinkat(folder, path, &target, Int(PATH_MAX))
    guard count >= 0 else { return nil }
    return String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Deletes a file, or a folder with everything in it; links are not followed. Nothing there is no error.
  ///
  /// - Throws: ``SystemError`` with `EBUSY`, before anything is deleted, if something is mounted in the folder: what is
  ///   mounted there is not what was meant.
  package static func remove(_ path: String) throws(SystemError) {
    if unlink(path) == 0 || errno == ENOENT { return }
    guard kind(path) == S_IFDIR else { throw SystemError("delete \(path)") }
    if let point = MountTable.mount(below: real(path) ?? path) {
      throw SystemError("delete \(path), in which something is mounted at \(point)", code: EBUSY)
    }
    let folder = try openFolder(path, in: AT_FDCWD, named: path)
    defer { close(folder) }
    try empty(folder, named: path)
    if rmdir(path) != 0, errno != ENOENT { throw SystemError("delete \(path)") }
  }

  /// Deletes everything in a folder, and leaves the folder.
  static func empty(_ path: String) throws(SystemError) {
    let folder = try openFolder(path, in: AT_FDCWD, named: path)
    defer { close(folder) }
    try empty(folder, named: path)
  }

  /// Opens a folder that is no link, and lets its owner empty it. What is in it may belong to another user, who could
  /// put a link in the place of a folder at any moment.
  private static func openFolder(
    _ name: String, in parent: Int32, named path: String
  ) throws(SystemError) -> Int32 {
    var folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if folder < 0, errno == EACCES {
      // One that its owner may not read. Root is never told so, and a link in its place harms nothing of another user.
      fchmodat(parent, name, 0o700, 0)
      folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }
    guard folder >= 0 else { throw SystemError("delete \(path)") }
    // One that its owner may not write to can't be emptied. Another's is emptied by root, who needs no permission.
    fchmod(folder, 0o700)
    return folder
  }

  private static func empty(_ folder: Int32, named path: String) throws(SystemError) {
    for name in try names(inOpen: folder, named: path) {
      if unlinkat(folder, name, 0) == 0 || errno == ENOENT { continue }
      let item = "\(path)/\(name)"
      var status = stat()
      guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFDIR
      else {
        throw SystemError("delete \(item)")
      }
      let inner = try openFolder(name, in: folder, named: item)
      defer { close(inner) }
      try empty(inner, named: item)
      if unlinkat(folder, name, AT_REMOVEDIR) != 0, errno != ENOENT { throw SystemError("delete \(item)") }
    }
  }

  /// The names in a folder that is open.
  private static func names(inOpen folder: Int32, named path: String) throws(SystemError) -> [String] {
    let copy = dup(folder)
    guard copy >= 0, let list = fdopendir(copy) else { throw SystemError("list \(path)") }
    defer { closedir(list) }
    rewinddir(list)
    var names: [String] = []
    while let entry = readdir(list) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(cString: $0.baseAddress!.assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  while true {
    let count = read(descriptor, buffer.baseAddress, buffer.count)
    if count >= 0 || errno != EINTR { return count }
  }
}

// Within `Files`, the plain names mean its own methods.
private func systemRename(_ old: String, _ new: String) -> Int32 { rename(old, new) }
private func systemOpen(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: mode_t) -> Int32 {
  open(path, flags, mode)
}
