import Values

/// A log that is being sent.
struct LogFeed: Sendable {
  let allocation: String
  let task: String
  let stream: String
  let follows: Bool
  let isPlain: Bool
  /// The file, and the byte in it, that come next.
  private(set) var file: Int
  private(set) var offset: Int
  private var lastBeat: Duration?

  /// What nodes read and send at once, in bytes.
  static let frameSize = 64 << 10
  static let beat = Duration.seconds(1)

  /// Finds where it begins. `client/fs_endpoint.go`, `findClosest`.
  init(
    allocation: String, task: String, stream: String, follows: Bool, isPlain: Bool, fromEnd: Bool,
    offset: Int,
    log: FakeLog
  ) {
    self.allocation = allocation
    self.task = task
    self.stream = stream
    self.follows = follows
    self.isPlain = isPlain
    let files = log.files.keys.sorted()
    var place = fromEnd ? files.count - 1 : 0
    var rest = fromEnd ? -offset : offset
    while rest != 0 {
      let size = log.files[files[place]]?.count ?? 0
      if rest < 0 {
        if size + rest >= 0 {
          rest = size + rest
          break
        }
        if place == 0 {
          rest = 0
          break
        }
        rest += size
        place -= 1
      } else {
        if rest <= size { break }
        if place == files.count - 1 {
          rest = size
          break
        }
        rest -= size
        place += 1
      }
    }
    if fromEnd, offset == 0 { rest = 0 }
    file = files[place]
    self.offset = rest
  }

  /// What can be sent now; `nil` when it is over.
  mutating func next(_ log: FakeLog, now: Duration) -> [UInt8]? {
    var out: [UInt8] = []
    while true {
      guard let bytes = log.files[file] else {
        // It was thrown away: what is left is gone on with.
        guard let next = log.files.keys.filter({ $0 > file }).min() else { return follows ? out : nil }
        (file, offset) = (next, 0)
        continue
      }
      if offset < bytes.count {
        let data = Array(bytes[offset...].prefix(Self.frameSize))
        offset += data.count
        lastBeat = now
        out += isPlain ? data : frame(data)
        continue
      }
      guard log.newest > file, let next = log.files.keys.filter({ $0 > file }).min() else { break }
      (file, offset) = (next, 0)
    }
    guard follows else { return out.isEmpty ? nil : out }
    if lastBeat.map({ now - $0 >= Self.beat }) ?? true, out.isEmpty, !isPlain {
      lastBeat = now
      out += Array("{}".utf8)
    }
    return out
  }

  /// Frames tell where the read ended, and leave out what is empty.
  private func frame(_ data: [UInt8]) -> [UInt8] {
    let json: JSON = [
      "Data": .string(Base64.encode(data)), "File": .string("alloc/logs/\(task).\(stream).\(file)"),
      "Offset": .number(offset),
    ]
    return Array(json.text.utf8)
  }
}
