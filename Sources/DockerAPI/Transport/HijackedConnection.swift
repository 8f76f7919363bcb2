import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Wire

/// A connection that carries plain bytes both ways, once the engine agreed to stop speaking HTTP on it.
typealias HijackedConnection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

extension Transport {
  /// Asks for a connection of its own. The request's limit is for the time until the engine agrees.
  ///
  /// - Throws: ``DockerError`` if the engine refuses, can't be reached or does not answer in time;
  ///   `CancellationError`.
  func hijack(_ request: Request, version: APIVersion?) async throws -> HijackedConnection {
    return try await within(request.limit, orThrow: late(request)) { [self] in
      try await explained {
        let handshake = try await connect(request, version: version)
        return try await withTaskCancellationHandler {
          try await handshake.get()
        } onCancel: {
          handshake.eventLoop.execute { handshake.cancel() }
        }
      }
    }
  }

  private func connect(_ request: Request, version: APIVersion?) async throws -> Handshake {
    let tls = try address.tls.map { try NIOSSLContext(configuration: $0) }
    let question = upgradeRequest(request, version: version)
    let prepare: @Sendable (any Channel) -> EventLoopFuture<Handshake> = { [address, endpoint] channel in
      channel.eventLoop.makeCompletedFuture {
        let pipeline = channel.pipeline.syncOperations
        if let tls, case .tcp(let host, _) = address.socket {
          // Addresses are no names of servers.
          let name = (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
          try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
        }
        let handshake = channel.eventLoop.makePromise(of: HijackedConnection.self)
        try pipeline.addHandler(HijackHandler(question: question, endpoint: endpoint, promise: handshake))
        return Handshake(channel: channel, connection: handshake.futureResult)
      }
    }
    let bootstrap = ClientBootstrap(group: DockerClient.eventLoops)
      .connectTimeout(.init(Self.connectPatience))
      .channelOption(.allowRemoteHalfClosure, value: true)
    switch address.socket {
    case .unix(let path):
      return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: prepare)
    case .tcp(let host, let port):
      return try await bootstrap.connect(host: host, port: port, channelInitializer: prepare)
    }
  }

  private func upgradeRequest(_ request: Request, version: APIVersion?) -> ByteBuffer {
    var lines = [
      "\(request.method.rawValue) \(request.target(version: version)) HTTP/1.1",
      "Host: \(address.hostHeader)",
      "Connection: Upgrade", "Upgrade: tcp", "Content-Length: \(request.body?.bytes.readableBytes ?? 0)",
    ]
    if let body = request.body { lines.append("Content-Type: \(body.type)") }
    var question = ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n")
    if let body = request.body { question.writeImmutableBuffer(body.bytes) }
    return question
  }
}

/// A connection that the engine is asked to hand over.
private struct Handshake: Sendable {
  let channel: any Channel
  let connection: EventLoopFuture<HijackedConnection>

  var eventLoop: any EventLoop { channel.eventLoop }

  func get() async throws -> HijackedConnection { try await connection.get() }

  func cancel() { channel.close(promise: nil) }
}

/// Asks for the connection, and gives it away when the engine agrees.
///
/// It reads the answer by itself, for the handlers of NIO lose what follows an answer if the connection ends at
/// once, as it does after a quick command.
private final class HijackHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let question: ByteBuffer
  private let endpoint: DockerEndpoint
  private let promise: EventLoopPromise<HijackedConnection>
  /// What came so far, until the connection is given away.
  private var answer: ByteBuffer? = ByteBuffer()

  init(question: ByteBuffer, endpoint: DockerEndpoint, promise: EventLoopPromise<HijackedConnection>) {
    self.question = question
    self.endpoint = endpoint
    self.promise = promise
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
        try handOver(context, answer.rest)
      } else if let body = try answer.body(upTo: Transport.longestError) {
        throw DockerError.refusal(status: answer.status, headers: answer.headers, body: body, from: endpoint)
      }
    } catch {
      fail(context, error)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if answer == nil { context.fireErrorCaught(error) } else { fail(context, error) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if answer != nil, event as? ChannelEvent == .inputClosed { return fail(context, ChannelError.eof) }
    context.fireUserInboundEventTriggered(event)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    // The connection was closed. If it was given away before, this does nothing.
    promise.fail(ChannelError.eof)
  }

  private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
    promise.fail(error)
    context.close(promise: nil)
  }

  private func handOver(_ context: ChannelHandlerContext, _ rest: ByteBuffer) throws {
    let connection = try HijackedConnection(
      wrappingChannelSynchronously: context.channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    answer = nil
    promise.succeed(connection)
    if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
  }
}
