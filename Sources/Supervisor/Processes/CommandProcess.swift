#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A command that runs beside a service for a client that waits for its end. It leads a session of its own.
struct CommandProcess {
  /// How long it may take, in milliseconds, to end by itself once its client has gone.
  static let hangUpGrace: Int64 = 2_000

  /// The process that leads the session.
  let process: pid_t
  /// When the session is killed, on the monotonic clock, because its client has gone.
  private(set) var killAt: Int64?

  /// A command that was just started.
  init(process: pid_t) { self.process = process }

  /// Tells the session that the client that asked for the command has gone.
  mutating func hangUp(now: Int64) {
    killAt = now + Self.hangUpGrace
    signalSession(SIGHUP)
    // What is stopped can't react to anything else.
    signalSession(SIGCONT)
  }

  /// Kills what is left of the session, if it is time.
  func advance(now: Int64) {
    if let killAt, now >= killAt { signalSession(SIGKILL) }
  }

  /// Takes note of the end of the process. Processes that it left running go on, unless its client has gone.
  func ended() {
    if killAt != nil { signalSession(SIGKILL) }
  }

  private func signalSession(_ number: Int32) {
    sendSignal(number, to: -process)
    // A shell puts the commands that are typed into it into groups of their own.
    for entry in ProcessTable.all() where entry.session == process { sendSignal(number, to: entry.process) }
  }
}
