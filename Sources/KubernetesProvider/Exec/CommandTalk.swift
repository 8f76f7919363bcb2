import KubernetesAPI
import ProviderKit
import Synchronization

/// What goes to and fro between a caller and a command in a container.
struct CommandTalk: Sendable {
  /// What the command is given.
  let input: any AsyncSequence<ProviderKit.ExecInput, Never> & Sendable
  /// Takes what it wrote.
  let output: @Sendable (ProviderKit.ExecOutput) async throws -> Void
  /// Whether its input is sent in frames; see ``ExecScript``.
  var isFramed = false
  /// Whether it is started without a shell, so that a node may say in its place that it can't be.
  var isBare = false

  /// How it came out.
  enum End: Sendable {
    case ended(Int32)
    case notStarted(StartFailure)
  }

  /// When a terminal is told its size: a node takes none before the command runs, and does not say so.
  private static let sizePauses: [Duration] = [.zero, .milliseconds(100), .milliseconds(300), .seconds(1)]

  /// Passes everything on, until the command ends.
  func pass(_ session: ExecSession, terminal: TerminalSize?) async throws -> End {
    let size = CurrentSize(terminal)
    return try await withThrowingTaskGroup(of: End?.self) { group in
      group.addTask { try await passOutput(of: session) }
      group.addTask {
        await passInput(to: session.input, size)
        return nil
      }
      if terminal != nil {
        group.addTask {
          for pause in Self.sizePauses {
            try await Task.sleep(for: pause)
            await size.tell(session.input)
          }
          return nil
        }
      }
      defer { group.cancelAll() }
      while let end = try await group.next() {
        if let end { return end }
      }
      throw CancellationError()
    }
  }

  private func passOutput(of session: ExecSession) async throws -> End? {
    // What a node says in the command's place is held back until it is known to be that.
    var held: [UInt8] = []
    for try await event in session.output {
      switch event {
      case .output(let bytes) where isBare && StartFailure.begins(held + bytes): held += bytes
      case .output(let bytes): try await output(.init(bytes: bytes))
      case .error(let bytes): try await output(.init(isError: true, bytes: bytes))
      case .ended(let code):
        if let failure = StartFailure(output: held, code: code) { return .notStarted(failure) }
        if !held.isEmpty { try await output(.init(bytes: held)) }
        return .ended(Int32(truncatingIfNeeded: code))
      }
    }
    return nil
  }

  /// A command that takes no more input is told by its output to be over.
  private func passInput(to command: KubernetesAPI.ExecInput, _ size: CurrentSize) async {
    do {
      for await item in input {
        switch item {
        case .bytes(let bytes): try await command.write(isFramed ? ExecScript.frames(of: bytes) : bytes)
        case .end: return try await finish(command, size)
        case .resize(let new):
          size.set(new)
          await size.tell(command)
        }
      }
      try await finish(command, size)
    } catch {}
  }

  /// Where a server can't tell the end of the input, and there is no shell that could, the input stays open. A terminal has
  /// none.
  private func finish(_ command: KubernetesAPI.ExecInput, _ size: CurrentSize) async throws {
    if isFramed {
      try await command.write(ExecScript.lastFrame)
    } else if !size.isKnown, command.canFinish {
      try await command.finish()
    }
  }
}

/// The size that a command's terminal is to have; none without a terminal.
private final class CurrentSize: Sendable {
  private let size: Mutex<TerminalSize?>

  init(_ size: TerminalSize?) { self.size = Mutex(size) }

  var isKnown: Bool { size.withLock { $0 != nil } }
  func set(_ new: TerminalSize) { size.withLock { $0 = new } }

  /// A command that has ended needs no size.
  func tell(_ command: KubernetesAPI.ExecInput) async {
    guard let size = size.withLock(\.self) else { return }
    try? await command.resize(columns: size.columns, rows: size.rows)
  }
}
