import Foundation
import Synchronization

/// A receiver of webhooks on this machine: it answers as it is told, one answer for each request, and remembers
/// what it was sent.
final class HookServer: Sendable {
  /// What it does with a request.
  enum Answer {
    /// Answers with a status, and further header lines.
    case status(Int, String = "")
    /// Never answers.
    case silence
    /// Closes the connection without a word.
    case hangUp
  }

  /// What it was sent.
  struct Request {
    let headers: [String: String]
    let body: String
  }

  private struct State {
    var answers: [Answer]
    var requests: [Request] = []
    var open: [Int32] = []
    var isClosed = false
  }

  private let state: Mutex<State>
  private let listener: Int32
  private let ended = DispatchSemaphore(value: 0)
  let port: Int

  /// A receiver that is ready.
  ///
  /// - Parameter answers: one for each request; after the last one, every request is answered with 200.
  init(_ answers: [Answer] = []) throws {
    state = Mutex(State(answers: answers))
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Self.loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, pointer, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRINUSE) }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { break }
        let isClosed = state.withLock { state in
          if !state.isClosed { state.open.append(connection) }
          return state.isClosed
        }
        if isClosed {
          Foundation.close(connection)
          break
        }
        Thread.detachNewThread { self.serve(connection) }
      }
      // Not before the accepting thread has ended: the next one to open something may be given the same number.
      Foundation.close(listener)
      ended.signal()
    }
  }

  /// The address of the webhook.
  var url: String { "http://127.0.0.1:\(port)/hook" }

  /// What it was sent, in order.
  var requests: [Request] { state.withLock { $0.requests } }

  /// Closes everything: from now on, it refuses connections.
  func close() {
    let wasClosed = state.withLock { state in
      defer { state.isClosed = true }
      return state.isClosed
    }
    guard !wasClosed else { return }
    knock()
    ended.wait()
    state.withLock { for connection in $0.open { shutdown(connection, Int32(SHUT_RDWR)) } }
  }

  /// Connects once, which wakes the accepting thread.
  private func knock() {
    let knocker = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { Foundation.close(knocker) }
    var address = Self.loopback(port)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(knocker, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private func serve(_ connection: Int32) {
    defer { shutdown(connection, Int32(SHUT_RDWR)) }
    var bytes: [UInt8] = []
    while let request = read(from: connection, &bytes) {
      let answer = state.withLock { state in
        state.requests.append(request)
        return state.answers.isEmpty ? .status(200) : state.answers.removeFirst()
      }
      switch answer {
      case .status(let status, let headers):
        let text = "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: 2\r\n\r\nok"
        _ = text.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
      case .silence: break
      case .hangUp: return
      }
    }
  }

  /// The next request of a connection; `nil` at its end.
  private func read(from connection: Int32, _ bytes: inout [UInt8]) -> Request? {
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let place = bytes.firstRange(of: end) {
        let head = String(decoding: bytes[..<place.lowerBound], as: UTF8.self)
        var headers: [String: String] = [:]
        for line in head.split(separator: "\r\n").dropFirst() {
          let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
          if parts.count == 2 { headers[parts[0].lowercased()] = parts[1] }
        }
        let length = Int(headers["content-length"] ?? "") ?? 0
        if bytes.count >= place.upperBound + length {
          let body = String(decoding: bytes[place.upperBound..<(place.upperBound + length)], as: UTF8.self)
          bytes.removeFirst(place.upperBound + length)
          return Request(headers: headers, body: body)
        }
      }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
  }
}
