/// The beginning of an HTTP answer, read as far as its status. Interim answers (`100 Continue`, `103 Early Hints`), of
/// which a server may send any number before, are passed over.
struct HTTPAnswer: Equatable {
  /// How many bytes may come before the status is known.
  static let longest = 64 * 1024

  /// What the bytes say that came so far.
  enum Reading: Equatable {
    /// Not enough.
    case incomplete
    /// The status. To switch protocols (101) was not asked for, and is an answer like any other.
    case status(Int)
    /// That it is no such answer, in words.
    case malformed(String)
  }

  /// What came of the answer that is being read.
  private var bytes: [UInt8] = []
  private var count = 0
  private var hasInterim = false
  /// How many of the bytes were looked through for the end of the head, and where the line begins in which that stopped:
  /// a server that sends byte by byte is read no slower than another.
  private var scanned = 0
  private var lineStart = 0

  /// Takes what comes next.
  mutating func append(_ more: some Collection<UInt8>) -> Reading {
    bytes += more
    count += more.count
    while true {
      guard let status = status else { return canBeAnswer ? limited : .malformed(Self.notHTTP) }
      guard (100..<200).contains(status), status != 101 else { return .status(status) }
      guard let end = findEndOfHead() else { return limited }
      bytes.removeFirst(end)
      (scanned, lineStart) = (0, 0)
      hasInterim = true
    }
  }

  /// Takes note that nothing more comes.
  func finish() -> Reading {
    .malformed(hasInterim ? "the connection ended after an interim answer" : Self.notHTTP)
  }

  private static let notHTTP = "the answer is not one of HTTP"

  private var limited: Reading {
    count > Self.longest ? .malformed("the interim answers do not end") : .incomplete
  }

  /// Whether the bytes may be the beginning of an answer.
  private var canBeAnswer: Bool {
    bytes.count < 12 && zip(bytes, "HTTP/1.".utf8).allSatisfy { $0 == $1 }
  }

  /// The status, as soon as the first line says it.
  private var status: Int? {
    guard bytes.starts(with: "HTTP/1.".utf8), bytes.count >= 12, bytes[8] == UInt8(ascii: " "),
      bytes[9..<12].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    let status = bytes[9..<12].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return status >= 100 ? status : nil
  }

  /// Where what follows the head begins: behind an empty line.
  private mutating func findEndOfHead() -> Int? {
    while scanned < bytes.count {
      let index = scanned
      scanned += 1
      guard bytes[index] == UInt8(ascii: "\n") else { continue }
      let line = bytes[lineStart..<index]
      if line.isEmpty || line.elementsEqual([UInt8(ascii: "\r")]) { return scanned }
      lineStart = scanned
    }
    return nil
  }
}
