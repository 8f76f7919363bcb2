import Crypto
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Values

/// Asks for the connection, and gives it away when the server agrees.
///
/// It reads the answer by itself, for the handlers of NIO lose what follows an answer if the connection ends
/// at once, as it does after a quick command.
final class UpgradeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let question: ByteBuffer
  private let protocols: [String]
  private let nonce: String
  private let promise: EventLoopPromise<WebSocket>
  /// What came so far, until the connection is given away.
  private var answer: ByteBuffer? = ByteBuffer()

  /// The longest message, in bytes. Servers send some dozens of KiB at once.
  private static let longestMessage = 4 << 20
  /// The longest refusal that is read, in bytes.
  private static let longestRefusal = 256 * 1024

  init(
    question: ByteBuffer, protocols: [String], nonce: String, promise: EventLoopPromise<WebSocket>
  ) {
    self.question = question
    self.protocols = protocols
    self.nonce = nonce
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
        try handOver(context, answer)
      } else if let body = try answer.body(upTo: Self.longestRefusal) {
        throw WebSocketFailure.refused(answer.status, answer.headers, body: body)
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
      throw WebSocketFailure.wrongKey
    }
    let spoken = answer.headers.first(name: "Sec-WebSocket-Protocol") ?? ""
    guard protocols.isEmpty || protocols.contains(spoken) else { throw WebSocketFailure.wrongProtocol }
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
