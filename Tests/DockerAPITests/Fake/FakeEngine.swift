import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import DockerAPI

/// What answers on a socket as a script says, in place of an engine.
final class FakeEngine: Sendable {
  /// What is done with a request.
  enum Reply: Sendable {
    /// Sends the pieces, each on its own.
    case send([String])
    /// Sends the pieces, and closes the connection.
    case sendAndClose([String])
    /// Sends bytes that need not be text, and closes the connection.
    case sendBytes([UInt8])
    /// Sends the first, and then repeats the second until the connection is closed.
    case sendForever(String, String)
    /// Sends the first, and the second after a time.
    case sendLater(String, Duration, String)
    /// Never answers.
    case nothing
  }

  let endpoint: DockerEndpoint
  private let server: any Channel

  /// The first lines of the requests that came.
  var requests: [String] { recorder.lines.withLock { $0 } }

  /// Listens on a Unix socket, or on a port of the loopback address.
  ///
  /// - Parameters:
  ///   - path: the path of the socket.
  ///   - isLocal: whether it listens on the socket; with TLS it never does.
  ///   - tls: what both ends need to know.
  ///   - reply: what is done with a request, by its first line.
  static func start(
    at path: String = temporaryPath(), isLocal: Bool = true,
    tls: (server: TLSConfiguration, client: DockerTLS)? = nil,
    _ reply: @escaping @Sendable (String) -> Reply
  ) async throws -> FakeEngine {
    let recorder = Recorder()
    let context = try tls.map { try NIOSSLContext(configuration: $0.server) }
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
          }
          try channel.pipeline.syncOperations.addHandler(
            ScriptHandler { line in
              recorder.lines.withLock { $0.append(line) }
              return reply(line)
            })
        }
      }
    if tls != nil || !isLocal {
      let server = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
      let port = server.localAddress?.port ?? 0
      return FakeEngine(.tcp(host: "127.0.0.1", port: port, tls: tls?.client), server, recorder)
    }
    let server = try await bootstrap.bind(unixDomainSocketPath: path).get()
    return FakeEngine(.unix(path: path), server, recorder)
  }

  /// A short path for a socket, where nothing is.
  static func temporaryPath() -> String { "/tmp/berth-fake-\(UUID().uuidString.prefix(13)).sock" }

  private final class Recorder: Sendable { let lines = Mutex<[String]>([]) }
  private let recorder: Recorder

  #if canImport(Glibc)
    private static let streamType = CInt(SOCK_STREAM.rawValue)
  #else
    private static let streamType = SOCK_STREAM
  #endif

  private init(_ endpoint: DockerEndpoint, _ server: any Channel, _ recorder: Recorder) {
    self.endpoint = endpoint
    self.server = server
    self.recorder = recorder
  }

  /// Listens no more.
  func stop() {
    server.close(promise: nil)
    if case .unix(let path) = endpoint { unlink(path) }
  }

  /// Leaves what a listener leaves that was killed.
  static func leaveSocket(at path: String) {
    let descriptor = socket(AF_UNIX, Self.streamType, 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  // MARK: What engines answer

  /// An answer with a body.
  static func answer(_ status: String, _ body: String, headers: [String] = []) -> String {
    (["HTTP/1.1 \(status)", "Api-Version: 1.41", "Content-Length: \(body.utf8.count)"] + headers)
      .joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// The answer to a ping: the head of one, for a ping asks for no more.
  static let pong = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\n"

  /// Answers pings as an engine does, and all else as it is told.
  static func answering(
    _ reply: @escaping @Sendable (String) -> Reply
  ) async throws -> (FakeEngine, DockerClient) {
    let engine = try await start { $0.hasPrefix("HEAD /_ping") ? .send([pong]) : reply($0) }
    return (engine, try await DockerClient.connect(to: engine.endpoint))
  }
}

/// Reads requests, and answers each.
private final class ScriptHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let reply: (String) -> FakeEngine.Reply
  private var pending = ""

  init(reply: @escaping (String) -> FakeEngine.Reply) { self.reply = reply }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    pending += String(buffer: unwrapInboundIn(data))
    while let end = pending.firstRange(of: "\r\n\r\n") {
      let head = pending[..<end.lowerBound]
      let length =
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        .flatMap { Int($0.drop { $0 != ":" }.dropFirst().trimmingPrefix(" ")) } ?? 0
      let rest = pending[end.upperBound...]
      guard rest.utf8.count >= length else { return }
      let line = String(head.prefix { $0 != "\r\n" })
      pending = String(rest.utf8.dropFirst(length)) ?? ""
      answer(context, reply(line))
    }
  }

  private func answer(_ context: ChannelHandlerContext, _ reply: FakeEngine.Reply) {
    switch reply {
    case .send(let pieces): for piece in pieces { send(context, piece) }
    case .sendAndClose(let pieces):
      for piece in pieces { send(context, piece) }
      context.close(promise: nil)
    case .sendBytes(let bytes):
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
      context.close(promise: nil)
    case .sendForever(let first, let again):
      send(context, first)
      repeatForever(context, again)
    case .sendLater(let first, let time, let second):
      send(context, first)
      context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [self] in send(context, second)
      }
    case .nothing: break
    }
  }

  private func send(_ context: ChannelHandlerContext, _ text: String) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
  }

  private func repeatForever(_ context: ChannelHandlerContext, _ text: String) {
    // One after the other, so that nothing piles up.
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text))).assumeIsolated().whenSuccess { [self] in
      repeatForever(context, text)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
