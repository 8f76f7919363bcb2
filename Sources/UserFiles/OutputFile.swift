#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that a command writes because a user asks for them: all of them whole, or none.
///
/// What is at a path is replaced only if it is a regular file. A symbolic link is neither followed nor replaced: in a
/// folder that others write to, it may lead to any file of the user. The same goes for a folder on the way that is a
/// link out of the tree that the path begins in.
public enum OutputFile {
  /// Writes files, each beside its place first, and then moves them there.
  ///
  /// - Parameters:
  ///   - files: the paths, with what shall be in the files.
  ///   - mode: the rights of a new file; one that replaces another has the other's, unless `keepsMode` is false.
  /// - Throws: ``OutputFileError``; what was there before is as it was, unless moving itself fails.
  public static func write(
    _ files: [(path: String, bytes: [UInt8])], mode: UInt32, keepsMode: Bool = true
  ) throws(OutputFileError) {
    var drafts: [(draft: String, path: String)] = []
    defer { for (draft, _) in drafts { unlink(draft) } }
    for (path, bytes) in files {
      let existing = try existingMode(at: path)
      let draft = "\(path).\(UInt32.random(in: 0...UInt32.max)).new"
      let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
      guard descriptor >= 0 else { throw OutputFileError(path, .system(errno)) }
      drafts.append((draft, path))
      do throws(OutputFileError) {
        if keepsMode, let existing { fchmod(descriptor, existing) }
        try write(bytes, to: descriptor, path)
        guard fsync(descriptor) == 0 else { throw OutputFileError(path, .system(errno)) }
      } catch {
        close(descriptor)
        throw error
      }
      // A disk of another machine may only say now that it is full.
      guard close(descriptor) == 0 else { throw OutputFileError(path, .system(errno)) }
    }
    while let (draft, path) = drafts.first {
      guard rename(draft, path) == 0 else { throw OutputFileError(path, .system(errno)) }
      drafts.removeFirst()
    }
  }

  /// The rights of the file that is at a path; `nil` if there is none.
  private static func existingMode(at path: String) throws(OutputFileError) -> mode_t? {
    let folder = RealPath.of(RealPath.folder(of: path))
    do throws(UserFileError) {
      let name = path.split(separator: "/").last ?? ""
      try FileBoundary(ofTyped: path).check((folder == "/" ? "" : folder) + "/" + name, for: path)
    } catch {
      throw OutputFileError(path, .elsewhere(error))
    }
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw OutputFileError(path, .system(errno))
    }
    if let target = RealPath.linkTarget(path) { throw OutputFileError(path, .link(to: target)) }
    if let kind = UserFileError.Kind(status.st_mode) { throw OutputFileError(path, .notRegular(kind)) }
    return status.st_mode & 0o777
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String
  ) throws(OutputFileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw OutputFileError(path, .system(errno)) }
      rest = rest.dropFirst(count)
    }
  }
}

// Within the type, the plain name means its own method.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
