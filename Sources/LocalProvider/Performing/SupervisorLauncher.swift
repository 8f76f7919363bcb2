import Planning
import ProviderKit
import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Starts supervisors.
struct SupervisorLauncher {
  /// How long a dead supervisor's guard may take to end what is left, in milliseconds.
  static let guardPatience: Int64 = 10_000

  let layout: Layout
  /// The program that supervisors run.
  let program: ProgramCopy
  /// The variables of this command's environment that supervisors and services inherit.
  let environment: [String]

  /// The supervisor of an instance, which is started if there is none. What an earlier one left running is
  /// ended before.
  func connect(to id: InstanceID, of key: WorkloadKey) throws -> SupervisorClient {
    let folder = layout.instance(id, of: key)
    if let client = try SupervisorClient.connect(to: folder) { return client }
    try Files.makeFolders(layout.home)
    let lock = try FileLock.take(layout.launchLock, waiting: FileLock.patience)
    defer { close(lock) }
    try makeFolder(id, of: key)
    // Another action may have started it meanwhile.
    if let client = try SupervisorClient.connect(to: folder) { return client }
    try endLeftovers(in: folder)
    try start(in: folder)
    guard let client = try SupervisorClient.connect(to: folder) else {
      throw ProviderError(
        "the supervisor in \(folder.path) ended at once", help: "see \(folder.supervisorLog)")
    }
    return client
  }

  /// Ends what a dead supervisor left running, once its guard is done.
  func endLeftovers(in folder: InstanceFolder) throws {
    guard Files.isFolder(folder.path) else { return }
    let lock: Int32
    do { lock = try FileLock.take(folder.lock, waiting: Self.guardPatience) } catch {
      throw ProviderError(
        "another process is in charge of \(folder.path) and does not answer",
        help: "see whether a supervisor is stopped or hangs")
    }
    defer { close(lock) }
    guard try SupervisorStart(in: folder).endLeftovers() else {
      throw ProviderError("processes of an ended supervisor in \(folder.path) can't be ended")
    }
  }

  /// Makes the instance's folder, which appears at once with everything that makes it ours.
  private func makeFolder(_ id: InstanceID, of key: WorkloadKey) throws {
    let folder = layout.instance(id, of: key)
    switch Files.kind(folder.path) {
    case nil: break
    case S_IFDIR where Files.kind(folder.state) != nil: return
    default:
      throw ProviderError(
        "\(folder.path) is in the way: berth did not make it", help: "move it away, then try again")
    }
    let new = layout.newInstance(id, of: key)
    // Either may be there from a command that was ended in the middle.
    try Files.remove(layout.oldInstance(id, of: key).path)
    try Files.remove(new.path)
    try Files.makeFolders(new.logs)
    try Files.makeFolders(new.services)
    try InstanceRecord(key: key, id: id).write(new.state, durably: true)
    try Files.rename(new.path, to: folder.path)
  }

  private func start(in folder: InstanceFolder) throws {
    let program = try program.path()
    if var record = try InstanceRecord.read(folder.state) {
      record.program = program.split(separator: "/").last.map(String.init) ?? program
      try record.write(folder.state, durably: false)
    }
    do {
      try SupervisorStart(in: folder).run(program, environment: environment)
    } catch SupervisorStart.Failure.notExecuted(let reason) {
      throw ProviderError("a supervisor can't be started: \(reason)")
    } catch SupervisorStart.Failure.ended(let words) {
      throw ProviderError(
        words.isEmpty
          ? "the supervisor in \(folder.path) ended at once"
          : "the supervisor in \(folder.path) could not start: \(words.dropLast())",
        help: "see \(folder.supervisorLog)")
    }
  }
}
