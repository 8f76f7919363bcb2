import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import DockerAPI

/// A socket that leads to the test engine, and notes what it is asked.
final class EngineTap: Sendable {
  /// What leads to the engine by this way.
  let endpoint: DockerEndpoint
  private let server: any Channel
  private let recorder: Recorder

  /// The paths of the requests that came, without the version and what follows the path.
  var paths: [String] { recorder.lines.withLock { $0 } }

  /// Forgets what came.
  func forget() { recorder.lines.withLock { $0 = [] } }

  /// Listens.
  static func start() async throws -> EngineTap {
    let recorder = Recorder()
    let engine = try DockerEndpoint(host: try #require(TestEngine.host))
    let path = "/tmp/berth-tap-\(UUID().uuidString.prefix(13)).sock"
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { near in
        let client = ClientBootstrap(group: near.eventLoop).channelOption(
          .allowRemoteHalfClosure, value: true
        )
        .channelInitializer { far in far.pipeline.addHandler(Relay(to: near, nil)) }
        let connected: EventLoopFuture<any Channel> =
          switch engine {
          case .tcp(let host, let port, _): client.connect(host: host, port: port)
          case .unix(let path): client.connect(unixDomainSocketPath: path)
          case .ssh: near.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
          }
        return connected.flatMap { far in near.pipeline.addHandler(Relay(to: far, recorder)) }.flatMap {
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

    /// Notes the request that begins with some bytes, if one does.
    func note(_ bytes: ByteBuffer) {
      let start = String(decoding: bytes.readableBytesView.prefix(512), as: UTF8.self)
      let words = start.prefix { $0 != "\r\n" }.split(separator: " ")
      guard words.count == 3, words[2].hasPrefix("HTTP/") else { return }
      let path = words[1].prefix { $0 != "?" }.split(separator: "/").drop { $0.hasPrefix("v1.") }
      lines.withLock { $0.append("\(words[0]) \(path.joined(separator: "/"))") }
    }
  }

  /// Passes on what comes.
  private final class Relay: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    private let peer: any Channel
    private let recorder: Recorder?

    init(to peer: any Channel, _ recorder: Recorder?) {
      self.peer = peer
      self.recorder = recorder
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = unwrapInboundIn(data)
      recorder?.note(bytes)
      peer.writeAndFlush(bytes, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { peer.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case ChannelEvent.inputClosed? = event as? ChannelEvent { peer.close(mode: .output, promise: nil) }
    }
  }
}
