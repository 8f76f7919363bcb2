import Planning
import ProviderKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a service wrote, as far as it is kept.
struct ServiceLog: Sendable {
  /// Where it was read up to.
  struct Cursor: Sendable {
    /// The file, which keeps its number when it is renamed.
    fileprivate var file: ino_t
    /// How many of its bytes were read.
    fileprivate var offset: Int
  }

  /// The instance's folder.
  let folder: InstanceFolder
  /// The instance.
  let instance: InstanceID
  /// The service.
  let service: String

  /// The lines that are kept, in the order in which they were written.
  ///
  /// - Parameters:
  ///   - since: only lines written at or after this moment.
  ///   - tail: only the last so many of them.
  func lines(since: Timestamp?, tail: Int?) throws(SystemError) -> [LogLine] {
    var cursor: Cursor?
    return Self.choose(try next(&cursor), since: since, tail: tail)
  }

  /// Those of some lines that are wanted.
  static func choose(_ lines: [LogLine], since: Timestamp?, tail: Int?) -> [LogLine] {
    let recent = since.map { since in lines.filter { $0.at >= since } } ?? lines
    return tail.map { Array(recent.suffix($0)) } ?? recent
  }

  /// The lines behind a cursor, which moves on; from the beginning if there is no cursor yet.
  ///
  /// A file that gave way to a new one meanwhile is read to its end first. If more than one did, what the
  /// earlier ones held is lost.
  func next(_ cursor: inout Cursor?) throws(SystemError) -> [LogLine] {
    let path = folder.log(of: service)
    // The newer file is opened first: if it gives way now, it is found under both names, but is one file.
    guard let newer = try OpenLog(path) else { return [] }
    let older = try OpenLog(path + ".1")
    var lines: [LogLine] = []
    if let older, older.file != newer.file, cursor == nil || cursor?.file == older.file {
      lines += read(older, from: cursor?.offset ?? 0, partial: true).lines
      cursor = nil
    }
    let start = cursor?.file == newer.file ? cursor?.offset ?? 0 : 0
    let (new, end) = read(newer, from: start, partial: false)
    cursor = Cursor(file: newer.file, offset: end)
    return lines + new
  }

  private func read(_ log: borrowing OpenLog, from start: Int, partial: Bool) -> (lines: [LogLine], end: Int)
  {
    let bytes = log.bytes(from: start)
    // A line that is still being written is left for the next time.
    let count = partial ? bytes.count : (bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
    let lines = bytes[..<count].split(separator: UInt8(ascii: "\n")).compactMap { LogRecord(line: $0) }
    return (
      lines.map {
        LogLine(instance: instance, service: service, at: $0.at, isError: $0.isError, text: $0.text)
      }, start + count
    )
  }
}

/// A log file that is open for reading.
private struct OpenLog: ~Copyable {
  let file: ino_t
  private let descriptor: Int32
  private let path: String

  /// Opens a file; `nil` if there is none.
  init?(_ path: String) throws(SystemError) {
    do { descriptor = try Files.open(path, O_RDONLY) } catch {
      if error.code == ENOENT { return nil }
      throw error
    }
    var status = stat()
    fstat(descriptor, &status)
    file = status.st_ino
    self.path = path
  }

  deinit { close(descriptor) }

  /// What is behind a place; nothing if it can't be read.
  func bytes(from start: Int) -> [UInt8] {
    lseek(descriptor, off_t(start), SEEK_SET)
    return (try? Files.readAll(descriptor, of: path)) ?? []
  }
}
