import ProviderKit
import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Gives a command its input, as fast as it takes it.
actor CommandInput {
  /// What ends the input of a terminal that is read line by line: Control-D.
  private static let endOfTransmission: UInt8 = 4

  /// Where the input is written; `nil` once it has ended, which the command sees when no other process holds it.
  private var descriptor: OwnedDescriptor?
  private let isTerminal: Bool

  init(to descriptor: OwnedDescriptor, isTerminal: Bool) {
    self.descriptor = descriptor
    self.isTerminal = isTerminal
  }

  /// Gives everything that there is, and then ends the input. Returns early when the task is cancelled.
  func feed(from pieces: any AsyncSequence<ExecInput, Never> & Sendable) async {
    for await piece in pieces {
      if Task.isCancelled { return }
      switch piece {
      case .bytes(let bytes): await write(bytes)
      case .end: await end()
      case .resize(let size): resize(to: size)
      }
    }
    await end()
  }

  private func write(_ bytes: [UInt8]) async {
    guard let descriptor else { return }
    do {
      try await offload { try Self.write(bytes, to: descriptor, $0) }
    } catch {
      // A command that does not read its input to the end is not wrong.
      if !isTerminal { self.descriptor = nil }
    }
  }

  private func end() async {
    if isTerminal { await write([Self.endOfTransmission]) } else { descriptor = nil }
  }

  private func resize(to size: TerminalSize) {
    guard isTerminal, let descriptor else { return }
    var window = winsize()
    window.ws_col = UInt16(clamping: size.columns)
    window.ws_row = UInt16(clamping: size.rows)
    _ = ioctl(descriptor.value, UInt(TIOCSWINSZ), &window)
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: OwnedDescriptor, _ cancellation: Cancellation
  ) throws {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        systemWrite(descriptor.value, UnsafeRawBufferPointer(rebasing: $0[start...]))
      }
      if count >= 0 {
        start += count
        continue
      }
      guard errno == EAGAIN || errno == EINTR else { throw SystemError("write to the command") }
      try cancellation.check()
      var interest = pollfd(fd: descriptor.value, events: Int16(POLLOUT), revents: 0)
      poll(&interest, 1, RunningCommand.round)
    }
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
