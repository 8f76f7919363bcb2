import Values

/// A piece of a log, as a node sends it.
struct LogFrame: Equatable {
  /// The file that it was read of, such as `alloc/logs/web.stdout.0`.
  let file: String
  /// The number at the end of the file's name.
  let number: Int
  /// Where the read ended that began the frame, in bytes from the start of the file. A frame that a second read was added to
  /// ends behind it. `client/lib/streamframer` and `client/fs_endpoint.go` of Nomad 1.1.2 and 1.10.2.
  let offset: Int64
  let bytes: [UInt8]
  /// `file deleted`, `file truncated` or empty.
  let event: String

  /// The frame begins here or later.
  var earliestStart: Int64 { offset - Int64(bytes.count) }
  /// Whether the file was begun anew.
  var isTruncated: Bool { event == "file truncated" }
  /// Whether it only says that the connection lives.
  var isHeartbeat: Bool { file.isEmpty && bytes.isEmpty && event.isEmpty && offset == 0 }

  /// Reads a frame; `nil` if it makes no sense.
  init?(_ json: JSON) {
    guard json.members != nil else { return nil }
    let file = json.text("File")
    self.file = file
    offset = json["Offset"]?.int ?? 0
    event = json.text("FileEvent")
    number = file.lastIndex(of: ".").flatMap { Int(file[file.index(after: $0)...]) } ?? 0
    guard let data = json["Data"]?.string else {
      bytes = []
      return
    }
    guard let bytes = Base64.decode(data) else { return nil }
    self.bytes = bytes
  }
}

/// Cuts the answer to a request for logs into frames: objects of JSON, one after the other, with nothing in between.
struct FrameSplitter {
  private var pending: [UInt8] = []
  /// How many of the pending bytes were looked at.
  private var position = 0
  private var depth = 0
  private var isInText = false
  private var isEscaped = false
  /// Whether what comes is the text by which the agent says why it can't go on.
  private var isPlain = false

  /// The longest frame, in bytes: nodes send 64 KiB at once, which are a third more as text.
  private static let longestFrame = 4 << 20

  /// Takes a piece, and gives the frames that it ends.
  ///
  /// - Throws: ``NomadError`` if it makes no sense.
  mutating func add(_ bytes: some Collection<UInt8>) throws -> [LogFrame] {
    if isPlain {
      pending += bytes.prefix(Self.longestFrame - min(pending.count, Self.longestFrame))
      return []
    }
    pending += bytes
    var frames: [LogFrame] = []
    var start = 0
    while position < pending.count {
      let byte = pending[position]
      position += 1
      if isInText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}") where depth > 0:
        depth -= 1
        guard depth == 0 else { continue }
        frames.append(try frame(pending[start..<position]))
        start = position
      case UInt8(ascii: "\"") where depth > 0: isInText = true
      case 0x0A where depth == 0, 0x0D where depth == 0, 0x20 where depth == 0: start = position
      default:
        // Plain text stays until the answer ends.
        guard depth == 0 else { continue }
        isPlain = true
        position = pending.count
      }
    }
    pending.removeFirst(start)
    position -= start
    guard pending.count <= Self.longestFrame else {
      throw NomadError("the agent sent a frame that is longer than \(Self.longestFrame) bytes")
    }
    return frames
  }

  /// What the agent says where it can't go on, when the answer has ended: plain text behind the last frame; `nil` if there
  /// is none, or half a frame.
  func rest() -> String? {
    let text = String(decoding: pending.prefix(1000), as: UTF8.self)
    return text.isEmpty || text.first == "{" ? nil : text
  }

  private func frame(_ bytes: ArraySlice<UInt8>) throws -> LogFrame {
    guard let json = try? JSON(parsing: bytes), let frame = LogFrame(json) else {
      throw NomadError("a frame of the log makes no sense", help: "check that no proxy in between answers")
    }
    return frame
  }
}
