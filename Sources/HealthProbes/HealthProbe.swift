import AsyncHTTPClient
import HealthChecks
import NIOCore
import NIOPosix
import ProviderKit
import WorkloadSpec

/// What a health check found.
package struct ProbeResult: Sendable, Equatable {
  /// Whether the service can do its work.
  package var isHealthy: Bool
  /// What it answered, or why it did not.
  package var message: String

  package init(isHealthy: Bool, message: String) { (self.isHealthy, self.message) = (isHealthy, message) }
}

/// Asks services over the network whether they can do their work.
package enum HealthProbe {
  /// Makes one check. It never takes longer than the time that the spec gives it.
  ///
  /// - Parameter place: where the service is reached.
  package static func make(_ check: HealthCheck, at place: ProbePlace) async throws -> ProbeResult {
    do {
      switch check.probe {
      case .http(let path, _): return try await request(ServiceTexts(root: "").fill(path), check, at: place)
      case .grpc(let service, _): return try await call(service, at: place, check.timeout)
      case .tcp, .command, nil:
        try await connect(to: place, check.timeout).close()
        return ProbeResult(isHealthy: true, message: "\(place) can be connected to")
      }
    } catch {
      try Task.checkCancellation()
      return ProbeResult(isHealthy: false, message: "\(place) does not answer: \(reason(error))")
    }
  }

  private static func request(
    _ path: String, _ check: HealthCheck, at place: ProbePlace
  ) async throws -> ProbeResult {
    var request = HTTPClientRequest(url: "http://\(place)\(path)")
    request.headers.add(name: "Connection", value: "close")
    request.headers.add(name: "User-Agent", value: "berth")
    for header in check.headers.entries {
      request.headers.replaceOrAdd(name: header.key, value: header.value)
    }
    // Followed or not, a redirect is an answer.
    let response = try await client.execute(request, timeout: .milliseconds(check.timeout.milliseconds))
    let code = Int(response.status.code)
    return ProbeResult(
      isHealthy: check.accepts(status: code),
      message: "\(place) answers \(code) \(response.status.reasonPhrase)")
  }

  private static let eventLoops: any EventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroup: eventLoops, configuration: configuration)
  }()

  /// Asks by the health checking protocol of gRPC.
  private static func call(
    _ service: String, at place: ProbePlace, _ timeout: SpecDuration
  ) async throws -> ProbeResult {
    let channel = try await connect(to: place, timeout)
    let answer = channel.eventLoop.makePromise(of: GRPCHealthAnswer.Reading.self)
    let late = channel.eventLoop.scheduleTask(in: .milliseconds(timeout.milliseconds)) {
      answer.succeed(.failed("the health check took longer than \(timeout)"))
    }
    let reading: GRPCHealthAnswer.Reading
    do {
      try await channel.eventLoop.submit {
        try channel.pipeline.syncOperations.addHandler(GRPCHealthHandler(answer))
      }.get()
      let request = GRPCHealth.request(service: service, authority: place.description)
      try await channel.writeAndFlush(ByteBuffer(bytes: request)).get()
      reading = try await answer.futureResult.get()
    } catch {
      // A promise that is never kept is a mistake; one that is kept twice is none.
      answer.fail(error)
      late.cancel()
      channel.close(promise: nil)
      throw error
    }
    late.cancel()
    channel.close(promise: nil)
    switch reading {
    case .serving: return ProbeResult(isHealthy: true, message: "\(place) serves")
    case .failed(let reason): return ProbeResult(isHealthy: false, message: "\(place): \(reason)")
    case .incomplete: return ProbeResult(isHealthy: false, message: "\(place) does not answer")
    }
  }

  private static func connect(to place: ProbePlace, _ timeout: SpecDuration) async throws -> any Channel {
    let bootstrap = ClientBootstrap(group: eventLoops)
      .connectTimeout(.milliseconds(timeout.milliseconds))
    // No name server has to be asked where an address leads.
    let connection =
      if let address = try? SocketAddress(ipAddress: place.host, port: place.port) {
        bootstrap.connect(to: address)
      } else {
        bootstrap.connect(host: place.host, port: place.port)
      }
    return try await connection.get()
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      (error.connectionErrors.first?.error).map(reason) ?? "its name is unknown"
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case let error as HTTPClientError: error.shortDescription
    case is ChannelError: "not in time"
    default: "\(error)"
    }
  }
}

/// Reads the answer to a health check by gRPC.
private final class GRPCHealthHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let promise: EventLoopPromise<GRPCHealthAnswer.Reading>
  private var answer = GRPCHealthAnswer()

  init(_ promise: EventLoopPromise<GRPCHealthAnswer.Reading>) { self.promise = promise }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let reading = answer.append(unwrapInboundIn(data).readableBytesView)
    if reading != .incomplete { promise.succeed(reading) }
  }

  func channelInactive(context: ChannelHandlerContext) { promise.succeed(answer.finish()) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }
}

/// An address at which a service is asked.
package struct ProbePlace: Sendable, Equatable, CustomStringConvertible {
  /// The name or address of the host.
  package var host: String
  /// The number of the port.
  package var port: Int

  package init(host: String, port: Int) { (self.host, self.port) = (host, port) }

  /// `127.0.0.1:8080`.
  package var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
}
