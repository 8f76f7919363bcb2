#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a supervisor knows of processes in one turn of its loop: what was read for one service is not read again for the next.
///
/// A turn begins when all ends that there were to take note of have been, and when all that was asked for was done: what
/// is read in it is younger than both.
final class ProcessSurvey {
  /// Says which of the supervisor's own children are accounted for: what runs services that have not ended, their checks, and
  /// what the supervisor started for itself.
  var accountedFor: () -> Set<pid_t> = { [] }

  private var readings: [ProcessReading] = []
  private var strangers: Bool?

  /// Begins a turn.
  func renew() {
    readings = []
    strangers = nil
  }

  /// All processes.
  ///
  /// - Parameter number: 0 for the first reading of this turn; each number after that is one that was made later.
  func reading(_ number: Int = 0) -> ProcessReading {
    while readings.count <= number { readings.append(ProcessReading()) }
    return readings[number]
  }

  /// Whether each child of the supervisor is accounted for, so that nothing is left of a service whose first process has
  /// ended: at that moment, what that process had started became the supervisor's own children, and so did what those had.
  /// `false` where the kernel does not tell.
  var hasNoOrphans: Bool {
    if let strangers { return !strangers }
    guard let children = ProcessTable.children() else { return false }
    let isComplete = Set(children).isSubset(of: accountedFor())
    strangers = !isComplete
    return isComplete
  }
}
