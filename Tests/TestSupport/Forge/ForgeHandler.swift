import NIOCore
import NIOHTTP1

/// What is sent back; `nil` closes the connection.
struct ForgeReply: Sendable {
  let status: Int
  let body: String
  var headers: [(String, String)] = []
}

/// Puts requests together, and answers each.
final class ForgeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let answer: @Sendable (FakeForge.Request) -> ForgeReply?
  private var head: HTTPRequestHead?
  private var body = ""

  init(_ answer: @escaping @Sendable (FakeForge.Request) -> ForgeReply?) { self.answer = answer }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body) = (head, "")
    case .body(let bytes): body += String(buffer: bytes)
    case .end:
      guard let head else { return }
      let request = FakeForge.Request(
        method: head.method.rawValue, target: head.uri, headers: head.headers, body: body)
      guard let reply = answer(request) else { return context.close(promise: nil) }
      var headers: HTTPHeaders = [
        "Content-Type": "application/json", "Content-Length": "\(reply.body.utf8.count)",
      ]
      for (name, value) in reply.headers { headers.replaceOrAdd(name: name, value: value) }
      context.write(
        wrapOutboundOut(
          .head(.init(version: .http1_1, status: .init(statusCode: reply.status), headers: headers))),
        promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: reply.body)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
