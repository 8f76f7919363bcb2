#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds and ends orphaned processes of services.
///
/// Every process of a service carries `BERTH_ROOT` in its environment, the path of the service's root, which
/// no other service has. That finds them wherever they went: into sessions of their own, or to another parent.
enum Sweep {
  /// The processes, still running, that belong to services under a folder.
  ///
  /// - Parameters:
  ///   - folder: an instance's folder, or that of one service.
  ///   - sessions: sessions that are known to belong to it too.
  ///   - reading: what there is of processes.
  static func processes(
    under folder: String, sessions: Set<pid_t> = [], in reading: ProcessReading = ProcessReading()
  ) -> [ProcessTable.Entry] {
    let own = getpid()
    return reading.entries.filter { entry in
      guard !entry.hasEnded, entry.process != own else { return false }
      return sessions.contains(entry.session) || reading.carries(entry.process, rootUnder: folder)
    }
  }

  /// Kills them, and what they start meanwhile, until none is left.
  ///
  /// - Parameter reading: what there is of processes, if it has just been read.
  /// - Returns: whether none is left.
  @discardableResult
  static func kill(
    under folder: String, sessions: Set<pid_t> = [], since reading: ProcessReading? = nil
  ) -> Bool {
    var reading = reading
    for round in 0..<100 {
      let left = processes(under: folder, sessions: sessions, in: reading.take() ?? ProcessReading())
      if left.isEmpty { return true }
      for entry in left { sendSignal(SIGKILL, to: entry.process) }
      // The first rounds are for what is just ending, the others for what starts more all the time.
      usleep(round < 10 ? 2_000 : 20_000)
    }
    return false
  }

  /// The sessions of the services of an instance whose supervisor is dead, as far as they are certain to be
  /// theirs still: those whose leader is the process that was started.
  static func certainSessions(of record: InstanceRecord) -> Set<pid_t> {
    guard record.bootID == ProcessTable.bootID else { return [] }
    return Set(
      record.services.compactMap(\.process).filter {
        ProcessTable.entry(of: $0.id)?.startTicks == $0.startTicks
      }.map(\.id))
  }
}
