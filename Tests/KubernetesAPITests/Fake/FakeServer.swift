import Crypto
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization
import Values
import Wire

@testable import KubernetesAPI

/// What answers at a port as a test says, in place of an API server.
final class FakeServer: Sendable {
  /// A request that came.
  struct Request: Sendable {
    let method: String
    /// The path and the query.
    let target: String
    let headers: [String: String]
    let body: String
    /// How many came before it.
    let number: Int

    var path: String { String(target.prefix { $0 != "?" }) }
    var json: JSON? { try? JSON(parsing: body.utf8) }

    /// What a query says.
    subscript(name: String) -> String? {
      for item in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
        let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
          String.init)
        if parts[0] == name { return parts.dropFirst().first?.removingPercentEncoding ?? "" }
      }
      return nil
    }
  }

  /// What is done with a request.
  enum Reply: Sendable {
    /// Answers with an object.
    case json(Int, JSON, headers: [String] = [])
    /// Sends the pieces, each on its own.
    case send([String])
    /// Sends the pieces, and closes the connection.
    case sendAndClose([String])
    /// Sends the first, and then the second for as long as the connection is open.
    case sendForever(String, String)
    /// Closes the connection without an answer.
    case drop
    /// Sends the pieces, and ends the connection below TLS, without a word.
    case cut([String])
    /// Never answers.
    case nothing
    /// Agrees to a WebSocket, sends messages, and answers each that comes.
    case webSocket(
      subprotocol: String, first: [WebSocketMessage], answer: @Sendable ([UInt8]) -> [WebSocketMessage])

    /// Refuses as API servers do.
    static func status(
      _ code: Int, _ reason: String, _ message: String = "it refuses", details: JSON? = nil,
      headers: [String] = []
    ) -> Reply {
      .json(code, FakeServer.status(code, reason, message, details: details), headers: headers)
    }

    /// Lines of a watch, after which the answer ends.
    static func lines(_ lines: [JSON], cutOff: String = "") -> Reply {
      let body = lines.map { $0.text + "\n" }.joined() + cutOff
      return .sendAndClose(["HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", body])
    }
  }

  enum WebSocketMessage: Sendable {
    case binary([UInt8])
    case ping([UInt8])
    case close(UInt16, String)
    /// Ends the connection without a word.
    case cut
  }

  let port: Int
  let isSafe: Bool
  private let server: any Channel
  private let recorder: Recorder

  /// The requests that came.
  var requests: [Request] { recorder.requests.withLock { $0 } }

  private final class Recorder: Sendable { let requests = Mutex<[Request]>([]) }

  private init(_ server: any Channel, _ recorder: Recorder, isSafe: Bool) {
    self.server = server
    self.recorder = recorder
    self.isSafe = isSafe
    port = server.localAddress?.port ?? 0
  }

  /// Listens on a port of the loopback address.
  static func start(
    tls: TLSConfiguration? = nil, endsAtOnce: Bool = false, _ reply: @escaping @Sendable (Request) -> Reply
  ) async throws -> FakeServer {
    let recorder = Recorder()
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if endsAtOnce { try channel.pipeline.syncOperations.addHandler(EndHandler()) }
          if let context {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
          }
          try channel.pipeline.syncOperations.addHandler(
            ScriptHandler { method, target, headers, body in
              let request = recorder.requests.withLock { requests in
                let request = Request(
                  method: method, target: target, headers: headers, body: body, number: requests.count)
                requests.append(request)
                return request
              }
              return reply(request)
            })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return FakeServer(server, recorder, isSafe: tls != nil)
  }

  /// Listens no more.
  func stop() { server.close(promise: nil) }

  /// How it is reached.
  func access(
    _ user: ClusterUser = ClusterUser(name: "ada", token: "t0"), trust: ServerTrust = ServerTrust()
  ) throws -> ClusterAccess {
    ClusterAccess(
      server: try ServerAddress(
        "\(isSafe ? "https" : "http")://127.0.0.1:\(port)", schemes: [.http, .https]), trust: trust,
      user: user, namespace: "shop", source: "context fake of /kubeconfig")
  }

  /// A client that waits for nothing, of a server that answers all but the question for its version as it is
  /// told.
  static func answering(
    policy: RetryPolicy = .impatient, programs: ProgramPermission = .refused(because: "it is a test"),
    user: ClusterUser = ClusterUser(name: "ada", token: "t0"), _ reply: @escaping @Sendable (Request) -> Reply
  ) async throws -> (FakeServer, KubernetesClient) {
    let server = try await start { $0.path == "/version" ? .json(200, version) : reply($0) }
    return (
      server, try await KubernetesClient.connect(to: server.access(user), programs: programs, policy: policy)
    )
  }

  /// The requests but the one for the version.
  var questions: [Request] { requests.filter { $0.path != "/version" } }

  static let version: JSON = ["major": "1", "minor": "31+", "gitVersion": "v1.31.2"]

  static func status(_ code: Int, _ reason: String, _ message: String, details: JSON? = nil) -> JSON {
    var status: JSON = [
      "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": .string(message),
      "reason": .string(reason), "code": .int(Int64(code)),
    ]
    status["details"] = details
    return status
  }

  static func answer(_ status: Int, _ body: String, headers: [String] = []) -> String {
    (["HTTP/1.1 \(status) X", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
      + headers)
      .joined(separator: "\r\n") + "\r\n\r\n" + body
  }
}

extension RetryPolicy {
  /// Tries as often as any, and does not wait.
  static var impatient: RetryPolicy {
    var policy = RetryPolicy()
    policy.sleep = { _ in try Task.checkCancellation() }
    return policy
  }

  /// Does not wait, and tells how long it would have.
  static func recording(_ pauses: Pauses) -> RetryPolicy {
    var policy = RetryPolicy()
    policy.random = { 1 }
    policy.sleep = { pauses.add($0) }
    return policy
  }
}

/// How long a policy would have waited.
final class Pauses: Sendable {
  private let storage = Mutex<[Duration]>([])
  var all: [Duration] { storage.withLock { $0 } }
  func add(_ pause: Duration) { storage.withLock { $0.append(pause) } }
}

/// A number that is counted up.
final class Counter: Sendable {
  private let storage = Mutex(0)
  /// The number so far, before it is counted up.
  func next() -> Int {
    storage.withLock { number in
      defer { number += 1 }
      return number
    }
  }
  var value: Int { storage.withLock { $0 } }
}

/// Ends the connection as soon as something comes.
private final class EndHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.close(promise: nil) }
}

/// Reads requests, and answers each.
private final class ScriptHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let reply: (String, String, [String: String], String) -> FakeServer.Reply
  private var pending: [UInt8] = []
  private var isWebSocket = false

  init(reply: @escaping (String, String, [String: String], String) -> FakeServer.Reply) { self.reply = reply }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isWebSocket { return context.fireChannelRead(data) }
    pending += unwrapInboundIn(data).readableBytesView
    while let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) {
      let lines = String(decoding: pending[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
      var headers: [String: String] = [:]
      for line in lines.dropFirst() {
        let name = line.prefix { $0 != ":" }.lowercased()
        let value = String(line.dropFirst(name.count + 1).drop { $0 == " " })
        headers[name] = headers[name].map { "\($0), \(value)" } ?? value
      }
      let length = headers["content-length"].flatMap { Int($0) } ?? 0
      guard pending.count - end.upperBound >= length else { return }
      let body = String(decoding: pending[end.upperBound..<end.upperBound + length], as: UTF8.self)
      pending.removeFirst(end.upperBound + length)
      let parts = lines[0].split(separator: " ")
      answer(
        context, reply(String(parts[0]), String(parts[1]), headers, body), key: headers["sec-websocket-key"])
    }
  }

  private func answer(_ context: ChannelHandlerContext, _ reply: FakeServer.Reply, key: String?) {
    switch reply {
    case .json(let code, let json, let headers):
      send(context, FakeServer.answer(code, json.text, headers: headers))
    case .send(let pieces): for piece in pieces { send(context, piece) }
    case .sendAndClose(let pieces):
      for piece in pieces { send(context, piece) }
      context.close(promise: nil)
    case .sendForever(let first, let again):
      send(context, first)
      repeatForever(context, again)
    case .drop: context.close(promise: nil)
    case .cut(let pieces):
      for piece in pieces { send(context, piece) }
      // What is closed from here on is so without a word of TLS.
      let tls = try! context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
      tls.close(promise: nil)
    case .nothing: break
    case .webSocket(let subprotocol, let first, let answer):
      let accept = Data(
        Insecure.SHA1.hash(data: Data(((key ?? "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
      send(
        context,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: \(accept.base64EncodedString())\r\nSec-WebSocket-Protocol: \(subprotocol)\r\n\r\n"
      )
      isWebSocket = true
      let pipeline = context.pipeline.syncOperations
      try! pipeline.addHandler(WebSocketFrameEncoder())
      try! pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20)))
      try! pipeline.addHandler(WebSocketScriptHandler(first: first, answer: answer))
    }
  }

  private func send(_ context: ChannelHandlerContext, _ text: String) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
  }

  private func repeatForever(_ context: ChannelHandlerContext, _ text: String) {
    // One after the other, so that nothing piles up; and each begun anew, for a write may end at once.
    let loop = context.eventLoop.assumeIsolated()
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text))).assumeIsolated().whenSuccess { [self] in
      loop.execute { [self] in repeatForever(context, text) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Sends messages, and answers those that come.
private final class WebSocketScriptHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let first: [FakeServer.WebSocketMessage]
  private let answer: @Sendable ([UInt8]) -> [FakeServer.WebSocketMessage]

  init(
    first: [FakeServer.WebSocketMessage],
    answer: @escaping @Sendable ([UInt8]) -> [FakeServer.WebSocketMessage]
  ) {
    self.first = first
    self.answer = answer
  }

  func handlerAdded(context: ChannelHandlerContext) { send(context, first) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .connectionClose: context.close(promise: nil)
    // That a client answers a ping, or sends one, is told like a message, with its name before it.
    case .ping: send(context, answer(Array("ping ".utf8)))
    case .pong: send(context, answer(Array("pong ".utf8) + frame.unmaskedData.readableBytesView))
    default: send(context, answer(Array(frame.unmaskedData.readableBytesView)))
    }
  }

  private func send(_ context: ChannelHandlerContext, _ messages: [FakeServer.WebSocketMessage]) {
    for message in messages {
      switch message {
      case .binary(let bytes): write(context, .binary, ByteBuffer(bytes: bytes))
      case .ping(let bytes): write(context, .ping, ByteBuffer(bytes: bytes))
      case .close(let code, let text):
        var data = ByteBuffer(integer: code)
        data.writeString(text)
        write(context, .connectionClose, data)
      case .cut: context.close(promise: nil)
      }
    }
  }

  private func write(_ context: ChannelHandlerContext, _ opcode: WebSocketOpcode, _ data: ByteBuffer) {
    context.writeAndFlush(
      wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
