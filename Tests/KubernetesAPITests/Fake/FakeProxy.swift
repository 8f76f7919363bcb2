import NIOCore
import NIOPosix
import Synchronization

/// A proxy that leads where it is asked to, for those who ask as a test says.
final class FakeProxy: Sendable {
  enum Kind: Sendable {
    /// By `CONNECT`; a login is what it wants to be told.
    case http(login: String?)
    case socks
    /// Refuses all.
    case refusing(String)
  }

  let port: Int
  private let server: any Channel
  private let recorder: Recorder

  /// Where it led.
  var places: [String] { recorder.places.withLock { $0 } }

  private final class Recorder: Sendable { let places = Mutex<[String]>([]) }

  private init(_ server: any Channel, _ recorder: Recorder) {
    self.server = server
    self.recorder = recorder
    port = server.localAddress?.port ?? 0
  }

  static func start(_ kind: Kind) async throws -> FakeProxy {
    let recorder = Recorder()
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            ProxyHandler(kind: kind) { place in recorder.places.withLock { $0.append(place) } })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return FakeProxy(server, recorder)
  }

  func stop() { server.close(promise: nil) }
}

/// Reads what it is asked, connects, and passes on what comes.
private final class ProxyHandler: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let kind: FakeProxy.Kind
  private let record: (String) -> Void
  private var pending: [UInt8] = []
  private var hasGreeted = false
  private var other: (any Channel)?

  init(kind: FakeProxy.Kind, record: @escaping (String) -> Void) {
    self.kind = kind
    self.record = record
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if let other { return other.writeAndFlush(unwrapInboundIn(data), promise: nil) }
    pending += unwrapInboundIn(data).readableBytesView
    switch kind {
    case .refusing(let answer): write(context, Array(answer.utf8))
    case .http(let login):
      guard let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
      let head = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
      if let login,
        !head.contains("Proxy-Authorization: Basic \(login)")
          && !head.contains("proxy-authorization: Basic \(login)")
      {
        return write(context, Array("HTTP/1.1 407 Who asks\r\nContent-Length: 0\r\n\r\n".utf8))
      }
      let place = head.split(separator: " ")[1].split(separator: ":")
      connect(context, String(place[0]), Int(place[1])!, Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
    case .socks:
      if !hasGreeted {
        guard pending.count >= 3 else { return }
        pending.removeFirst(3)
        hasGreeted = true
        write(context, [5, 0])
      }
      guard pending.count >= 5 else { return }
      let isName = pending[3] == 3
      let length = isName ? Int(pending[4]) : 4
      let start = isName ? 5 : 4
      guard pending.count >= start + length + 2 else { return }
      let host =
        isName
        ? String(decoding: pending[start..<start + length], as: UTF8.self)
        : pending[start..<start + length].map { "\($0)" }.joined(separator: ".")
      let port = Int(pending[start + length]) << 8 | Int(pending[start + length + 1])
      connect(context, host, port, [5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    }
  }

  private func connect(_ context: ChannelHandlerContext, _ host: String, _ port: Int, _ answer: [UInt8]) {
    record("\(host):\(port)")
    let here = context.channel
    // All of it is on one thread, so that what is passed on stays in order.
    ClientBootstrap(group: context.eventLoop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(PassingHandler(to: here))
        }
      }
      // Names of tests lead to this machine.
      .connect(host: "127.0.0.1", port: port)
      .whenSuccess { channel in
        self.other = channel
        here.writeAndFlush(ByteBuffer(bytes: answer), promise: nil)
      }
  }

  private func write(_ context: ChannelHandlerContext, _ bytes: [UInt8]) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { other?.close(promise: nil) }
}

/// Passes on what comes.
private final class PassingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let other: any Channel

  init(to other: any Channel) { self.other = other }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    other.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
}
