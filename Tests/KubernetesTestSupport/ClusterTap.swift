import Foundation
import KubernetesAPI
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Wire

/// A port of the loopback address that leads to the test cluster, and lets a test decide what becomes of each request. Who
/// asks there is the user of the cluster that it leads to, by that user's certificate.
package final class ClusterTap: Sendable {
  /// What becomes of a request.
  package enum Verdict: Sendable, Equatable {
    /// The cluster gets it, and its answer comes back.
    case pass
    /// The connection is closed before the cluster gets it.
    case refuse
    /// The cluster carries it out; the connection is closed when it begins to answer.
    case loseAnswer
    /// The cluster carries it out; the connection is closed in the middle of the first part of its answer.
    case halveAnswer
    /// The cluster carries it out; its answer is as long as it is and makes no sense.
    case garbleAnswer
    /// The cluster carries it out; its answer says that it is so many seconds later there.
    case moveClock(Int)
    /// The cluster carries it out; the connection is closed when it has answered in so many parts. Each part of the answer to
    /// a watch is an event, or some.
    case end(after: Int)
    /// The cluster never gets it: something on the way answers.
    case answer(Int, headers: [String: String], String)

    /// What a server answers that has too much to do.
    package static func tooMany(after seconds: Int) -> Verdict {
      .answer(
        429, headers: ["Retry-After": "\(seconds)", "Content-Type": "application/json"],
        #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"too many requests","#
          + #""reason":"TooManyRequests","code":429}"#)
    }
  }

  private let server: any Channel
  /// Where it listens.
  package let address: String
  /// How the cluster is reached by this way.
  package let access: ClusterAccess

  /// Listens.
  ///
  /// - Parameter judge: what becomes of a request, by its method and its path.
  package static func start(
    to cluster: ClusterAccess, _ judge: @escaping @Sendable (_ request: String) -> Verdict
  ) async throws -> ClusterTap {
    let tls = try NIOSSLContext(configuration: try configuration(for: cluster))
    let host = cluster.server.host
    let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    let authority = "\(host.contains(":") ? "[\(host)]" : host):\(cluster.server.port)"
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { near in
        ClientBootstrap(group: near.eventLoop).channelInitializer { far in
          far.eventLoop.makeCompletedFuture {
            try far.pipeline.syncOperations.addHandler(
              NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host))
            try far.pipeline.syncOperations.addHTTPClientHandlers()
          }
        }.connect(host: host, port: cluster.server.port).flatMapThrowing { far in
          let exchange = Exchange(near: near, far: far, judge)
          try near.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
          try near.pipeline.syncOperations.addHandler(NearHandler(exchange, authority))
          try far.pipeline.syncOperations.addHandler(FarHandler(exchange))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let address = "http://127.0.0.1:\(server.localAddress?.port ?? 0)"
    return ClusterTap(server, address, try access(at: address))
  }

  private init(_ server: any Channel, _ address: String, _ access: ClusterAccess) {
    (self.server, self.address, self.access) = (server, address, access)
  }

  /// A kubeconfig for programs that are to come this way.
  package var kubeconfig: String { Self.kubeconfig(for: address) }

  /// Listens no more.
  package func stop() { server.close(promise: nil) }

  private static func configuration(for cluster: ClusterAccess) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let authorities = try cluster.trust.authorities?.bytes() {
      configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authorities))
    }
    if let certificate = try cluster.user.certificate?.bytes(), let key = try cluster.user.key?.bytes() {
      configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(certificate).map {
        .certificate($0)
      }
      configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
    }
    return configuration
  }

  private static func kubeconfig(for address: String) -> String {
    """
    apiVersion: v1
    kind: Config
    clusters: [{name: tap, cluster: {server: "\(address)"}}]
    contexts: [{name: tap, context: {cluster: tap, user: ""}}]
    current-context: tap

    """
  }

  private static func access(at address: String) throws -> ClusterAccess {
    let file = NSTemporaryDirectory() + "/tap-\(UUID().uuidString).kubeconfig"
    try kubeconfig(for: address).write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    return try ClusterAccess.resolve(kubeconfig: file, environment: [:], workingDirectory: "/")
  }
}

/// What passes between a client and the cluster over one connection. Both ends are on one event loop.
private final class Exchange: @unchecked Sendable {
  let near: any Channel
  let far: any Channel
  let judge: @Sendable (String) -> ClusterTap.Verdict
  var verdict = ClusterTap.Verdict.pass
  /// How many parts of the answer came.
  var parts = 0

  init(near: any Channel, far: any Channel, _ judge: @escaping @Sendable (String) -> ClusterTap.Verdict) {
    (self.near, self.far, self.judge) = (near, far, judge)
  }

  /// Whether the cluster gets nothing of the request.
  var isAnswered: Bool { if case .answer = verdict { true } else { false } }

  /// Answers in place of the cluster.
  func answer(_ status: Int, _ headers: [String: String], _ body: String) {
    var fields = HTTPHeaders(headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    fields.add(name: "Content-Length", value: "\(body.utf8.count)")
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: fields)
    near.write(HTTPServerResponsePart.head(head), promise: nil)
    near.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: body))), promise: nil)
    near.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
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
      (exchange.verdict, exchange.parts) = (exchange.judge("\(head.method.rawValue) \(head.uri)"), 0)
      if exchange.verdict == .refuse { return exchange.close() }
      if exchange.isAnswered { return }
      head.headers.replaceOrAdd(name: "Host", value: host)
      exchange.far.write(HTTPClientRequestPart.head(head), promise: nil)
    case .body(let body):
      if exchange.isAnswered { return }
      exchange.far.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil)
    case .end(let trailers):
      if case .answer(let status, let headers, let body) = exchange.verdict {
        return exchange.answer(status, headers, body)
      }
      exchange.far.writeAndFlush(HTTPClientRequestPart.end(trailers), promise: nil)
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
    if exchange.verdict == .loseAnswer { return exchange.close() }
    switch unwrapInboundIn(data) {
    case .head(var head):
      if case .moveClock(let seconds) = exchange.verdict,
        let date = head.headers.first(name: "Date").flatMap({ Self.dates.date(from: $0) })
      {
        head.headers.replaceOrAdd(name: "Date", value: Self.dates.string(from: date + Double(seconds)))
      }
      exchange.near.write(HTTPServerResponsePart.head(head), promise: nil)
    case .body(let body): pass(body)
    case .end(let trailers): exchange.near.writeAndFlush(HTTPServerResponsePart.end(trailers), promise: nil)
    }
  }

  private func pass(_ body: ByteBuffer) {
    var body = body
    exchange.parts += 1
    var isLast = false
    switch exchange.verdict {
    case .halveAnswer:
      (body, isLast) = (body.getSlice(at: body.readerIndex, length: body.readableBytes / 2)!, true)
    case .garbleAnswer: body = ByteBuffer(repeating: UInt8(ascii: "#"), count: body.readableBytes)
    case .end(let count): isLast = exchange.parts == count
    default: break
    }
    let written = exchange.near.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(body)))
    if isLast { written.whenComplete { [exchange] _ in exchange.close() } }
  }

  /// How HTTP writes a moment.
  private static var dates: DateFormatter {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter
  }

  func channelInactive(context: ChannelHandlerContext) { exchange.close() }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { exchange.close() }
}
