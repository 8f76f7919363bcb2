import HealthChecks
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import Testing

/// The health check of gRPC: what is asked as SwiftNIO's HTTP/2 server understands it, and what is made of answers.
@Suite struct GRPCHealthTests {
  // MARK: Against a server of HTTP/2

  /// Answers one call, and keeps what it was asked.
  private final class Server: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    let status: UInt8?
    var headers = HPACKHeaders()
    var message: [UInt8] = []

    /// - Parameter status: what it says; without one, the call fails before there is a message.
    init(saying status: UInt8?) { self.status = status }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .headers(let frame): headers = frame.headers
      case .data(let frame):
        if case .byteBuffer(let buffer) = frame.data { message += buffer.readableBytesView }
        if frame.endStream { answer(context) }
      default: break
      }
    }

    private func answer(_ context: ChannelHandlerContext) {
      func write(_ payload: HTTP2Frame.FramePayload) {
        context.writeAndFlush(wrapOutboundOut(payload), promise: nil)
      }
      var head: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
      guard let status else {
        head.add(name: "grpc-status", value: "5")
        return write(.headers(.init(headers: head, endStream: true)))
      }
      write(.headers(.init(headers: head)))
      write(.data(.init(data: .byteBuffer(ByteBuffer(bytes: [0, 0, 0, 0, 2, 0x08, status])))))
      write(.headers(.init(headers: ["grpc-status": "0"], endStream: true)))
    }
  }

  /// What is made of what a server says, and what it was asked.
  private func ask(_ service: String, of server: Server) throws -> GRPCHealthAnswer.Reading {
    let channel = EmbeddedChannel()
    try channel.configureHTTP2Pipeline(mode: .server) { stream in
      stream.eventLoop.makeCompletedFuture { try stream.pipeline.syncOperations.addHandler(server) }
    }.map { _ in }.wait()
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    try channel.writeInbound(
      ByteBuffer(bytes: GRPCHealth.request(service: service, authority: "127.0.0.1:9000")))
    channel.embeddedEventLoop.run()
    var answer = GRPCHealthAnswer()
    var reading = GRPCHealthAnswer.Reading.incomplete
    while reading == .incomplete, let buffer = try channel.readOutbound(as: ByteBuffer.self) {
      reading = answer.append(buffer.readableBytesView)
    }
    _ = try? channel.finish()
    return reading
  }

  @Test(
    "A server understands the question",
    arguments: ["", "shop.Cart", String(repeating: "long.", count: 60) + "Service"])
  func aServerUnderstandsTheQuestion(service: String) throws {
    let server = Server(saying: 1)
    #expect(try ask(service, of: server) == .serving)
    #expect(server.headers.first(name: ":method") == "POST")
    #expect(server.headers.first(name: ":scheme") == "http")
    #expect(server.headers.first(name: ":path") == "/grpc.health.v1.Health/Check")
    #expect(server.headers.first(name: ":authority") == "127.0.0.1:9000")
    #expect(server.headers.first(name: "content-type") == "application/grpc")
    #expect(server.headers.first(name: "te") == "trailers")
    let name = Array(service.utf8)
    let count =
      name.count < 128 ? [UInt8(name.count)] : [UInt8(name.count & 0x7F | 0x80), UInt8(name.count >> 7)]
    let body = service.isEmpty ? [] : [0x0A] + count + name
    #expect(server.message == [0, 0, 0, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body)
  }

  @Test(
    "What is not serving says why",
    arguments: [
      (0, "does not know whether"), (2, "does not serve"), (3, "does not know the service"),
      (nil, "no health checking"),
    ] as [(UInt8?, String)])
  func whatIsNotServingSaysWhy(status: UInt8?, reason: String) throws {
    guard case .failed(let text) = try ask("shop.Cart", of: Server(saying: status)) else {
      return #expect(Bool(false), "it counts as serving")
    }
    #expect(text.contains(reason))
  }

  // MARK: Bytes

  private static func frame(
    _ type: UInt8, flags: UInt8 = 0, stream: UInt8 = 1, _ payload: [UInt8] = []
  ) -> [UInt8] {
    [0, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF), type, flags, 0, 0, 0, stream] + payload
  }

  private static let settings = frame(4, stream: 0, [])
  private static let ping = frame(6, stream: 0, [1, 2, 3, 4, 5, 6, 7, 8])
  private static let serving: [UInt8] = [0, 0, 0, 0, 2, 0x08, 1]

  struct Answer: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    /// Part of why the service is not ready; `nil` if it serves.
    let reason: String?

    init(_ name: String, _ bytes: [UInt8], fails reason: String? = nil) {
      (testDescription, self.bytes, self.reason) = (name, bytes, reason)
    }
  }

  static let answers = [
    Answer("serving", settings + frame(1, flags: 4, [0x88]) + frame(0, serving)),
    Answer("serving, after a ping", settings + ping + frame(1, flags: 4, [0x88]) + frame(0, serving)),
    Answer(
      "the message in two frames",
      settings + frame(0, Array(serving.prefix(3))) + frame(0, Array(serving.dropFirst(3)))),
    Answer("with padding", frame(0, flags: 8, [3] + serving + [0, 0, 0])),
    Answer("of another stream first", frame(0, stream: 3, [0, 0, 0, 0, 2, 0x08, 2]) + frame(0, serving)),
    Answer("the status 0 is not written", frame(0, [0, 0, 0, 0, 0]), fails: "does not know whether"),
    Answer("compressed", frame(0, [1] + serving.dropFirst()), fails: "not one of gRPC"),
    Answer("an end in the middle", frame(0, flags: 1, Array(serving.prefix(6))), fails: "not one of gRPC"),
    Answer("no message", frame(1, flags: 5, [0x88]), fails: "no health checking"),
    Answer("an empty end", frame(0, flags: 1, []), fails: "no health checking"),
    Answer("a reset", settings + frame(3, [0, 0, 0, 7]), fails: "ended the health check's call"),
    Answer("going away", frame(7, stream: 0, [0, 0, 0, 0, 0, 0, 0, 0]), fails: "takes no calls"),
    Answer("HTTP/1.1", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), fails: "not one of gRPC"),
    Answer("a frame too large", [0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1], fails: "not one of gRPC"),
    Answer("another protocol", Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), fails: "not one of gRPC"),
    Answer(
      "settings without an end", Array(repeatElement(settings, count: 9000).joined()),
      fails: "not one of gRPC"),
  ]

  @Test("Answers are read in whatever pieces they come", arguments: answers, [1, 2, 7, 100_000])
  func answersAreReadInWhateverPiecesTheyCome(
    answer: Answer, size: Int
  ) {
    var reader = GRPCHealthAnswer()
    var reading = GRPCHealthAnswer.Reading.incomplete
    var rest = answer.bytes[...]
    while reading == .incomplete, !rest.isEmpty {
      reading = reader.append(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    if reading == .incomplete { reading = reader.finish() }
    switch (reading, answer.reason) {
    case (.serving, nil): break
    case (.failed(let text), let reason?): #expect(text.contains(reason))
    default: Issue.record("\(reading)")
    }
  }
}
