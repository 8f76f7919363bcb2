import HealthChecks
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One check of a service's health that is under way. It never blocks: it says what it waits for, and goes on
/// when that has come about.
struct Probe {
  enum Outcome: Equatable {
    /// The service can do its work.
    case passed
    /// It can't, with the reason.
    case failed(String)
  }

  private enum Stage {
    case connecting(Int32, Question)
    case reading(Int32, HTTPAnswer)
    case readingHealth(Int32, GRPCHealthAnswer)
    case running(pid_t)
    case over(Outcome)
  }

  /// What is asked once there is a connection.
  private enum Question {
    case nothing
    case http([UInt8])
    case grpc([UInt8])
  }

  private var stage: Stage
  /// The statuses of HTTP that are a success; none for 200 to 399.
  private let status: [String]
  /// When it has taken too long, on the monotonic clock.
  let deadline: Int64
  private let timeout: Int64

  /// Starts a check.
  ///
  /// - Parameter spawn: starts a command in the service's surroundings.
  init(_ check: CheckDefinition, now: Int64, spawn: ([String]) throws(Spawn.Failure) -> pid_t) {
    deadline = now + check.timeout
    timeout = check.timeout
    status = check.status
    switch check.question {
    case .http(let path, let port):
      stage = Self.connect(port, .http(Self.request(path, port, check.headers)))
    case .tcp(let port): stage = Self.connect(port, .nothing)
    case .grpc(let service, let port):
      stage = Self.connect(port, .grpc(GRPCHealth.request(service: service, authority: "127.0.0.1:\(port)")))
    case .command(let command):
      do { stage = .running(try spawn(command)) } catch { stage = .over(.failed(error.message)) }
    }
  }

  private static func request(_ path: String, _ port: Int, _ headers: [String: String]) -> [UInt8] {
    let stated = Set(headers.keys.map { $0.lowercased() })
    let own = [("Host", "127.0.0.1:\(port)"), ("User-Agent", "berth"), ("Accept", "*/*")].filter {
      !stated.contains($0.0.lowercased())
    }
    let lines =
      (own + headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [("Connection", "close")])
      .map { "\($0.0): \($0.1)\r\n" }
    return Array("GET \(path) HTTP/1.1\r\n\(lines.joined())\r\n".utf8)
  }

  /// What it waits for.
  var interest: pollfd? {
    switch stage {
    case .connecting(let socket, _): pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
    case .reading(let socket, _), .readingHealth(let socket, _):
      pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    case .running, .over: nil
    }
  }

  /// The process that it runs.
  var process: pid_t? { if case .running(let process) = stage { process } else { nil } }

  /// Goes on as far as it can.
  ///
  /// - Returns: what came out, once; the probe is then over.
  mutating func advance(now: Int64) -> Outcome? {
    switch stage {
    case .connecting(let socket, let question): advanceConnecting(socket, question)
    case .reading(let socket, let answer): advanceReading(socket, answer)
    case .readingHealth(let socket, let answer): advanceReading(socket, answer)
    case .running, .over: break
    }
    if case .over(let outcome) = stage { return outcome }
    guard now >= deadline else { return nil }
    end()
    return .failed("the health check took longer than \(TimeSpan.text(milliseconds: timeout))")
  }

  /// Takes note of the end of its process.
  mutating func processEnded(exitCode: Int) {
    stage = .over(
      exitCode == 0 ? .passed : .failed("the health check's command \(ExitText.describe(exitCode))"))
  }

  /// Ends it where it stands.
  mutating func end() {
    switch stage {
    case .connecting(let socket, _), .reading(let socket, _), .readingHealth(let socket, _): close(socket)
    case .running(let process): sendSignal(SIGKILL, to: -process)
    case .over: break
    }
    stage = .over(.failed("the health check was ended"))
  }

  private static func connect(_ port: Int, _ question: Question) -> Stage {
    let socket: Int32
    do { socket = try Sockets.make(AF_INET, Sockets.stream, isNonBlocking: true) } catch {
      return .over(.failed(error.description))
    }
    let result = Sockets.withPortAddress(Sockets.loopback, port) { systemConnect(socket, $0, $1) }
    if result == 0 || errno == EINPROGRESS { return .connecting(socket, question) }
    let reason = SystemError.text(for: errno)
    close(socket)
    return .over(.failed("no connection to port \(port): \(reason)"))
  }

  private mutating func advanceConnecting(_ socket: Int32, _ question: Question) {
    var writable = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
    guard poll(&writable, 1, 0) > 0 else { return }
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size)
    if code != 0 {
      return finish(socket, .failed("no connection: \(SystemError.text(for: code))"))
    }
    let bytes: [UInt8]
    let next: Stage
    switch question {
    case .nothing: return finish(socket, .passed)
    case .http(let request): (bytes, next) = (request, .reading(socket, HTTPAnswer()))
    case .grpc(let request): (bytes, next) = (request, .readingHealth(socket, GRPCHealthAnswer()))
    }
    // A request of this size fits into the buffer of a socket that nothing was written to yet.
    guard send(socket, bytes, bytes.count, noSignal) == bytes.count else {
      return finish(socket, .failed("the request could not be sent"))
    }
    stage = next
  }

  /// What came in meanwhile, nothing at the end; `nil` if there is nothing to go on with.
  private mutating func receive(_ socket: Int32) -> ArraySlice<UInt8>? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(socket, &buffer, buffer.count, 0)
    if count >= 0 { return buffer.prefix(count) }
    if errno != EAGAIN, errno != EINTR {
      finish(socket, .failed("no answer: \(SystemError.text(for: errno))"))
    }
    return nil
  }

  private mutating func advanceReading(_ socket: Int32, _ answer: GRPCHealthAnswer) {
    var answer = answer
    guard let bytes = receive(socket) else { return }
    switch bytes.isEmpty ? answer.finish() : answer.append(bytes) {
    case .incomplete: stage = .readingHealth(socket, answer)
    case .serving: finish(socket, .passed)
    case .failed(let reason): finish(socket, .failed(reason))
    }
  }

  private mutating func advanceReading(_ socket: Int32, _ answer: HTTPAnswer) {
    var answer = answer
    guard let bytes = receive(socket) else { return }
    switch bytes.isEmpty ? answer.finish() : answer.append(bytes) {
    case .incomplete: stage = .reading(socket, answer)
    case .status(let code):
      let isSuccess = HTTPStatuses.accept(code, stated: status)
      finish(socket, isSuccess ? .passed : .failed("the answer has the status \(code)"))
    case .malformed(let reason): finish(socket, .failed(reason))
    }
  }

  private mutating func finish(_ socket: Int32, _ outcome: Outcome) {
    close(socket)
    stage = .over(outcome)
  }
}

#if canImport(Glibc)
  private let noSignal = Int32(MSG_NOSIGNAL)
#else
  // SIGPIPE is ignored in a supervisor.
  private let noSignal: Int32 = 0
#endif

private func systemConnect(
  _ socket: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t
) -> Int32 { connect(socket, address, size) }
