import NIOCore
import NIOPosix
import NIOSSL

/// An agent of a fake cluster, on a port of this machine.
public final class FakeAgent: Sendable {
  /// The cluster.
  public let cluster: FakeNomad
  /// How it is reached, such as `http://127.0.0.1:40123`.
  public let address: String
  public let port: Int
  private let server: any Channel

  private init(cluster: FakeNomad, server: any Channel, isSafe: Bool) {
    self.cluster = cluster
    self.server = server
    port = server.localAddress?.port ?? 0
    address = "\(isSafe ? "https" : "http")://127.0.0.1:\(port)"
  }

  /// Listens on a port of the loopback address.
  public static func listen(_ cluster: FakeNomad, tls: TLSConfiguration? = nil) async throws -> FakeAgent {
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
          try pipeline.addHandler(AgentHandler(cluster: cluster))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return FakeAgent(cluster: cluster, server: server, isSafe: context != nil)
  }

  /// Listens no more.
  public func stop() { server.close(promise: nil) }
}
