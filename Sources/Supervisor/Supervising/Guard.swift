import CProcess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A second process of a supervisor, which does nothing but wait for its death and then leave nothing behind.
///
/// The kernel kills a dead supervisor's children, and not their children. The guard does that. It holds the
/// supervisor's lock until it is done, so that no new supervisor starts before.
struct Guard {
  let process: pid_t
  /// The guard sees the end of this pipe when the supervisor ends.
  private let lifeline: Int32

  /// Starts a guard.
  ///
  /// - Parameter lock: the descriptor of the lock, which the guard keeps open.
  init(folder: InstanceFolder, lock: Int32) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) != 0 { throw SystemError("make a pipe") }
    // The other end must close with the supervisor: services must not inherit it.
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    let process = berth_fork_keeping([ends[0], lock], 2)
    if process == 0 { Self.keepWatch(ends[0], folder) }
    let code = errno
    close(ends[0])
    guard process > 0 else {
      close(ends[1])
      throw SystemError("start a guard", code: code)
    }
    self.process = process
    lifeline = ends[1]
  }

  /// Lets go of a guard that has ended.
  func forget() { close(lifeline) }

  private static func keepWatch(_ lifeline: Int32, _ folder: InstanceFolder) -> Never {
    var byte: UInt8 = 0
    while read(lifeline, &byte, 1) < 0, errno == EINTR {}
    // At this moment, all sessions that are written down are the services', their leaders just killed.
    let record = try? InstanceRecord.read(folder.state)
    if let record { folder.removeGroups(in: record.controlGroups) }
    Sweep.kill(
      under: folder.services, sessions: Set(record?.services.compactMap { $0.process?.id } ?? []))
    _exit(0)
  }
}
