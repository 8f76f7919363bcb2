import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import KubernetesAPI

/// A port of the loopback address that leads to the test cluster, and lets a test decide what becomes of each request.
final class ClusterTap: Sendable {
  /// What becomes of a request.
  enum Verdict: Sendable {
    /// The cluster gets it, and its answer comes back.
    case pass
    /// The connection is closed before the cluster gets it.
    case refuse
    /// The cluster carries it out; the connection is closed when it begins to answer.
    case loseAnswer
  }

  private let server: any Channel
  /// How the cluster is reached by this way.
  let access: ClusterAccess

  /// Listens.
  ///
  /// - Parameter judge: what becomes of a request, by its method and its path.
  static func start(
    to cluster: ClusterAccess, _ judge: @escaping @Sendable (_ request: String) -> Verdict
  ) async throws -> ClusterTap {
    let identity = try await CredentialSource(
      user: cluster.user, permission: .refused(because: "it is a test")
    )
    .identity()
    let tls = try NIOSSLContext(configuration: try cluster.trust.configuration(showing: identity.certificate))
    let isAddress = Transport.isAddress(cluster.server.host)
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { near in
        ClientBootstrap(group: near.eventLoop).channelInitializer { far in
          far.eventLoop.makeCompletedFuture {
            try far.pipeline.syncOperations.addHandler(
              NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : cluster.server.host))
            try far.pipeline.syncOperations.addHTTPClientHandlers()
          }
        }.connect(host: cluster.server.host, port: cluster.server.port).flatMapThrowing { far in
          let exchange = Exchange(near: near, far: far, judge)
          try near.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
          try near.pipeline.syncOperations.addHandler(NearHandler(exchange, cluster.server.authority))
          try far.pipeline.syncOperations.addHandler(FarHandler(exchange))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    var access = cluster
    access.server = try ServerAddress(
      "http://127.0.0.1:\(server.localAddress?.port ?? 0)", schemes: [.http])
    access.trust = ServerTrust()
    access.user = ClusterUser(name: cluster.user.name)
    return ClusterTap(server, access)
  }

  private init(_ server: any Channel, _ access: ClusterAccess) {
    (self.server, self.access) = (server, access)
  }

  /// Listens no more.
  func stop() { server.close(promise: nil) }
}

/// What passes between a client and the cluster over one connection. Both ends are on one event loop.
private final class Exchange: @unchecked Sendable {
  let near: any Channel
  let far: any Channel
  let judge: @Sendable (String) -> ClusterTap.Verdict
  var losesAnswer = false

  init(near: any Channel, far: any Channel, _ judge: @escaping @Sendable (String) -> ClusterTap.Verdict) {
    (self.near, self.far, self.judge) = (near, far, judge)
  }

  func close() {
    near.close(promise: nil)
    far.close(promise: nil)
  }
}

private final class NearHandler: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = HTTPServerRequestPart

  private let exchange: Exchange
  private let host: String

  init(_ exchange: Exchange, _ host: String) { (self.exchange, self.host) = (exchange, host) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(var head):
      switch exchange.judge("\(head.method.rawValue) \(head.uri)") {
      case .pass: exchange.losesAnswer = false
      case .refuse: return exchange.close()
      case .loseAnswer: exchange.losesAnswer = true
      }
      head.headers.replaceOrAdd(name: "Host", value: host)
      exchange.far.write(HTTPClientRequestPart.head(head), promise: nil)
    case .body(let body): exchange.far.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil)
    case .end(let trailers): exchange.far.writeAndFlush(HTTPClientRequestPart.end(trailers), promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { exchange.close() }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { exchange.close() }
}

private final class FarHandler: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = HTTPClientResponsePart

  private let exchange: Exchange

  init(_ exchange: Exchange) { self.exchange = exchange }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if exchange.losesAnswer { return exchange.close() }
    switch unwrapInboundIn(data) {
    case .head(let head): exchange.near.write(HTTPServerResponsePart.head(head), promise: nil)
    case .body(let body):
      exchange.near.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
    case .end(let trailers): exchange.near.writeAndFlush(HTTPServerResponsePart.end(trailers), promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { exchange.close() }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { exchange.close() }
}
