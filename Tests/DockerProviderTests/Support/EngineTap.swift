import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import DockerAPI

/// A socket that leads to the test engine, notes what it is asked, and lets a test decide what becomes of each request.
final class EngineTap: Sendable {
  /// What becomes of a request.
  enum Verdict: Sendable {
    /// The engine gets it, and its answer comes back.
    case pass
    /// The connection is closed before the engine gets it.
    case refuse
    /// The engine carries it out; the connection is closed when it begins to answer.
    case loseAnswer
    /// The engine gets it after something else happened.
    case passAfter(@Sendable () async -> Void)
  }

  /// What leads to the engine by this way.
  let endpoint: DockerEndpoint
  private let server: any Channel
  private let recorder: Recorder

  /// The paths of the requests that came, without the version and what follows the path.
  var paths: [String] { recorder.lines.withLock { $0 } }

  /// Forgets what came.
  func forget() { recorder.lines.withLock { $0 = [] } }

  /// Listens.
  ///
  /// - Parameter judge: what becomes of a request, by its method and its path.
  static func start(
    _ judge: @escaping @Sendable (_ request: String) -> Verdict = { _ in .pass }
  ) async throws -> EngineTap {
    let recorder = Recorder(judge)
    let engine = try DockerEndpoint(host: try #require(TestEngine.host))
    let path = "/tmp/berth-tap-\(UUID().uuidString.prefix(13)).sock"
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { near in
        let exchange = Exchange()
        let client = ClientBootstrap(group: near.eventLoop).channelOption(
          .allowRemoteHalfClosure, value: true
        )
        .channelInitializer { far in far.pipeline.addHandler(Relay(to: near, exchange, nil)) }
        let connected: EventLoopFuture<any Channel> =
          switch engine {
          case .tcp(let host, let port, _): client.connect(host: host, port: port)
          case .unix(let path): client.connect(unixDomainSocketPath: path)
          case .ssh: near.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
          }
        return connected.flatMap { far in near.pipeline.addHandler(Relay(to: far, exchange, recorder)) }
          .flatMap {
            near.setOption(.autoRead, value: true)
          }
      }
      .bind(unixDomainSocketPath: path).get()
    return EngineTap(.unix(path: path), server, recorder)
  }

  private init(_ endpoint: DockerEndpoint, _ server: any Channel, _ recorder: Recorder) {
    self.endpoint = endpoint
    self.server = server
    self.recorder = recorder
  }

  /// Listens no more.
  func stop() async throws { try await server.close() }

  private final class Recorder: Sendable {
    let lines = Mutex<[String]>([])
    private let judge: @Sendable (String) -> Verdict

    init(_ judge: @escaping @Sendable (String) -> Verdict) { self.judge = judge }

    /// Notes the request that begins with some bytes, if one does, and says what becomes of it.
    func note(_ bytes: ByteBuffer) -> Verdict? {
      let start = String(decoding: bytes.readableBytesView.prefix(512), as: UTF8.self)
      let words = start.prefix { $0 != "\r\n" }.split(separator: " ")
      guard words.count == 3, words[2].hasPrefix("HTTP/") else { return nil }
      let path = words[1].prefix { $0 != "?" }.split(separator: "/").drop { $0.hasPrefix("v1.") }
      let line = "\(words[0]) \(path.joined(separator: "/"))"
      lines.withLock { $0.append(line) }
      return judge(line)
    }
  }

  /// What the two ways of a connection know of each other. A connection carries one request at a time.
  private final class Exchange: Sendable {
    let losesAnswer = Mutex(false)
    /// What came of a request while it waits.
    let held = Mutex<[ByteBuffer]?>(nil)
  }

  /// Passes on what comes.
  private final class Relay: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    private let peer: any Channel
    private let exchange: Exchange
    /// Where what comes are requests.
    private let recorder: Recorder?

    init(to peer: any Channel, _ exchange: Exchange, _ recorder: Recorder?) {
      self.peer = peer
      self.exchange = exchange
      self.recorder = recorder
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = unwrapInboundIn(data)
      guard let recorder else {
        if exchange.losesAnswer.withLock({ $0 }) { return context.close(promise: nil) }
        peer.writeAndFlush(bytes, promise: nil)
        return
      }
      switch recorder.note(bytes) {
      case .refuse: return context.close(promise: nil)
      case .loseAnswer: exchange.losesAnswer.withLock { $0 = true }
      case .passAfter(let other):
        exchange.held.withLock { $0 = [] }
        Task { [exchange, peer] in
          await other()
          for bytes in exchange.held.withLock({ $0.take() ?? [] }) { peer.writeAndFlush(bytes, promise: nil) }
        }
      case .pass, nil: break
      }
      let isHeld = exchange.held.withLock { held in
        held?.append(bytes)
        return held != nil
      }
      if !isHeld { peer.writeAndFlush(bytes, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { peer.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case ChannelEvent.inputClosed? = event as? ChannelEvent { peer.close(mode: .output, promise: nil) }
    }
  }
}
