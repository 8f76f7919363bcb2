import Foundation
import Synchronization

/// A port of the loopback address that leads to another one, takes its time, and counts what is asked by HTTP on the way.
final class Relay: @unchecked Sendable {
  /// The port that it listens on.
  let port: Int
  private let listener: Int32
  private let host: String
  private let upstream: Int
  /// How long each direction takes, in seconds. A connection takes both before anything is sent.
  private let delay: Double
  private let seen = Mutex<[String]>([])

  /// Listens from now on.
  init(to host: String, port upstream: Int, delay: Double = 0) {
    (self.host, self.upstream, self.delay) = (host, upstream, delay)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Self.address("127.0.0.1", 0)
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard isBound == 0, listen(listener, 64) == 0 else { fatalError("no port is free") }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
    }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in accept() }
  }

  /// Listens no more.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// The requests since the last call, each as `GET /path`, without its query.
  func requests() -> [String] {
    seen.withLock { seen in
      defer { seen = [] }
      return seen
    }
  }

  private func accept() {
    while true {
      let near = Foundation.accept(listener, nil, nil)
      guard near >= 0 else { return }
      Thread.detachNewThread { [self] in
        Thread.sleep(forTimeInterval: 2 * delay)
        let far = Self.connect(host, upstream)
        let asked = Line(from: near, to: far, delay: delay) { [self] in note($0) }
        let answered = Line(from: far, to: near, delay: delay) { _ in }
        asked.start()
        answered.start()
      }
    }
  }

  private func note(_ bytes: ArraySlice<UInt8>) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains(" HTTP/1.1\r\n") else { return }
    let heads = text.split(separator: "\r\n").filter { $0.hasSuffix(" HTTP/1.1") }
    seen.withLock { $0 += heads.map { String($0.dropLast(" HTTP/1.1".count).prefix { $0 != "?" }) } }
  }

  static func address(_ host: String, _ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    inet_pton(AF_INET, host, &address.sin_addr)
    return address
  }

  static func connect(_ host: String, _ port: Int) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = address(host, port)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { fatalError("nothing listens at \(host):\(port)") }
    return descriptor
  }

  /// One direction: what is read is written when it has been on the way for its time, whatever comes meanwhile.
  private final class Line: @unchecked Sendable {
    private let source: Int32
    private let target: Int32
    private let delay: Double
    private let look: (ArraySlice<UInt8>) -> Void
    private let condition = NSCondition()
    private var waiting: [(due: Date, bytes: ArraySlice<UInt8>)] = []

    init(
      from source: Int32, to target: Int32, delay: Double, _ look: @escaping (ArraySlice<UInt8>) -> Void
    ) {
      (self.source, self.target, self.delay, self.look) = (source, target, delay, look)
    }

    func start() {
      Thread.detachNewThread { [self] in
        var buffer = [UInt8](repeating: 0, count: 65536)
        var count = 0
        repeat {
          count = max(0, read(source, &buffer, buffer.count))
          look(buffer[..<count])
          condition.lock()
          waiting.append((Date() + delay, buffer[..<count]))
          condition.signal()
          condition.unlock()
        } while count > 0
      }
      Thread.detachNewThread { [self] in
        while true {
          condition.lock()
          while waiting.isEmpty { condition.wait() }
          let (due, bytes) = waiting.removeFirst()
          condition.unlock()
          if due > Date() { Thread.sleep(until: due) }
          guard !bytes.isEmpty, Self.write(bytes, to: target) else { break }
        }
        shutdown(target, Int32(SHUT_WR))
      }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
      bytes.withUnsafeBytes { bytes in
        var sent = 0
        while sent < bytes.count {
          let now = send(
            descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
          guard now > 0 else { return false }
          sent += now
        }
        return true
      }
    }
  }
}
