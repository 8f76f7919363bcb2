import Planning
import ProviderKit
import Supervisor
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a service wrote, as far as it is kept.
struct ServiceLog: Sendable {
  /// Where it was read up to.
  struct Cursor: Sendable {
    /// The file, which stays open: it can be read to its end also when it was renamed or deleted.
    fileprivate var file: OpenLog?
    /// How many of its bytes were read.
    fileprivate var offset = 0
    /// What was begun.
    fileprivate var joiner = LogLineJoiner()

    /// At the beginning.
    init() {}

    /// Goes to the beginning of a file.
    fileprivate mutating func moveTo(_ file: OpenLog?) {
      self.file = file
      offset = 0
    }

    /// What was begun, and is given as it is because no more is waited for.
    mutating func takeBegun() -> [LogLine] { joiner.takeBegun() }
  }

  let folder: InstanceFolder
  let instance: InstanceID
  let service: String

  /// Where the newer file lies.
  var path: String { folder.log(of: service) }

  /// The lines that are kept, in the order in which they were written.
  ///
  /// - Parameters:
  ///   - since: only lines written at or after this moment.
  ///   - tail: only the last so many of them.
  func lines(since: Timestamp?, tail: Int?) throws(SystemError) -> [LogLine] {
    var cursor = Cursor()
    let lines = try next(&cursor) + cursor.takeBegun()
    return Self.choose(lines, since: since, tail: tail)
  }

  /// Those of some lines that are wanted.
  static func choose(_ lines: [LogLine], since: Timestamp?, tail: Int?) -> [LogLine] {
    let recent = since.map { since in lines.filter { $0.at >= since } } ?? lines
    return tail.map { recent.last(lines: $0) } ?? recent
  }

  /// The lines behind a cursor, which moves on.
  ///
  /// A file that gave way to a new one meanwhile is read to its end first. If more than two did, what the
  /// earlier ones held is lost. So it is read when it was deleted.
  func next(_ cursor: inout Cursor) throws(SystemError) -> [LogLine] {
    // The newer file is opened first: if it gives way now, it is found under both names, but is one file.
    let newer = try OpenLog(path)
    let older = try OpenLog(path + ".1")
    var lines: [LogLine] = []
    if cursor.file != newer {
      lines += rest(behind: &cursor)
      if let older, older != newer, older != cursor.file {
        cursor.moveTo(older)
        lines += rest(behind: &cursor)
      }
      cursor.moveTo(newer)
    }
    return lines + read(&cursor, partial: false)
  }

  /// The lines behind a cursor in a file that nothing more is written to, and what was begun.
  func rest(of cursor: inout Cursor) -> [LogLine] {
    let lines = rest(behind: &cursor)
    return lines + cursor.takeBegun()
  }

  private func rest(behind cursor: inout Cursor) -> [LogLine] { read(&cursor, partial: true) }

  private func read(_ cursor: inout Cursor, partial: Bool) -> [LogLine] {
    guard let file = cursor.file else { return [] }
    let bytes = file.bytes(from: cursor.offset)
    // A line that is still being written is left for the next time.
    let count = partial ? bytes.count : (bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
    guard count > 0 else { return [] }
    cursor.offset += count
    let text = bytes[count - 1] == UInt8(ascii: "\n") ? bytes[..<(count - 1)] : bytes[..<count]
    var lines: [LogLine] = []
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      guard !line.isEmpty else {
        lines += cursor.joiner.takeBegun()
        continue
      }
      guard let record = LogRecord(line: line) else { continue }
      let part = LogLine(
        instance: instance, service: service, at: record.at, isError: record.isError, bytes: record.bytes,
        goesOn: record.goesOn)
      if let line = cursor.joiner.add(part) { lines.append(line) }
    }
    return lines
  }
}

/// A log file that is open for reading.
private final class OpenLog: Equatable, Sendable {
  private let device: dev_t
  private let number: ino_t
  private let descriptor: Int32
  private let path: String

  /// Opens a file; `nil` if there is none.
  init?(_ path: String) throws(SystemError) {
    do { descriptor = try Files.open(path, O_RDONLY) } catch {
      if error.code == ENOENT || error.code == ENOTDIR { return nil }
      throw error
    }
    var status = stat()
    fstat(descriptor, &status)
    (device, number) = (status.st_dev, status.st_ino)
    self.path = path
  }

  deinit { close(descriptor) }

  /// Whether both are one file, whatever it is called.
  static func == (left: OpenLog, right: OpenLog) -> Bool {
    left.device == right.device && left.number == right.number
  }

  /// What is behind a place; nothing if it can't be read.
  func bytes(from start: Int) -> [UInt8] {
    lseek(descriptor, off_t(start), SEEK_SET)
    return (try? Files.readAll(descriptor, of: path)) ?? []
  }
}
