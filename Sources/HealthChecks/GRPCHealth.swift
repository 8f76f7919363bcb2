/// One question by the health checking protocol of gRPC (grpc.health.v1), as the bytes of a connection: HTTP/2 with prior
/// knowledge (RFC 9113), and as much of HPACK (RFC 7541) as a request needs.
///
/// The answer's headers need not be read: what a server says of its health is in the message.
public enum GRPCHealth {
  /// All that a client sends.
  ///
  /// - Parameters:
  ///   - service: the service that is asked for; empty for all of the server.
  ///   - authority: the host and port that are asked.
  public static func request(service: String, authority: String) -> [UInt8] {
    var message: [UInt8] = []
    if !service.isEmpty { message = [0x0A] + varint(service.utf8.count) + service.utf8 }
    let length = UInt32(message.count).bigEndian
    let data = [0] + withUnsafeBytes(of: length, Array.init) + message
    return Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
      + frame(type: 4, flags: 0, stream: 0, [])
      + frame(type: 1, flags: 0x4, stream: 1, headers(authority))
      + frame(type: 0, flags: 0x1, stream: 1, data)
  }

  private static func headers(_ authority: String) -> [UInt8] {
    // Method and scheme are entries of the static table; the others are literals with a name from it, or with their own.
    [0x83, 0x86]
      + [0x04] + text("/grpc.health.v1.Health/Check")
      + [0x01] + text(authority)
      + [0x0F, 31 - 15] + text("application/grpc")
      + [0x0F, 58 - 15] + text("berth")
      + [0x00] + text("te") + text("trailers")
  }

  private static func text(_ text: String) -> [UInt8] {
    let count = text.utf8.count
    return (count < 127 ? [UInt8(count)] : [127] + varint(count - 127)) + text.utf8
  }

  private static func varint(_ number: Int) -> [UInt8] {
    var (rest, bytes) = (number, [UInt8]())
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func frame(type: UInt8, flags: UInt8, stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
    let count = payload.count
    return [UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF), type, flags]
      + withUnsafeBytes(of: stream.bigEndian, Array.init) + payload
  }
}

/// The answer to a ``GRPCHealth/request(service:authority:)``, read as far as it tells the health.
public struct GRPCHealthAnswer: Sendable, Equatable {
  /// What the bytes say that came so far.
  public enum Reading: Sendable, Equatable {
    /// Not enough.
    case incomplete
    /// The service can do its work.
    case serving
    /// It can't, or the answer is none; why.
    case failed(String)
  }

  /// How many bytes may come before the health is known.
  private static let longest = 64 * 1024

  private var bytes: [UInt8] = []
  private var message: [UInt8] = []

  /// An answer of which nothing came yet.
  public init() {}

  /// Takes what comes next.
  public mutating func append(_ more: some Collection<UInt8>) -> Reading {
    bytes += more
    while bytes.count >= 9 {
      let count = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
      let (type, flags) = (bytes[3], bytes[4])
      guard count <= Self.longest else { return .failed(Self.notGRPC) }
      guard bytes.count >= 9 + count else { break }
      let stream = bytes[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
      let payload = Array(bytes[9..<9 + count])
      bytes.removeFirst(9 + count)
      if let reading = take(type, flags, stream, payload) { return reading }
    }
    // A server of another protocol says something that no frame of a server begins with.
    if bytes.count >= 4, bytes.starts(with: "HTTP".utf8) { return .failed(Self.notGRPC) }
    return bytes.count > Self.longest ? .failed(Self.notGRPC) : .incomplete
  }

  /// Takes note that nothing more comes.
  public func finish() -> Reading { .failed(Self.notGRPC) }

  private static let notGRPC = "the answer is not one of gRPC"

  private mutating func take(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> Reading?
  {
    let isLast = flags & 0x1 != 0
    switch type {
    case 0 where stream == 1:
      var data = payload[...]
      if flags & 0x8 != 0, let padding = data.popFirst() { data = data.dropLast(Int(padding)) }
      message += data
      guard message.count >= 5 else { return isLast ? .failed(Self.unknown) : nil }
      let count = message[1...4].reduce(0) { $0 << 8 | Int($1) }
      guard message[0] == 0, count <= Self.longest else { return .failed(Self.notGRPC) }
      guard message.count >= 5 + count else { return isLast ? .failed(Self.notGRPC) : nil }
      return Self.reading(of: Array(message[5..<5 + count]))
    // Headers that are the end have no message before them: the call itself has failed.
    case 1 where stream == 1 && isLast: return .failed(Self.unknown)
    case 3 where stream == 1: return .failed("the server ended the health check's call")
    case 7: return .failed("the server takes no calls")
    default: return nil
    }
  }

  private static let unknown = "the server does not know the service, or has no health checking"

  private static func reading(of message: [UInt8]) -> Reading {
    // No field at all stands for the status 0.
    let status = message.count >= 2 && message[0] == 0x08 ? message[1] : 0
    return switch status {
    case 1: .serving
    case 2: .failed("the service says that it does not serve")
    case 3: .failed("the server does not know the service")
    default: .failed("the service does not know whether it can serve")
    }
  }
}
