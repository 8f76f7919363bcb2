#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that a user names, open for reading.
///
/// This is the one way to such a file. A path may lead to a named pipe, a terminal, a device or a file of `/proc` that
/// has nothing to say: to open or to read one of those may never end, and opening alone can have an effect. So nothing
/// but a regular file is opened, nothing is waited for, and what is read has a limit.
public struct UserFile: ~Copyable {
  /// The path as the user wrote it.
  public let path: String
  /// The descriptor, which the file closes; it tells the owner and the rights.
  public let descriptor: Int32

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the path; a relative one is taken from the working directory.
  ///   - boundary: the folders that the file must lie in once links are resolved; `nil` where the user wrote the path
  ///     himself.
  /// - Throws: ``UserFileError`` if there is no such file, if it is no regular file, or if it lies elsewhere.
  public init(opening path: String, within boundary: FileBoundary? = nil) throws(UserFileError) {
    let descriptor = try Self.open(path, within: boundary)
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The content of the file.
  ///
  /// - Parameter limit: how large it may be, in bytes.
  /// - Throws: ``UserFileError`` if it can't be read, is larger, or has nothing to read without waiting.
  public func bytes(atMost limit: Int) throws(UserFileError) -> [UInt8] {
    var status = stat()
    let size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    return try Self.read(descriptor, path, atMost: limit, expecting: size, waits: false)
  }

  /// The content of the file at a path.
  ///
  /// - Parameters: as those of ``init(opening:within:)`` and ``bytes(atMost:)``.
  public static func bytes(
    of path: String, atMost limit: Int, within boundary: FileBoundary? = nil
  ) throws(UserFileError) -> [UInt8] {
    try UserFile(opening: path, within: boundary).bytes(atMost: limit)
  }

  // MARK: What the program was started with

  /// What comes out of a descriptor that the program was started with, such as standard input, up to its end. That is
  /// waited for: the user who starts the program decides what is behind it.
  ///
  /// - Parameter name: what a message calls it.
  public static func bytes(
    ofInherited descriptor: Int32, named name: String, atMost limit: Int
  ) throws(UserFileError) -> [UInt8] {
    try read(descriptor, name, atMost: limit, expecting: 0, waits: true)
  }

  /// The descriptor that a path such as `/dev/fd/63` stands for, if a pipe or a file is behind it: that is how a shell
  /// hands `<(command)` over. The three standard streams are not among them.
  public static func inheritedDescriptor(at path: String) -> Int32? {
    guard let folder = ["/dev/fd/", "/proc/self/fd/"].first(where: path.hasPrefix),
      let descriptor = Int32(path.dropFirst(folder.count)), descriptor > 2
    else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, [S_IFIFO, S_IFREG].contains(status.st_mode & S_IFMT) else {
      return nil
    }
    return descriptor
  }

  /// Other names of standard input than `-`.
  private static let standardInput = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]

  // MARK: Parts

  private static func open(_ path: String, within boundary: FileBoundary?) throws(UserFileError) -> Int32 {
    // What lies behind a zero would not be seen by the system.
    guard !path.utf8.contains(0) else { throw UserFileError(path, .system(ENOENT)) }
    guard !standardInput.contains(path) else { throw UserFileError(path, .notRegular(.standardInput)) }
    var place = path
    var flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
    if let boundary {
      place = RealPath.of(path)
      try boundary.check(place, for: path)
      // The place has no links any more; one that comes there now is not followed.
      flags |= O_NOFOLLOW
    }
    var status = stat()
    guard stat(place, &status) == 0 else { throw UserFileError(path, problem(errno, at: path)) }
    try check(status, path)
    let descriptor = systemOpen(place, flags)
    guard descriptor >= 0 else { throw UserFileError(path, .system(errno)) }
    do throws(UserFileError) {
      // What is open now is what counts: another file may have come to the place.
      guard fstat(descriptor, &status) == 0 else { throw UserFileError(path, .system(errno)) }
      try check(status, path)
      if let boundary, let opened = RealPath.of(descriptor: descriptor) {
        try boundary.check(opened, for: path)
      }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func check(_ status: stat, _ path: String) throws(UserFileError) {
    guard let kind = UserFileError.Kind(status.st_mode) else { return }
    throw UserFileError(path, .notRegular(kind))
  }

  /// A link that leads nowhere looks like a missing file, and is not one.
  private static func problem(_ code: Int32, at path: String) -> UserFileError.Problem {
    guard code == ENOENT, let target = RealPath.linkTarget(path) else { return .system(code) }
    return .danglingLink(to: target)
  }

  /// What comes out of an open file.
  static func read(
    _ descriptor: Int32, _ path: String, atMost limit: Int, expecting size: Int, waits: Bool
  ) throws(UserFileError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(max(size, 0), limit) + 1)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { chunk.deallocate() }
    while bytes.count <= limit {
      let count = systemRead(descriptor, chunk)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        guard waits else { throw UserFileError(path, .notRegular(.silent)) }
        var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&input, 1, -1)
        continue
      }
      guard count >= 0 else { throw UserFileError(path, .system(errno)) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
    throw UserFileError(path, .tooLarge(limit: limit))
  }
}

// Within the type, the plain names mean its own methods.
private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}
