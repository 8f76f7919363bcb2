import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Values
import Wire

@testable import KubernetesAPI
@testable import KubernetesProvider

/// An API server that keeps objects in memory, by the rules that a store relies on: one object of a name, another
/// version with each change, preconditions, lists in pages by labels. It fills in no defaults and runs nothing.
final class FakeCluster: Sendable {
  /// A request that came.
  struct Request: Sendable {
    let method: String
    /// The parts of the path.
    let path: [String]
    let query: [String: String]
    let accept: String
    let token: String
    let body: JSON?
  }

  /// What becomes of a request.
  enum Verdict: Sendable {
    case pass
    /// It is carried out, after something else has happened.
    case passAfter(@Sendable () async -> Void)
    /// The connection ends before it is carried out.
    case drop
    /// The connection ends after it was carried out.
    case loseAnswer
    /// The server answers with this status.
    case refuse(Int, JSON)
  }

  let objects: FakeObjects
  private let channel: any Channel
  private let judges: Judges

  final class Judges: Sendable {
    /// Who decides about the requests that come with a token.
    let byToken = Mutex<[String: @Sendable (Request) -> Verdict]>([:])
    let seen = Mutex<[Request]>([])
    /// Decides about the question for the version; it passes by default.
    let onVersion = Mutex<(@Sendable () async -> Verdict)?>(nil)
  }

  private init(_ channel: any Channel, _ objects: FakeObjects, _ judges: Judges) {
    (self.channel, self.objects, self.judges) = (channel, objects, judges)
  }

  /// Listens on a port of the loopback address.
  static func start(namespaces: [String] = ["default", "other"]) async throws -> FakeCluster {
    let (objects, judges) = (FakeObjects(namespaces: namespaces), Judges())
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(FakeClusterHandler(objects, judges))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return FakeCluster(channel, objects, judges)
  }

  /// Listens no more.
  func stop() { channel.close(promise: nil) }

  /// The requests that came, but those for the version.
  var requests: [Request] { judges.seen.withLock { $0.filter { $0.path != ["version"] } } }

  /// A client that waits for nothing before it asks again.
  ///
  /// - Parameter judge: decides about what it asks for but the version; everything passes by default.
  func client(
    _ judge: @escaping @Sendable (Request) -> Verdict = { _ in .pass }
  ) async throws -> KubernetesClient {
    let token = String(UInt64.random(in: .min ... .max), radix: 36)
    judges.byToken.withLock { $0[token] = judge }
    return try await KubernetesClient.connect(
      to: access(token: token), programs: .refused(because: "it is a test"), policy: policy)
  }

  /// A connection that is not made yet.
  ///
  /// - Parameter onVersion: decides about the question for the version.
  func connection(onVersion: @escaping @Sendable () async -> Verdict = { .pass }) -> ClusterConnection {
    judges.onVersion.withLock { $0 = onVersion }
    let opener: @Sendable () async throws -> KubernetesOpening = { [self] in
      try KubernetesOpening(
        to: access(token: "ada"), programs: .refused(because: "it is a test"), policy: policy)
    }
    return ClusterConnection(open: opener)
  }

  private var policy: RetryPolicy {
    var policy = RetryPolicy()
    policy.sleep = { _ in try Task.checkCancellation() }
    return policy
  }

  private func access(token: String) throws -> ClusterAccess {
    let server = try ServerAddress(
      "http://127.0.0.1:\(channel.localAddress?.port ?? 0)", schemes: [.http, .https])
    return ClusterAccess(
      server: server, user: ClusterUser(name: "ada", token: token), source: "context fake of /kubeconfig")
  }
}

/// Reads requests, and answers each.
private final class FakeClusterHandler: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let objects: FakeObjects
  private let judges: FakeCluster.Judges
  private var head: HTTPRequestHead?
  private var body = ByteBuffer()

  init(_ objects: FakeObjects, _ judges: FakeCluster.Judges) {
    (self.objects, self.judges) = (objects, judges)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body) = (head, ByteBuffer())
    case .body(var part): body.writeBuffer(&part)
    case .end: answer(context)
    }
  }

  private func answer(_ context: ChannelHandlerContext) {
    guard let head else { return }
    let parts = head.uri.split(separator: "?", maxSplits: 1)
    var query: [String: String] = [:]
    for item in parts.dropFirst().first?.split(separator: "&") ?? [] {
      let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      query[String(pair[0])] = String(pair.dropFirst().first ?? "").removingPercentEncoding
    }
    let request = FakeCluster.Request(
      method: head.method.rawValue, path: parts[0].split(separator: "/").map(String.init), query: query,
      accept: head.headers.first(name: "Accept") ?? "",
      token: String((head.headers.first(name: "Authorization") ?? "").dropFirst("Bearer ".count)),
      body: body.readableBytes == 0 ? nil : try? JSON(parsing: body.readableBytesView))
    let channel = context.channel
    let (objects, judges) = (objects, judges)
    judges.seen.withLock { $0.append(request) }
    Task {
      let verdict: FakeCluster.Verdict
      if request.path == ["version"] {
        let onVersion = judges.onVersion.withLock { $0 }
        verdict = await onVersion?() ?? .pass
      } else {
        verdict = judges.byToken.withLock { $0[request.token] }?(request) ?? .pass
      }
      switch verdict {
      case .pass: Self.send(objects.answer(request), on: channel)
      case .passAfter(let act):
        await act()
        Self.send(objects.answer(request), on: channel)
      case .drop: channel.close(promise: nil)
      case .loseAnswer:
        _ = objects.answer(request)
        channel.close(promise: nil)
      case .refuse(let status, let json): Self.send((status, json), on: channel)
      }
    }
  }

  private static func send(_ answer: (status: Int, json: JSON), on channel: any Channel) {
    let body = answer.json.buffer
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status),
      headers: ["Content-Type": "application/json", "Content-Length": "\(body.readableBytes)"])
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
    channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
