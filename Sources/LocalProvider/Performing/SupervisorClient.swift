import CProcess
import Planning
import ProviderKit
import Supervisor
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A connection to the supervisor of an instance. Its calls block: they belong on a thread of their own.
final class SupervisorClient {
  /// How long a supervisor may take to answer, in milliseconds, beyond what it was asked to wait.
  static let patience: Int64 = 5_000

  /// The version of the protocol that both sides speak.
  private(set) var version: Int64 = 0

  private let socket: OwnedDescriptor
  private let folder: InstanceFolder
  private var input: [UInt8] = []

  /// Connects, and agrees on a version of the protocol.
  ///
  /// - Returns: `nil` if no supervisor is there.
  /// - Throws: ``ProviderError`` if one is there and can't be talked to.
  static func connect(to folder: InstanceFolder) throws -> SupervisorClient? {
    guard let descriptor = try openSocket(of: folder) else { return nil }
    let client = SupervisorClient(descriptor, folder)
    let reply: SupervisorReply
    do {
      reply = try client.ask(.hello(versions: SupervisorRequest.versions))
    } catch is SupervisorHungUp {
      // It ended just now, and with it went what listened on its socket.
      return try connect(to: folder)
    }
    switch reply {
    case .hello(let version):
      client.version = version
      return client
    case .refused(let reason):
      throw ProviderError(
        "the supervisor in \(folder.path) can't be talked to: \(reason)",
        help: "use the version of berth that started it")
    default: throw ProviderError("the supervisor in \(folder.path) gave an answer that makes no sense")
    }
  }

  private init(_ descriptor: Int32, _ folder: InstanceFolder) {
    socket = OwnedDescriptor(descriptor)
    self.folder = folder
  }

  private var descriptor: Int32 { socket.value }

  private static func openSocket(of folder: InstanceFolder) throws -> Int32? {
    let directory: Int32
    do { directory = try Files.open(folder.path, O_RDONLY | O_DIRECTORY) } catch {
      if error.code == ENOENT { return nil }
      throw ProviderError(error.description)
    }
    defer { close(directory) }
    #if os(Linux)
      // An address holds only 107 bytes; through the descriptor, every path is short.
      let path = "/proc/self/fd/\(directory)/\(InstanceFolder.socketName)"
    #else
      let path = "\(folder.path)/\(InstanceFolder.socketName)"
    #endif
    let descriptor = try Sockets.make(AF_UNIX, Sockets.stream)
    let result = try Sockets.withUnixAddress(path) { systemConnect(descriptor, $0, $1) }
    if result == 0 { return descriptor }
    let code = errno
    close(descriptor)
    // A dead supervisor leaves a socket without a listener.
    if code == ENOENT || code == ECONNREFUSED { return nil }
    throw ProviderError(
      "the supervisor in \(folder.path) can't be reached: \(SystemError.text(for: code))")
  }

  /// Asks, and waits for the answer.
  ///
  /// - Parameter milliseconds: how long the supervisor was asked to wait with its answer.
  /// - Throws: ``ProviderError`` if there is no answer.
  func ask(_ request: SupervisorRequest, waiting milliseconds: Int64 = 0) throws -> SupervisorReply {
    let deadline = Clocks.monotonic + milliseconds + Self.patience
    try send(request, until: deadline)
    let line = try readLine(until: deadline)
    do {
      return try SupervisorReply(json: try Value(json: line))
    } catch {
      throw ProviderError("the supervisor in \(folder.path) gave an answer that makes no sense: \(error)")
    }
  }

  /// Asks for a command, whose end is the answer.
  ///
  /// - Parameter descriptors: what becomes the command's streams.
  /// - Returns: the socket on which the answer comes; the command ends when the caller closes it.
  /// - Throws: ``ProviderError`` if the supervisor is of an older berth that knows of no commands.
  func start(_ command: ServiceCommand, _ descriptors: [OwnedDescriptor]) throws -> OwnedDescriptor {
    guard version >= SupervisorRequest.commandsVersion else {
      throw ProviderError(
        "the supervisor in \(folder.path) was started by an older berth, which runs no commands",
        help: "instances that are made from now on can; to make this one anew, stop its supervisor and apply")
    }
    try send(.exec(command), with: descriptors, until: Clocks.monotonic + Self.patience)
    return socket
  }

  private func send(
    _ request: SupervisorRequest, with descriptors: [OwnedDescriptor] = [], until deadline: Int64
  ) throws {
    var bytes: [UInt8] = []
    CanonicalJSON.write(request.json, into: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    // Descriptors go with the first bytes.
    var numbers = descriptors.map(\.value)
    var start = 0
    while start < bytes.count {
      try wait(for: Int16(POLLOUT), until: deadline)
      let count = bytes.withUnsafeBytes {
        berth_send(descriptor, $0.baseAddress! + start, $0.count - start, numbers, Int32(numbers.count))
      }
      if count < 0, errno != EINTR, errno != EAGAIN { throw hungUp() }
      if count > 0 { numbers = [] }
      start += max(0, count)
    }
  }

  private func readLine(until deadline: Int64) throws -> String {
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      if let end = input.firstIndex(of: UInt8(ascii: "\n")) {
        defer { input.removeSubrange(...end) }
        return String(decoding: input[..<end], as: UTF8.self)
      }
      try wait(for: Int16(POLLIN), until: deadline)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count == 0 || (count < 0 && errno != EINTR) { throw hungUp() }
      input += buffer.prefix(max(0, count))
    }
  }

  private func wait(for events: Int16, until deadline: Int64) throws {
    var interest = pollfd(fd: descriptor, events: events, revents: 0)
    while true {
      let left = deadline - Clocks.monotonic
      guard left > 0 else {
        throw ProviderError(
          "the supervisor in \(folder.path) does not answer",
          help: "see whether its process is stopped or the machine is overloaded")
      }
      if poll(&interest, 1, Int32(clamping: left)) > 0 { return }
    }
  }

  private func hungUp() -> SupervisorHungUp { SupervisorHungUp(folder: folder.path) }
}

/// A supervisor that ended instead of answering.
struct SupervisorHungUp: Error {
  /// The instance's folder.
  let folder: String
}

private func systemConnect(
  _ socket: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t
) -> Int32 { connect(socket, address, size) }
