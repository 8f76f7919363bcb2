import Crypto
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Values
import Wire

/// A connection that carries messages both ways (RFC 6455), once the server agreed to stop speaking HTTP on
/// it.
struct WebSocket: Sendable {
  /// It must be used: NIO does not allow that it is just let go.
  let channel: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>
  /// What is spoken on it, of what was offered.
  let subprotocol: String
}

extension Transport {
  /// Asks for a connection of its own. The request's limit is for the time until the server agrees.
  ///
  /// - Parameter protocols: what may be spoken on it, the best first.
  /// - Throws: ``KubernetesError`` if the server refuses, can't be reached or does not answer in time;
  ///   `CancellationError`.
  func webSocket(_ request: Request, protocols: [String]) async throws -> WebSocket {
    try await asking(request) { [self] identity in
      try await explained {
        let handshake = try await connect(request, protocols: protocols, as: identity)
        // The time is kept by the handshake, not by a task beside it: that could let go of a connection which
        // has just come about.
        let late = late(request)
        if let limit = request.limit { handshake.fail(after: limit, late) }
        return try await withTaskCancellationHandler {
          try await handshake.promise.futureResult.get()
        } onCancel: {
          handshake.channel.close(promise: nil)
        }
      }
    }
  }

  private func connect(
    _ request: Request, protocols: [String], as identity: Identity
  ) async throws -> Handshake {
    let tls = try tls(for: identity).map { try NIOSSLContext(configuration: $0) }
    let nonce = Base64.encode((0..<16).map { _ in UInt8.random(in: 0...255) })
    let question = question(request, protocols: protocols, nonce: nonce, as: identity)
    let prepare: @Sendable (any Channel) -> EventLoopFuture<Handshake> = { [self] channel in
      channel.eventLoop.makeCompletedFuture {
        let pipeline = channel.pipeline.syncOperations
        let promise = channel.eventLoop.makePromise(of: WebSocket.self)
        let server = access.server
        if let proxy = access.proxy {
          try pipeline.addHandler(
            TunnelHandler(proxy: proxy, host: server.host, port: server.port) { promise.fail($0) })
        }
        if let tls {
          // Addresses are no names of servers.
          let name = access.trust.serverName ?? server.host
          let handler = try NIOSSLClientHandler(
            context: tls, serverHostname: Self.isAddress(name) ? nil : name)
          try pipeline.addHandler(handler)
        }
        try pipeline.addHandler(
          UpgradeHandler(question: question, protocols: protocols, nonce: nonce, promise: promise) { [self] in
            refusal(of: $0.status, headers: $0.headers, body: $1, to: request)
          })
        return Handshake(channel: channel, promise: promise)
      }
    }
    let place = access.proxy ?? access.server
    return try await ClientBootstrap(group: KubernetesClient.eventLoops)
      .connectTimeout(.init(Self.connectPatience))
      .channelOption(.socketOption(.so_keepalive), value: 1)
      .connect(host: place.host, port: place.port, channelInitializer: prepare)
  }

  private func question(
    _ request: Request, protocols: [String], nonce: String, as identity: Identity
  ) -> ByteBuffer {
    var lines = ["GET \(access.server.path)\(request.target) HTTP/1.1"]
    lines += headers(of: request, as: identity).map { "\($0.name): \($0.value)" }
    lines += [
      "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \(nonce)",
      "Sec-WebSocket-Protocol: \(protocols.joined(separator: ", "))",
    ]
    return ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n")
  }
}

/// A connection that the server is asked to hand over.
private struct Handshake: Sendable {
  let channel: any Channel
  let promise: EventLoopPromise<WebSocket>

  func fail(after limit: Duration, _ error: KubernetesError) {
    let timer = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) {
      promise.fail(error)
      channel.close(promise: nil)
    }
    promise.futureResult.whenComplete { _ in timer.cancel() }
  }
}

/// Asks for the connection, and gives it away when the server agrees.
///
/// It reads the answer by itself, for the handlers of NIO lose what follows an answer if the connection ends
/// at once, as it does after a quick command.
private final class UpgradeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let question: ByteBuffer
  private let protocols: [String]
  private let nonce: String
  private let promise: EventLoopPromise<WebSocket>
  private let refusal: (HandshakeAnswer, ByteBuffer) -> KubernetesError
  /// What came so far, until the connection is given away.
  private var answer: ByteBuffer? = ByteBuffer()

  /// The longest message, in bytes. Servers send some dozens of KiB at once.
  private static let longestMessage = 4 << 20

  init(
    question: ByteBuffer, protocols: [String], nonce: String, promise: EventLoopPromise<WebSocket>,
    refusal: @escaping (HandshakeAnswer, ByteBuffer) -> KubernetesError
  ) {
    self.question = question
    self.protocols = protocols
    self.nonce = nonce
    self.promise = promise
    self.refusal = refusal
  }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(question), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard var answer else { return context.fireChannelRead(data) }
    answer.writeImmutableBuffer(unwrapInboundIn(data))
    self.answer = answer
    do {
      guard let answer = try HandshakeAnswer(answer) else { return }
      if answer.status == .switchingProtocols {
        try handOver(context, answer)
      } else if let body = try answer.body(upTo: Transport.longestError) {
        throw refusal(answer, body)
      }
    } catch {
      fail(context, error)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if answer == nil { context.fireErrorCaught(error) } else { fail(context, error) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if answer != nil { promise.fail(ChannelError.eof) }
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    // The connection was closed. If it was given away before, this does nothing.
    promise.fail(ChannelError.eof)
  }

  private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
    promise.fail(error)
    context.close(promise: nil)
  }

  private func handOver(_ context: ChannelHandlerContext, _ answer: HandshakeAnswer) throws {
    let key = Insecure.SHA1.hash(data: Array((nonce + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
    guard answer.headers.first(name: "Sec-WebSocket-Accept") == Base64.encode(Array(key)) else {
      throw KubernetesError(
        "the server agrees to a WebSocket that was not asked for",
        help: "check that no proxy in between answers")
    }
    guard let spoken = answer.headers.first(name: "Sec-WebSocket-Protocol"), protocols.contains(spoken) else {
      throw KubernetesError(
        "the server speaks none of \(protocols.joined(separator: ", ")) for commands in containers",
        help: "servers from Kubernetes 1.16 on do: check that no proxy in between answers")
    }
    let pipeline = context.pipeline.syncOperations
    try pipeline.addHandler(WebSocketFrameEncoder())
    try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: Self.longestMessage)))
    try pipeline.addHandler(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024,
        maxAccumulatedFrameSize: Self.longestMessage))
    let channel = try NIOAsyncChannel<WebSocketFrame, WebSocketFrame>(
      wrappingChannelSynchronously: context.channel, configuration: .init(isOutboundHalfClosureEnabled: false)
    )
    self.answer = nil
    promise.succeed(WebSocket(channel: channel, subprotocol: spoken))
    if answer.rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(answer.rest)) }
  }
}
