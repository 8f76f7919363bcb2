import ProviderKit
import Supervisor
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A command that a supervisor runs for us: what it writes, and how it ends.
struct RunningCommand: Sendable {
  /// How long a wait goes on, in milliseconds, before it is seen whether it was cancelled.
  static let round: Int32 = 200
  /// How long what was written last may take through a terminal, in milliseconds, once the command has ended.
  static let lag: Int32 = 200
  /// How many bytes are read at once.
  private static let pieceSize = 64 * 1024

  /// What a command does next.
  enum Step: Sendable {
    /// It wrote something.
    case wrote(ExecOutput)
    /// It has ended, and everything it wrote was told.
    case ended(exitCode: Int32)
  }

  /// Where its end is told. The supervisor ends the command when this is closed.
  private let supervisor: OwnedDescriptor
  private var output: OwnedDescriptor?
  private var error: OwnedDescriptor?
  private let isTerminal: Bool
  private var reply: [UInt8] = []
  private var exitCode: Int32?
  /// Why it could not be started, until it is reported.
  private var reason: String?

  /// A command that a supervisor was asked for.
  init(supervisor: OwnedDescriptor, streams: CommandStreams) {
    self.supervisor = supervisor
    output = streams.output
    error = streams.error
    isTerminal = streams.error == nil
  }

  /// Waits until something happens. Blocks.
  ///
  /// - Throws: ``ActionFailure`` if the command can't run there; ``ProviderError`` if the supervisor is gone;
  ///   `CancellationError`.
  mutating func next(_ cancellation: Cancellation) throws -> Step {
    while true {
      try cancellation.check()
      if let reason {
        self.reason = nil
        return .wrote(ExecOutput(isError: !isTerminal, bytes: Array("\(reason)\n".utf8)))
      }
      // Once the command has ended, only processes that it left running write.
      let patience = exitCode == nil ? Self.round : isTerminal && output != nil ? Self.lag : 0
      let ready = wait(patience)
      if ready.contains(error?.value), let piece = read(\.error) {
        return .wrote(ExecOutput(isError: true, bytes: piece))
      }
      if ready.contains(output?.value), let piece = read(\.output) {
        return .wrote(ExecOutput(bytes: piece))
      }
      if let exitCode, ready.isEmpty { return .ended(exitCode: exitCode) }
      if exitCode == nil, ready.contains(supervisor.value) { try readReply() }
    }
  }

  /// The descriptors of which there is something to read, or an end to see.
  private func wait(_ milliseconds: Int32) -> Set<Int32?> {
    var interests = [output, error, exitCode == nil ? supervisor : nil].compactMap { descriptor in
      descriptor.map { pollfd(fd: $0.value, events: Int16(POLLIN), revents: 0) }
    }
    guard poll(&interests, nfds_t(interests.count), milliseconds) > 0 else { return [] }
    return Set(interests.filter { $0.revents != 0 }.map(\.fd))
  }

  /// Reads what is there; `nil` if the stream has ended, or there is nothing after all.
  private mutating func read(_ stream: WritableKeyPath<RunningCommand, OwnedDescriptor?>) -> [UInt8]? {
    guard let descriptor = self[keyPath: stream] else { return nil }
    var code: Int32 = 0
    let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, count in
      let result = systemRead(descriptor.value, UnsafeMutableRawBufferPointer(buffer))
      if result < 0 { code = errno }
      count = max(0, result)
    }
    if !piece.isEmpty { return piece }
    // A terminal whose other end is closed says so with an error.
    if code != EAGAIN, code != EINTR { self[keyPath: stream] = nil }
    return nil
  }

  private mutating func readReply() throws {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(supervisor.value, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    guard count > 0 else { throw ProviderError("the supervisor ended while the command ran") }
    reply += buffer.prefix(count)
    guard let end = reply.firstIndex(of: UInt8(ascii: "\n")) else { return }
    let line = String(decoding: reply[..<end], as: UTF8.self)
    switch try SupervisorReply(json: try Value(json: line)) {
    case .ended(let code, let reason):
      exitCode = Int32(clamping: code)
      self.reason = reason
    case .failed(let reason): throw ActionFailure(reason)
    case .refused(let reason): throw ProviderError("the supervisor refuses: \(reason)")
    default: throw ProviderError("the supervisor gave an answer that makes no sense")
    }
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}
