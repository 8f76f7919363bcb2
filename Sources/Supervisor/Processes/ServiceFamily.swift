#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// All processes that a service started, wherever they went.
///
/// Orphans are handed to the supervisor, so that all of them are among its descendants. A process is a service's if
/// it is in the service's control group, in the session or the process group of its leader, carries its root in the
/// environment, or was started by such a process.
struct ServiceFamily {
  /// The process that was started first; it may have ended.
  let leader: pid_t
  let folder: String
  /// The service's control groups, if it has any.
  let group: ServiceGroup?
  /// Processes that are none of the service's, though it is the only one that runs: then all others are its own, also
  /// those that nothing else tells of. `nil` if other services run.
  let strangers: Set<pid_t>?

  /// Those that have not ended, as a reading has them. Only the supervisor may ask.
  func living(in reading: ProcessReading) -> [ProcessTable.Entry] { members(of: reading, under: getpid()) }

  /// Those that have not ended.
  ///
  /// - Parameters:
  ///   - reading: all processes.
  ///   - supervisor: the process that orphans are handed to.
  func members(of reading: ProcessReading, under supervisor: pid_t) -> [ProcessTable.Entry] {
    let grouped = Set(group?.processes ?? [])
    let table = reading.entries
    let children = Dictionary(grouping: table, by: \.parent)
    let listed = Set(table.map(\.process))
    var members: [ProcessTable.Entry] = []
    // Down from the supervisor, each with whether what it was started by is a member. A process whose parent ended
    // while the table was read hangs on nothing. What has no parent at all is the machine's own, on which all others
    // hang: none of the service's is looked for there.
    var open = table.filter { $0.parent == supervisor || $0.parent != 0 && !listed.contains($0.parent) }
      .map { (entry: $0, isInherited: false) }
    while let (entry, isInherited) = open.popLast() {
      let isMember =
        isInherited || grouped.contains(entry.process) || entry.session == leader || entry.group == leader
        || reading.carries(entry.process, rootUnder: folder)
        || entry.parent == supervisor && strangers.map { !$0.contains(entry.process) } == true
      open += (children[entry.process] ?? []).map { ($0, isMember) }
      if isMember, !entry.hasEnded { members.append(entry) }
    }
    return members
  }
}
