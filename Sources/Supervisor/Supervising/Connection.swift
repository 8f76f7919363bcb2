import CProcess
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One who asks a supervisor.
struct Connection {
  /// How long a request may be, in bytes.
  static let maximumRequest = 64 << 20

  let descriptor: Int32
  /// What was promised to be answered later.
  var waiting: (condition: Awaited, deadline: Int64)?

  /// The descriptors that came and belong to no request yet.
  private var received: [Int32] = []
  private var input: [UInt8] = []
  private var output: [UInt8] = []

  /// What an answer can be waiting for.
  enum Awaited {
    /// Something about one service.
    case service(WaitCondition)
    /// The end of all of them.
    case everything
    /// The end of a command.
    case command(pid_t)
  }

  /// Takes over a socket.
  init(descriptor: Int32) {
    Sockets.setNonBlocking(descriptor)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    self.descriptor = descriptor
  }

  /// What it waits for.
  var interest: pollfd {
    pollfd(
      fd: descriptor, events: output.isEmpty ? Int16(POLLIN) : Int16(POLLIN) | Int16(POLLOUT), revents: 0)
  }

  /// Reads what is there.
  ///
  /// - Returns: the requests that are complete; `nil` if the connection has ended.
  mutating func read() -> [String]? {
    var hasEnded = false
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = receive(&buffer)
      if count > 0 {
        input += buffer.prefix(count)
        if input.count > Self.maximumRequest { return nil }
      } else if count == 0 {
        hasEnded = true
        break
      } else if errno != EINTR {
        hasEnded = errno != EAGAIN
        break
      }
    }
    var requests: [String] = []
    while let end = input.firstIndex(of: UInt8(ascii: "\n")) {
      requests.append(String(decoding: input[..<end], as: UTF8.self))
      input.removeSubrange(...end)
    }
    return requests.isEmpty && hasEnded ? nil : requests
  }

  private mutating func receive(_ buffer: inout [UInt8]) -> Int {
    var descriptors = [Int32](repeating: -1, count: berth_descriptors_max)
    var found: Int32 = 0
    let count = berth_receive(descriptor, &buffer, buffer.count, &descriptors, &found)
    received += descriptors.prefix(Int(found))
    return count
  }

  /// The descriptors that came since this was called last, which are the caller's to close.
  mutating func takeDescriptors() -> [OwnedDescriptor] {
    defer { received = [] }
    return received.map { OwnedDescriptor($0) }
  }

  /// Lets go of the socket, and of what came through it unasked.
  mutating func end() {
    _ = takeDescriptors()
    close(descriptor)
  }

  /// Answers.
  mutating func send(_ reply: SupervisorReply) {
    CanonicalJSON.write(reply.json, into: &output)
    output.append(UInt8(ascii: "\n"))
    flush()
  }

  /// Sends what could not be sent before.
  mutating func flush() {
    while !output.isEmpty {
      let count = output.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count <= 0 {
        // A connection that has ended is noticed when it is read from.
        if count < 0, errno != EAGAIN, errno != EINTR { output = [] }
        return
      }
      output.removeFirst(count)
    }
  }
}
