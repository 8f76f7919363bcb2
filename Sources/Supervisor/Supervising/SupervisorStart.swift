#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Starts a supervisor that outlives this process.
package struct SupervisorStart {
  /// How long a supervisor may take to answer for the first time, in milliseconds.
  private static let patience: Int64 = 20_000
  /// What a supervisor writes to its standard output, once, when it answers on its socket.
  static let greeting = "ready\n"

  /// The folder of the instance that it takes over.
  private let folder: InstanceFolder

  package init(in folder: InstanceFolder) { self.folder = folder }

  /// Why a supervisor does not run.
  package enum Failure: Error {
    /// Its program can't be executed, for this reason.
    case notExecuted(String)
    /// It ended, after it said this; nothing if it said nothing in time.
    case ended(String)
  }

  /// Ends what an earlier supervisor of the instance left running, which is dead. Its lock must be held.
  ///
  /// - Returns: whether nothing is left.
  /// - Throws: ``SystemError`` or ``MalformedMessage`` if the record of the instance can't be read.
  package func endLeftovers() throws -> Bool {
    let record = try InstanceRecord.read(folder.state)
    // They are certain only as long as their leaders are there.
    let sessions = record.map { Sweep.certainSessions(of: $0) } ?? []
    if let record { folder.removeGroups(in: record.controlGroups) }
    return Sweep.kill(under: folder.services, sessions: sessions)
  }

  /// Starts it, and waits until it answers on its socket.
  ///
  /// - Parameters:
  ///   - program: what it runs, whose `main` hands over to ``Supervisor``.
  ///   - environment: `NAME=value` texts.
  /// - Throws: ``Failure``; ``SystemError`` if this process can't do its part.
  package func run(_ program: String, environment: [String]) throws {
    // The pipe ends when the supervisor lets go of it: our own end of it is closed by now.
    let words = try read(try launch(program, environment))
    guard words == Self.greeting else { throw Failure.ended(words) }
  }

  /// Starts the program.
  ///
  /// - Returns: what its standard output can be read from.
  private func launch(_ program: String, _ environment: [String]) throws -> OwnedDescriptor {
    let output = try OwnedDescriptor.pipe()
    let log = OwnedDescriptor(try Files.open(folder.supervisorLog, O_WRONLY | O_CREAT | O_APPEND))
    let spawn = Spawn(
      name: program, candidates: [program],
      arguments: [program, Supervisor.command, folder.path].map { Array($0.utf8) },
      environment: environment.map { Array($0.utf8) }, directory: "/",
      streams: Spawn.Streams(output: output.write.value, error: log.value), mask: 0o077)
    do {
      // The program gets both, and they must be open until then.
      try withExtendedLifetime((output.write, log)) { () throws(Spawn.Failure) in try spawn.startDetached() }
    } catch {
      throw Failure.notExecuted(error.message)
    }
    return output.read
  }

  private func read(_ output: OwnedDescriptor) throws -> String {
    var interest = pollfd(fd: output.value, events: Int16(POLLIN), revents: 0)
    let deadline = Clocks.monotonic + Self.patience
    while poll(&interest, 1, Int32(max(0, deadline - Clocks.monotonic))) < 1 {
      if Clocks.monotonic >= deadline { return "" }
    }
    return String(decoding: try Files.readAll(output.value, of: "the supervisor's greeting"), as: UTF8.self)
  }
}
