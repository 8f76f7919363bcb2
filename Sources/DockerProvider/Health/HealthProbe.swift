import AsyncHTTPClient
import DockerAPI
import NIOCore
import NIOPosix
import WorkloadSpec

/// What a health check found.
struct ProbeResult: Sendable, Equatable {
  /// Whether the service can do its work.
  var isHealthy: Bool
  /// What it answered, or why it did not.
  var message: String
}

/// Asks services over the network whether they can do their work.
enum HealthProbe {
  /// Makes one check. It never takes longer than the time that the spec gives it.
  ///
  /// - Parameters:
  ///   - path: of an HTTP request; `nil` only opens a connection.
  ///   - place: where the service is reached.
  static func check(path: String?, at place: ProbePlace, timeout: SpecDuration) async throws -> ProbeResult {
    do {
      if let path { return try await request(path, at: place, timeout) }
      try await connect(to: place, timeout)
      return ProbeResult(isHealthy: true, message: "\(place) can be connected to")
    } catch {
      try Task.checkCancellation()
      return ProbeResult(isHealthy: false, message: "\(place) does not answer: \(reason(error))")
    }
  }

  private static func request(
    _ path: String, at place: ProbePlace, _ timeout: SpecDuration
  ) async throws -> ProbeResult {
    var request = HTTPClientRequest(url: "http://\(place)\(path)")
    request.headers.add(name: "Connection", value: "close")
    request.headers.add(name: "User-Agent", value: "berth")
    // Followed or not, a redirect is an answer.
    let response = try await client.execute(request, timeout: .milliseconds(timeout.milliseconds))
    let code = Int(response.status.code)
    return ProbeResult(
      isHealthy: (200..<400).contains(code),
      message: "\(place) answers \(code) \(response.status.reasonPhrase)")
  }

  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroup: DockerClient.eventLoops, configuration: configuration)
  }()

  private static func connect(to place: ProbePlace, _ timeout: SpecDuration) async throws {
    let bootstrap = ClientBootstrap(group: DockerClient.eventLoops)
      .connectTimeout(.milliseconds(timeout.milliseconds))
    // Nobody has to be asked where an address leads.
    let connection =
      if let address = try? SocketAddress(ipAddress: place.host, port: place.port) {
        bootstrap.connect(to: address)
      } else {
        bootstrap.connect(host: place.host, port: place.port)
      }
    try await connection.get().close()
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

/// An address at which a service is asked.
struct ProbePlace: Sendable, Equatable, CustomStringConvertible {
  /// The name or address of the host.
  var host: String
  /// The port.
  var port: Int

  /// `127.0.0.1:8080`.
  var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
}
