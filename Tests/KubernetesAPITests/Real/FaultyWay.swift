import NIOCore
import NIOPosix
import Synchronization
import Wire

@testable import KubernetesAPI

/// A way to a real server that loses answers: it passes on what is asked, and ends the connection when the answer
/// comes. It sees nothing of what passes, which is encrypted.
final class FaultyWay: Sendable {
  private let server: any Channel
  private let state: State

  fileprivate final class State: Sendable {
    /// How many answers are to be lost.
    let losses = Mutex(0)

    /// Whether what comes now is lost.
    func loses() -> Bool {
      losses.withLock { losses in
        guard losses > 0 else { return false }
        losses -= 1
        return true
      }
    }
  }

  private init(_ server: any Channel, _ state: State) {
    self.server = server
    self.state = state
  }

  static func start(to address: ServerAddress) async throws -> FaultyWay {
    let state = State()
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { near in
        // Nothing is read before there is somewhere to pass it on to.
        near.setOption(.autoRead, value: false).flatMap {
          ClientBootstrap(group: near.eventLoop)
            .channelInitializer { far in
              far.eventLoop.makeCompletedFuture {
                try far.pipeline.syncOperations.addHandler(WayHandler(to: near, state: state))
              }
            }
            .connect(host: address.host, port: address.port)
        }.flatMapThrowing { far in
          try near.pipeline.syncOperations.addHandler(WayHandler(to: far, state: nil))
        }.flatMap { near.setOption(.autoRead, value: true) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return FaultyWay(server, state)
  }

  /// The access that leads this way.
  func access(_ access: ClusterAccess) throws -> ClusterAccess {
    var access = access
    access.server = try ServerAddress(
      "https://127.0.0.1:\(server.localAddress?.port ?? 0)", schemes: [.https])
    access.trust.serverName = "kubernetes"
    return access
  }

  /// Loses the next answer.
  func loseAnswer() { state.losses.withLock { $0 += 1 } }
  /// Whether all answers were lost that should be.
  var hasLost: Bool { state.losses.withLock { $0 == 0 } }

  func stop() { server.close(promise: nil) }
}

/// Passes on what comes.
private final class WayHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let other: any Channel
  /// Says which answers are lost; `nil` where questions are passed on.
  private let state: FaultyWay.State?

  init(to other: any Channel, state: FaultyWay.State?) {
    self.other = other
    self.state = state
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if state?.loses() == true {
      other.close(promise: nil)
      return context.close(promise: nil)
    }
    other.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
