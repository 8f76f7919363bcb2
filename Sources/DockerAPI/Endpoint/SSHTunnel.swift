@preconcurrency import Dispatch
import Subprocess
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A Unix socket of this program's own; each connection to it is one to the engine of another machine, through
/// `ssh` and the docker program there.
final class SSHTunnel: Sendable {
  /// The path of the socket. Only this user can reach it.
  let path: String
  /// What `ssh` said when it ended with an error the last time.
  var failure: String? { state.withLock { $0.failure } }

  private let folder: PrivateFolder
  private let listener: any DispatchSourceRead
  private let program: Executable
  private let arguments: Arguments

  private struct State {
    var failure: String?
    var connections: [CInt: Task<Void, Never>] = [:]
  }
  private let state = Mutex(State())

  /// How much is kept of what `ssh` says, in bytes.
  private static let longestFailure = 4 * 1024

  /// Listens. Nothing is connected to yet.
  ///
  /// - Parameter program: what is run as `ssh`.
  /// - Throws: ``DockerError`` if there can be no socket.
  init(to destination: SSHDestination, program: Executable = .name("ssh")) throws {
    self.program = program
    arguments = Arguments(destination.arguments)
    folder = try PrivateFolder()
    path = "\(folder.path)/socket"
    let descriptor = try Self.listen(at: path)
    listener = DispatchSource.makeReadSource(fileDescriptor: descriptor)
    listener.setEventHandler { [weak self] in
      guard let self, let connection = Self.accept(descriptor) else { return }
      serve(connection)
    }
    listener.setCancelHandler { close(descriptor) }
    listener.resume()
  }

  deinit {
    listener.cancel()
    for connection in state.withLock({ Array($0.connections.values) }) { connection.cancel() }
  }

  // MARK: Connections

  /// Runs `ssh` with a connection as its standard input and output: it reads and writes there itself.
  private func serve(_ connection: CInt) {
    state.withLock { state in
      state.connections[connection] = Task { [weak self, program, arguments] in
        let failure = await Self.run(program, arguments, on: connection)
        self?.state.withLock { state in
          state.connections[connection] = nil
          state.failure = failure ?? state.failure
        }
        // Only now does the other end see the end of the connection, and can look why.
        close(connection)
      }
    }
  }

  /// - Returns: what `ssh` says if it ends with an error.
  private static func run(
    _ program: Executable, _ arguments: Arguments, on connection: CInt
  ) async -> String? {
    do {
      let result = try await Subprocess.run(
        program, arguments: arguments,
        input: .fileDescriptor(.init(rawValue: connection), closeAfterSpawningProcess: false),
        output: .fileDescriptor(.init(rawValue: connection), closeAfterSpawningProcess: false),
        error: .sequence
      ) { execution in
        var said: [UInt8] = []
        for try await piece in execution.standardError {
          piece.withUnsafeBytes { said += $0.prefix(longestFailure - said.count) }
        }
        return String(decoding: said, as: UTF8.self)
      }
      if result.terminationStatus.isSuccess { return nil }
      let lines = result.closureResult.split(whereSeparator: \.isNewline)
      return lines.isEmpty ? "ssh ended with \(result.terminationStatus)" : lines.joined(separator: "; ")
    } catch is CancellationError {
      return nil
    } catch {
      return "ssh can't be run: \(error)"
    }
  }

  // MARK: The socket

  private static func listen(at path: String) throws -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard path.utf8.count <= room else {
      throw DockerError(
        "no ssh connection: the path \(path) is too long for a socket", help: "set TMPDIR to a shorter one")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    #if canImport(Glibc)
      let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw error("there is no socket to be had") }
    setFlags(of: descriptor, blocks: false)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0, systemListen(descriptor, 64) == 0 else {
      defer { close(descriptor) }
      throw error("\(path) can't be listened on")
    }
    return descriptor
  }

  private static func accept(_ listener: CInt) -> CInt? {
    let descriptor = systemAccept(listener, nil, nil)
    guard descriptor >= 0 else { return nil }
    // The other end is ssh, which expects to wait.
    setFlags(of: descriptor, blocks: true)
    return descriptor
  }

  /// No other program that is started inherits the descriptor.
  private static func setFlags(of descriptor: CInt, blocks: Bool) {
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, blocks ? flags & ~O_NONBLOCK : flags | O_NONBLOCK)
  }

  private static func error(_ what: String) -> DockerError {
    DockerError("no ssh connection: \(what): \(String(cString: strerror(errno)))")
  }
}

// Within the tunnel, the plain names mean its own methods.
private func systemListen(_ socket: CInt, _ backlog: CInt) -> CInt { listen(socket, backlog) }
private func systemAccept(
  _ socket: CInt, _ address: UnsafeMutablePointer<sockaddr>?, _ size: UnsafeMutablePointer<socklen_t>?
) -> CInt { accept(socket, address, size) }
