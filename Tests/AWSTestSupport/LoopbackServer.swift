import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server over HTTP on 127.0.0.1 that answers as a test says, and remembers what it was asked.
public final class LoopbackServer: Sendable {
  /// What it was asked.
  public struct Question: Sendable {
    /// `GET`, `PUT`, …
    public let method: String
    /// The path and the query, as they came.
    public let target: String
    public let headers: HTTPHeaders
    public let body: [UInt8]

    /// The path, as it came.
    public var path: String { String(target.prefix { $0 != "?" }) }
    /// The query, as it came.
    public var query: String {
      target.firstIndex(of: "?").map { String(target[target.index(after: $0)...]) } ?? ""
    }
    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// What it answers.
  public struct Reply: Sendable {
    public var status: Int
    public var headers: [(String, String)]
    public var body: [UInt8]
    /// Whether the connection is closed in place of an answer.
    public var isLost = false

    public init(_ status: Int = 200, _ body: String = "", headers: [(String, String)] = []) {
      self.init(status, bytes: Array(body.utf8), headers: headers)
    }

    public init(_ status: Int, bytes: [UInt8], headers: [(String, String)] = []) {
      self.status = status
      self.body = bytes
      self.headers = headers
    }

    /// No answer.
    public static var lost: Reply {
      var reply = Reply()
      reply.isLost = true
      return reply
    }
  }

  private let channel: any Channel
  private let asked = Mutex<[Question]>([])

  /// What it was asked, in order.
  public var questions: [Question] { asked.withLock { $0 } }
  /// The address of it.
  public var address: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

  private init(_ channel: any Channel) { self.channel = channel }

  /// Starts one on a port that is free.
  public static func start(_ answer: @escaping @Sendable (Question) -> Reply) async throws -> LoopbackServer {
    let holder = Holder()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 64)
      .childChannelInitializer { channel in
        channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
          try channel.pipeline.syncOperations.addHandler(
            Handler { question in
              holder.server.withLock { $0 }?.asked.withLock { $0.append(question) }
              return answer(question)
            })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = LoopbackServer(channel)
    holder.server.withLock { $0 = server }
    return server
  }

  private final class Holder: Sendable {
    let server = Mutex<LoopbackServer?>(nil)
  }

  /// Ends it.
  public func stop() async { try? await channel.close() }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (Question) -> Reply
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ answer: @escaping @Sendable (Question) -> Reply) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): (self.head, body) = (head, [])
      case .body(let bytes): body += bytes.readableBytesView
      case .end:
        guard let head else { return }
        let reply = answer(
          Question(method: head.method.rawValue, target: head.uri, headers: head.headers, body: body))
        guard !reply.isLost else {
          context.close(promise: nil)
          return
        }
        var headers = HTTPHeaders(reply.headers)
        headers.replaceOrAdd(name: "Content-Length", value: "\(reply.body.count)")
        context.write(
          wrapOutboundOut(
            .head(
              HTTPResponseHead(version: .http1_1, status: .init(statusCode: reply.status), headers: headers))),
          promise: nil)
        if !reply.body.isEmpty {
          context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      }
    }
  }
}
