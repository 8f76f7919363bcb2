/// A place in a log, which is kept in files with numbers of which the oldest go.
struct LogPlace: Equatable, Comparable {
  /// The number of the file.
  var file: Int
  /// Bytes from the start of the file.
  var offset: Int64

  static func < (left: LogPlace, right: LogPlace) -> Bool {
    (left.file, left.offset) < (right.file, right.offset)
  }
}

/// Knows where in a log each frame of one answer begins, and gives of the frames what was not given before.
struct LogCursor {
  /// Where the next byte of this answer is; `nil` before the first frame.
  private var next: LogPlace?
  /// Whether the answer begins at the start of a file.
  private let beginsFile: Bool
  /// Up to where bytes were given, by this answer or those before; `nil` if none were.
  private(set) var given: LogPlace?
  /// Whether something is missing before what was given last.
  private(set) var hasGap = false

  /// - Parameters:
  ///   - beginsFile: whether the answer begins at the start of a file.
  ///   - given: up to where bytes were given.
  init(beginsFile: Bool, after given: LogPlace?) {
    self.beginsFile = beginsFile
    self.given = given
  }

  /// Where a frame begins, as far as can be told.
  func start(of frame: LogFrame) -> LogPlace {
    if frame.isTruncated { return LogPlace(file: frame.number, offset: max(frame.earliestStart, 0)) }
    guard let next else {
      return LogPlace(file: frame.number, offset: beginsFile ? 0 : max(frame.earliestStart, 0))
    }
    guard next.file == frame.number else { return LogPlace(file: frame.number, offset: 0) }
    // A frame that a second read was added to says too little of its start, and none too much.
    return LogPlace(file: next.file, offset: max(next.offset, frame.earliestStart))
  }

  /// Takes a frame, and gives what of it is new.
  mutating func take(_ frame: LogFrame) -> [UInt8] {
    let start = start(of: frame)
    let end = LogPlace(file: start.file, offset: start.offset + Int64(frame.bytes.count))
    next = end
    guard !frame.bytes.isEmpty else { return [] }
    // A file that was begun anew has places that were given before, with other bytes.
    let before = frame.isTruncated && given?.file == frame.number ? nil : given
    guard let before else {
      hasGap = false
      given = end
      return frame.bytes
    }
    guard end > before else { return [] }
    hasGap = start.file > before.file + 1 || start.file == before.file && start.offset > before.offset
    given = end
    guard start.file == before.file, start.offset < before.offset else { return frame.bytes }
    return Array(frame.bytes.dropFirst(Int(before.offset - start.offset)))
  }
}
