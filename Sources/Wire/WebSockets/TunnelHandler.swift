import NIOCore
import NIOHTTP1
import Values

/// Asks a proxy for a way to the server. What comes after it in the pipeline begins when the proxy has
/// agreed.
final class TunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let proxy: ServerAddress
  private let host: String
  private let port: Int
  private let fail: (any Error) -> Void
  private var step = Step.connect
  private var pending = ByteBuffer()

  private enum Step {
    case connect
    /// The proxy has yet to agree to a connection without a login (SOCKS).
    case greeting
    case answer
    case open
  }

  /// - Parameter fail: takes the error, if the proxy refuses.
  init(proxy: ServerAddress, host: String, port: Int, fail: @escaping (any Error) -> Void) {
    self.proxy = proxy
    self.host = host
    self.port = port
    self.fail = fail
  }

  func channelActive(context: ChannelHandlerContext) {
    if proxy.scheme == .socks5 {
      step = .greeting
      send(context, [5, 1, 0])
    } else {
      step = .answer
      let authority = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
      var lines = ["CONNECT \(authority) HTTP/1.1", "Host: \(authority)"]
      if let login = proxy.login {
        lines.append("Proxy-Authorization: Basic \(Base64.encode(Array(login.utf8)))")
      }
      send(context, Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard step != .open else { return context.fireChannelRead(data) }
    pending.writeImmutableBuffer(unwrapInboundIn(data))
    do {
      guard try proxy.scheme == .socks5 ? readSOCKS(context) : readHTTP() else { return }
    } catch {
      fail(error)
      return context.close(promise: nil)
    }
    step = .open
    context.fireChannelActive()
    if pending.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(pending)) }
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(error)
    context.close(promise: nil)
  }

  private func send(_ context: ChannelHandlerContext, _ bytes: [UInt8]) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
  }

  /// - Returns: whether the way is open.
  private func readHTTP() throws -> Bool {
    guard let answer = try HandshakeAnswer(pending) else { return false }
    guard (200..<300).contains(answer.status.code) else {
      throw refusal("it answers \(answer.status.code) \(answer.status.reasonPhrase)")
    }
    pending = answer.rest
    return true
  }

  private func readSOCKS(_ context: ChannelHandlerContext) throws -> Bool {
    if step == .greeting {
      guard pending.readableBytes >= 2, let greeting = pending.readBytes(length: 2) else { return false }
      guard greeting == [5, 0] else { throw refusal("it wants to know who asks, or is no SOCKS proxy") }
      step = .answer
      let name = Array(host.utf8.prefix(255))
      send(context, [5, 1, 0, 3, UInt8(name.count)] + name + [UInt8(port >> 8 & 0xFF), UInt8(port & 0xFF)])
    }
    let view = pending.readableBytesView
    guard view.count >= 5 else { return false }
    let head = Array(view.prefix(5))
    guard head[0] == 5, head[1] == 0 else { throw refusal("it answers with the error \(head[1])") }
    let length = head[3] == 1 ? 10 : head[3] == 4 ? 22 : 7 + Int(head[4])
    guard view.count >= length else { return false }
    pending.moveReaderIndex(forwardBy: length)
    return true
  }

  private func refusal(_ reason: String) -> WireProblem {
    WireProblem(
      "the proxy \(proxy) refuses to connect to \(host):\(port): \(reason)",
      help: "see what the proxy allows, or name the server in NO_PROXY")
  }
}
