#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes what a service says to a file, which gives way to a new one when it is full. Of the full ones, the
/// last is kept, with `.1` behind its name.
struct LogWriter: ~Copyable {
  /// How many bytes each of the two files may have.
  static let capacity = 5 << 20

  private let path: String
  private let capacity: Int
  private var descriptor: Int32 = -1
  private var size = 0

  /// Writes to this path, after what is there.
  init(path: String, capacity: Int = LogWriter.capacity) {
    self.path = path
    self.capacity = capacity
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes lines in the form of ``LogRecord``.
  mutating func append(_ lines: [UInt8]) throws(SystemError) {
    if descriptor >= 0, size + lines.count > capacity { try rotate() }
    if descriptor < 0 { try open() }
    try Files.writeAll(lines, to: descriptor, of: path)
    size += lines.count
  }

  private mutating func open() throws(SystemError) {
    descriptor = try Files.open(path, O_WRONLY | O_CREAT | O_APPEND)
    var status = stat()
    size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    // A crash may have cut off the last line, or kept the rest of one from being written: an empty line ends both.
    if size > 0 { try Files.writeAll("\n\n".utf8, to: descriptor, of: path) }
  }

  private mutating func rotate() throws(SystemError) {
    close(descriptor)
    descriptor = -1
    try Files.rename(path, to: path + ".1")
  }
}
