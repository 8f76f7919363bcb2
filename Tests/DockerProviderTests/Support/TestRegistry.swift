import Foundation
import Synchronization
import Testing

@testable import DockerAPI
@testable import DockerProvider

/// A registry of its own on the loopback address, which the engine reaches as it shares the network with the tests.
/// Addresses there are taken without TLS by every engine.
final class TestRegistry: Sendable {
  /// The program of Debian's package `docker-registry`.
  static let program = ["/usr/bin/docker-registry", "/usr/local/bin/docker-registry"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  static let isThere: ConditionTrait = .enabled(
    if: TestEngine.host != nil && program != nil,
    "needs a Docker engine and the program docker-registry, as scripts/docker-engine installs them")

  static let user = "ada"
  static let password = "s3cret"
  /// A line of htpasswd for them, as registries want it: by bcrypt.
  private static let users = "ada:$2y$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK\n"

  /// Its name in images' references.
  let address: String
  private let folder: String
  private let process = Mutex<Process?>(nil)

  /// A registry that is not running yet.
  ///
  /// - Parameter isPrivate: whether it asks for ``user`` and ``password``.
  init(isPrivate: Bool) throws {
    folder = NSTemporaryDirectory() + "berth-registry-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    address = "127.0.0.1:\(try Self.freePort())"
    var configuration = """
      version: 0.1
      log: {level: error}
      storage: {filesystem: {rootdirectory: \(folder)/data}}
      http: {addr: "\(address)"}

      """
    if isPrivate {
      configuration += "auth: {htpasswd: {realm: berth, path: \(folder)/users}}\n"
      try Data(Self.users.utf8).write(to: URL(fileURLWithPath: folder + "/users"))
    }
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder + "/config.yml"))
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Starts it, and waits until it answers.
  func start() async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.program))
    process.arguments = ["serve", folder + "/config.yml"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.process.withLock { $0 = process }
    try await eventually("the registry answers") { Self.answers(address) }
  }

  /// Ends it; what it holds stays.
  func stop() {
    process.withLock { process in
      process?.terminate()
      process?.waitUntilExit()
      process = nil
    }
  }

  /// A folder of settings as `docker login` leaves them.
  func dockerConfig() throws -> String {
    let path = folder + "/docker"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let auth = Data("\(Self.user):\(Self.password)".utf8).base64EncodedString()
    let text = #"{"auths": {"\#(address)": {"auth": "\#(auth)"}}}"#
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/config.json"))
    return path
  }

  // MARK: Images

  /// Pushes another image under a name: the test image with a file that says which one it is.
  ///
  /// - Parameter bytes: how much more there is in it, which can't be compressed.
  /// - Returns: its digest.
  @discardableResult
  func push(
    _ name: String, saying word: String, bytes: Int = 0, by client: DockerClient
  ) async throws -> String {
    let local = "\(address)/build:\(word)"
    var config = ContainerConfig()
    config.image = TestEngine.image
    let container = "berth-registry-\(UUID().uuidString.lowercased())"
    try await client.containers.create(named: container, ContainerCreation(config: config))
    let body: Swift.Result<String, any Error>
    do {
      try await client.containers.putArchive(
        TarWriter.archive([.file("word", Array((word + "\n").utf8)), .file("more", Self.noise(bytes))]),
        in: container, path: "/")
      try await client.commit(container, as: local)
      try await client.images.tag(local, as: name)
      try await client.push(
        name, credentials: RegistryCredentials(user: Self.user, password: Self.password, registry: address))
      let digests = try await client.images.inspect(name).digests ?? []
      body = .success(
        try #require(digests.first { $0.hasPrefix(address) }?.split(separator: "@").last.map(String.init)))
    } catch {
      body = .failure(error)
    }
    try await client.containers.remove(container, force: true)
    for name in [name, local] { _ = try? await client.images.remove(name, force: true) }
    return try body.get()
  }

  private static func noise(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
    return Array(bytes.prefix(count))
  }

  /// Takes what was pulled from it off the engine.
  func clear(_ client: DockerClient) async throws {
    for image in try await client.images.list() {
      for name in (image.tags ?? []) + (image.digests ?? []) where name.hasPrefix(address + "/") {
        _ = try? await client.images.remove(name, force: true)
      }
    }
  }

  // MARK: The network

  private static func freePort() throws -> UInt16 {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var place = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    try #require(isBound)
    return UInt16(bigEndian: place.sin_port)
  }

  private static func answers(_ address: String) -> Bool {
    guard let port = address.split(separator: ":").last.flatMap({ UInt16($0) }) else { return false }
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var place = loopback(port: port)
    return withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = inet_addr("127.0.0.1")
    place.sin_port = port.bigEndian
    return place
  }
}

extension DockerClient {
  /// Makes an image of what is in a container. Berth itself never does.
  fileprivate func commit(_ container: String, as name: String) async throws {
    struct Answer: Decodable { let Id: String }
    let (repository, tag) = ImageCalls.split(name)
    let _: Answer = try await call(
      Request(.POST, "commit").with("container", container).with("repo", repository).with("tag", tag))
  }

  /// Pushes an image to the registry of its name. Berth itself never does.
  fileprivate func push(_ name: String, credentials: RegistryCredentials) async throws {
    let (repository, tag) = ImageCalls.split(name)
    let request = Request(.POST, "images", repository, "push").with("tag", tag)
      .with(header: RegistryCredentials.header, credentials.encoded())
    for try await _ in PullProgress(lines: JSONLines(bytes: try await stream(request))) {}
  }
}

/// Runs a body with a registry and a world of its own, and takes both away behind it.
func withRegistry(
  isPrivate: Bool = false, _ body: (TestRegistry, DockerWorld) async throws -> Void
) async throws {
  let registry = try TestRegistry(isPrivate: isPrivate)
  try await registry.start()
  defer { registry.stop() }
  try await withDocker { world in
    let result: Swift.Result<Void, any Error>
    do { result = .success(try await body(registry, world)) } catch { result = .failure(error) }
    try await world.end()
    try await registry.clear(try await world.connection.client())
    try result.get()
  }
}
