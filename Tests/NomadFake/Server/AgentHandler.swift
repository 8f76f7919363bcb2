import Crypto
import NIOCore
import NIOWebSocket
import Values

/// Something that is done every so often.
private final class Ticking {
  var isCancelled = false
}

/// Reads requests of one connection, and answers each.
final class AgentHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let cluster: FakeNomad
  private var pending: [UInt8] = []
  /// What is still being answered.
  private var task: Ticking?
  private var isWebSocket = false

  /// How often it is seen whether there is news.
  private static let tick = TimeAmount.milliseconds(3)

  init(cluster: FakeNomad) { self.cluster = cluster }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isWebSocket { return context.fireChannelRead(data) }
    pending += unwrapInboundIn(data).readableBytesView
    readRequest(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    task?.isCancelled = true
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func readRequest(_ context: ChannelHandlerContext) {
    guard task == nil, let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
    let lines = String(decoding: pending[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let name = line.prefix { $0 != ":" }
      headers[name.lowercased()] = String(line.dropFirst(name.count + 1).drop { $0 == " " })
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    guard pending.count - end.upperBound >= length else { return }
    let body = Array(pending[end.upperBound..<end.upperBound + length])
    pending.removeFirst(end.upperBound + length)
    let parts = lines[0].split(separator: " ").map(String.init)
    let (request, fault, answer) = cluster.answer(parts[0], parts[1], headers, body)
    switch fault {
    case .dropRequest?, .loseReply?: return context.close(promise: nil)
    case .refuse(let status, let text, let headers)?:
      send(context, head(status, ["Content-Length: \(text.utf8.count)"] + headers) + Array(text.utf8))
      return readRequest(context)
    case .cutReply(let count)?: return give(context, request, answer, cutAfter: count)
    case nil: give(context, request, answer, cutAfter: nil)
    }
  }

  // MARK: Answers

  private func give(
    _ context: ChannelHandlerContext, _ request: FakeRequest, _ answer: FakeAnswer, cutAfter: Int?
  ) {
    switch answer {
    case .json, .text, .absent, .empty:
      var bytes = Self.whole(answer)
      if let cutAfter {
        bytes = Array(bytes.prefix(min(cutAfter, bytes.count - 1)))
        send(context, bytes)
        return context.close(promise: nil)
      }
      send(context, bytes)
      readRequest(context)
    case .blocking(_, let wait):
      let deadline = ContinuousClock.now + wait
      every(context) { [self] in
        guard let answer = cluster.news(request, isLate: ContinuousClock.now >= deadline) else { return true }
        task = nil
        give(context, request, answer, cutAfter: cutAfter)
        return false
      }
    case .logs(let feed): stream(context, feed, cutAfter)
    case .events(let feed): stream(context, feed, cutAfter)
    case .exec(let call): upgrade(context, request, call)
    }
  }

  private func stream(_ context: ChannelHandlerContext, _ feed: LogFeed, _ cutAfter: Int?) {
    var feed = feed
    var left = cutAfter ?? Int.max
    send(context, head(200, ["Transfer-Encoding: chunked", "Content-Type: application/json"]))
    every(context) { [self] in
      guard let out = cluster.next(&feed) else {
        send(context, Array("0\r\n\r\n".utf8))
        task = nil
        readRequest(context)
        return false
      }
      return sendChunk(context, out, &left)
    }
  }

  private func stream(_ context: ChannelHandlerContext, _ feed: EventFeed, _ cutAfter: Int?) {
    var feed = feed
    var left = cutAfter ?? Int.max
    send(context, head(200, ["Transfer-Encoding: chunked", "Content-Type: application/json"]))
    every(context) { [self] in sendChunk(context, cluster.next(&feed), &left) }
  }

  /// - Returns: whether more may come.
  private func sendChunk(_ context: ChannelHandlerContext, _ bytes: [UInt8], _ left: inout Int) -> Bool {
    let part = bytes.prefix(max(left, 0))
    left -= part.count
    if !part.isEmpty {
      send(context, Array("\(String(part.count, radix: 16))\r\n".utf8) + part + Array("\r\n".utf8))
    }
    guard left > 0 else {
      context.close(promise: nil)
      return false
    }
    return true
  }

  /// Does something at once, and then every so often for as long as it says so.
  private func every(_ context: ChannelHandlerContext, _ body: @escaping () -> Bool) {
    let loop = context.eventLoop.assumeIsolated()
    guard body(), context.channel.isActive else { return }
    task = Ticking()
    tick(loop, body, task)
  }

  private func tick(_ loop: NIOIsolatedEventLoop, _ body: @escaping () -> Bool, _ task: Ticking?) {
    loop.scheduleTask(in: Self.tick) { [self] in
      guard let task, !task.isCancelled, body() else { return }
      tick(loop, body, task)
    }
  }

  private static func whole(_ answer: FakeAnswer) -> [UInt8] {
    switch answer {
    case .json(let json, let index, let status, let next, _):
      let body = json.text
      var headers = ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
      if index > 0 {
        headers += ["X-Nomad-Index: \(index)", "X-Nomad-LastContact: 0", "X-Nomad-KnownLeader: true"]
      }
      if let next { headers.append("X-Nomad-NextToken: \(next)") }
      return head(status, headers) + Array(body.utf8)
    case .absent(let text, let index):
      return head(404, ["Content-Length: \(text.utf8.count)", "X-Nomad-Index: \(index)"]) + Array(text.utf8)
    case .text(let status, let text):
      return head(status, ["Content-Length: \(text.utf8.count)"]) + Array(text.utf8)
    case .empty(let status):
      return head(
        status, status == 204 ? [] : ["Content-Length: 0"] + (status == 307 ? ["Location: /ui/"] : []))
    default: return head(500, ["Content-Length: 0"])
    }
  }

  private static func head(_ status: Int, _ headers: [String]) -> [UInt8] {
    let date = "Date: Mon, 30 Nov 2026 12:00:00 GMT"
    return Array((["HTTP/1.1 \(status) X", date] + headers).joined(separator: "\r\n").utf8)
      + Array("\r\n\r\n".utf8)
  }

  private func head(_ status: Int, _ headers: [String]) -> [UInt8] { Self.head(status, headers) }

  private func send(_ context: ChannelHandlerContext, _ bytes: [UInt8]) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
  }

  // MARK: Commands

  private func upgrade(_ context: ChannelHandlerContext, _ request: FakeRequest, _ call: FakeExec) {
    guard let key = request.headers["sec-websocket-key"] else {
      send(context, head(400, ["Content-Length: 0"]))
      return
    }
    let accept = Insecure.SHA1.hash(data: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
    send(
      context,
      head(
        101,
        [
          "Upgrade: websocket", "Connection: Upgrade",
          "Sec-WebSocket-Accept: \(Base64.encode(Array(accept)))",
        ]))
    isWebSocket = true
    let pipeline = context.pipeline.syncOperations
    do {
      try pipeline.addHandler(WebSocketFrameEncoder())
      try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20)))
      try pipeline.addHandler(ExecHandler(call: call))
    } catch {
      context.close(promise: nil)
    }
    let rest = pending
    pending = []
    if !rest.isEmpty { context.fireChannelRead(wrapOutboundOut(ByteBuffer(bytes: rest))) }
  }
}
