import NIOCore
import NIOHTTP1
import NIOPosix

/// A client of one Docker Engine.
///
/// It opens connections as they are needed, up to some dozens at once, and closes them when it is let go. What can
/// be asked is grouped as the Engine API groups it:
///
///     let docker = try await DockerClient.connect(to: .standard)
///     for container in try await docker.containers.list() { print(container.names) }
///
/// Every call throws ``DockerError`` if the engine refuses or can't be reached, and `CancellationError` if its
/// task is cancelled.
package final class DockerClient: Sendable {
  /// The version of the API that is spoken: the newest that both ends know.
  package let version: APIVersion
  /// Where the engine is.
  package var endpoint: DockerEndpoint { transport.endpoint }

  let transport: Transport
  private let reads = SharedReads<String, Answer>()

  /// One thread is plenty for what goes to and fro between one program, engines and what runs on them. It is shared
  /// and never shut down, so that ending takes no time.
  package static let eventLoops: any EventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  private init(transport: Transport, version: APIVersion) {
    self.transport = transport
    self.version = version
  }

  /// Connects, and agrees with the engine on a version of the API.
  ///
  /// `HEAD /_ping`
  ///
  /// - Throws: ``DockerError`` if there is no engine, it refuses, does not answer in time (see
  ///   ``DockerEndpoint/patience``), or is too old.
  package static func connect(to endpoint: DockerEndpoint) async throws -> DockerClient {
    try await connect(by: Transport(endpoint: endpoint))
  }

  static func connect(by transport: Transport) async throws -> DockerClient {
    let endpoint = transport.endpoint
    let answer = try await transport.call(Request(.HEAD, "_ping").within(endpoint.patience), version: nil)
    guard let offered = answer.headers.first(name: "Api-Version") else {
      throw DockerError(
        "\(endpoint) answers, but it is no Docker engine",
        help: "check the address: another program listens there")
    }
    guard let engine = APIVersion(offered) else {
      throw DockerError("\(endpoint) names \"\(offered)\" as its version of the API, which is none")
    }
    guard engine >= .oldest else {
      throw DockerError(
        "\(endpoint) is too old: it speaks version \(engine) of the Engine API, at least \(APIVersion.oldest) is "
          + "needed", help: "upgrade to Docker 20.10 or newer")
    }
    return DockerClient(transport: transport, version: min(engine, .newest))
  }

  /// What concerns the engine as a whole.
  package var system: SystemCalls { SystemCalls(client: self) }
  /// The calls about containers.
  package var containers: ContainerCalls { ContainerCalls(client: self) }
  /// The calls about images.
  package var images: ImageCalls { ImageCalls(client: self) }
  /// The calls about networks.
  package var networks: NetworkCalls { NetworkCalls(client: self) }
  /// Commands that are run in containers.
  package var execs: ExecCalls { ExecCalls(client: self) }
  /// The calls about volumes.
  package var volumes: VolumeCalls { VolumeCalls(client: self) }

  // MARK: Asking

  @discardableResult
  func call(_ request: Request) async throws -> Answer {
    try await transport.call(request, version: version)
  }

  func call<Value: Decodable>(_ request: Request, as type: Value.Type = Value.self) async throws -> Value {
    try await call(request).decoded()
  }

  /// Asks for what many actions want to know at the same time: those who ask for the same share an answer.
  func read<Value: Decodable>(_ request: Request, as type: Value.Type = Value.self) async throws -> Value {
    try await reads.read(request.target(version: version)) { [transport, version] in
      try await transport.call(request, version: version)
    }.decoded()
  }

  func stream(_ request: Request) async throws -> ByteStream {
    try await transport.stream(request, version: version)
  }
}
