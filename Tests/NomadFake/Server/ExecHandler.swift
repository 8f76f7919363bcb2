import NIOCore
import NIOWebSocket
import Values

/// Runs a command over a WebSocket. `command/agent/alloc_endpoint.go`, `execStreamImpl`.
final class ExecHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let call: FakeExec

  init(call: FakeExec) { self.call = call }

  func handlerAdded(context: ChannelHandlerContext) {
    if let refusal = call.refusal { return close(context, refusal.code, refusal.text) }
    give(context, .begins)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .connectionClose: context.close(promise: nil)
    case .ping: write(context, .pong, frame.unmaskedData)
    case .text, .binary:
      let bytes = frame.unmaskedData.readableBytesView
      guard let json = try? JSON(parsing: bytes), let input = Self.input(json) else {
        return close(context, 1011, "unexpected message type")
      }
      give(context, input)
    default: break
    }
  }

  private static func input(_ json: JSON) -> FakeExecInput? {
    if let stdin = json["stdin"] {
      if stdin.flag("close") { return .inputEnds }
      return Base64.decode(stdin.text("data")).map { .data($0) }
    }
    if let size = json["tty_size"] {
      return .resize(columns: size.number("width"), rows: size.number("height"))
    }
    return json.members?.isEmpty == true ? .heartbeat : nil
  }

  private func give(_ context: ChannelHandlerContext, _ input: FakeExecInput) {
    for output in call.script?.answer(input) ?? [] {
      switch output {
      case .output(let bytes): send(context, ["stdout": ["data": .string(Base64.encode(bytes))]])
      case .error(let bytes): send(context, ["stderr": ["data": .string(Base64.encode(bytes))]])
      case .ends(let code):
        send(context, ["stdout": ["close": true]])
        send(context, ["stderr": ["close": true]])
        // What is 0 is left out.
        send(context, ["exited": true, "result": code == 0 ? [:] : ["exit_code": .number(code)]])
        close(context, 1000, "")
      case .fails(let text): close(context, 1011, text)
      case .cut: context.close(promise: nil)
      }
    }
  }

  private func send(_ context: ChannelHandlerContext, _ json: JSON) {
    write(context, .text, ByteBuffer(string: json.text))
  }

  private func close(_ context: ChannelHandlerContext, _ code: UInt16, _ text: String) {
    // What says that a connection ends has room for so much; an agent's words that have no room are not sent at all.
    guard text.utf8.count <= 123 else { return context.close(promise: nil) }
    var data = ByteBuffer(integer: code)
    data.writeString(text)
    write(context, .connectionClose, data)
    context.close(promise: nil)
  }

  private func write(_ context: ChannelHandlerContext, _ opcode: WebSocketOpcode, _ data: ByteBuffer) {
    context.writeAndFlush(
      wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
