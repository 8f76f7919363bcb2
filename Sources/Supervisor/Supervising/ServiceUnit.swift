import HealthChecks
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One service in the hands of a supervisor: its process, its health, its log and its restarts.
final class ServiceUnit {
  /// What is known of it.
  private(set) var record: ServiceRecord { didSet { if record != oldValue { hasChanged = true } } }
  /// Whether ``record`` differs from what was written down last.
  var hasChanged = true
  /// The number of the attempt that an action asked for last.
  private(set) var attempt: Int64 = 0
  /// Whether it is to be forgotten when it has stopped.
  private(set) var isLeaving = false
  /// Whether it was asked to stop and to stay so, which is no end of its own.
  private var isKeptStopped = false
  /// Says which processes are none of its own though no other service runs; `nil` if another one does.
  var strangers: () -> Set<pid_t>? = { nil }

  private let folder: InstanceFolder
  /// What there is of processes.
  private let survey: ProcessSurvey
  /// Where its volumes are mounted; `nil` where they are links.
  private let mounts: MountNamespace?
  /// The volumes that may be mounted for it.
  private var mounted: [VolumePlace] = []
  /// The control groups that its processes are in; `nil` if there can be none.
  private var group: ServiceGroup?
  /// The network and the host name that it has for itself; `nil` where it has none.
  private var spaces: ServiceSpaces?
  /// Whether nothing has run in its root since that was prepared.
  private var isPrepared = false
  /// How many processes had been killed for want of memory when the process was started.
  private var earlierMemoryKills: UInt64 = 0
  /// How it is run; `nil` for one of which an earlier supervisor left only the record.
  private var definition: ServiceDefinition?
  /// How it will be run when the process that is being stopped is gone.
  private var next: (definition: ServiceDefinition, mode: PutMode)?
  private var phase = Phase.ended
  private var startedAt: Int64 = 0
  private var monitor: HealthMonitor?
  private var backoff = Backoff()
  private var log: LogWriter
  private var captures: [LogCapture] = []
  /// How often the process ended in this attempt, before it was ready for the first time.
  private var earlyExits = 0
  private var wasReady = false
  /// Why this attempt can't succeed any more.
  private var hopeless: String?

  private enum Phase {
    /// There is no process, and there will be none.
    case ended
    /// This process, the leader of its group, runs.
    case running(pid_t)
    /// Its processes were asked to end.
    case stopping(Stop)
    /// The process will be started again then, on the monotonic clock.
    case waiting(until: Int64)
  }

  private struct Stop {
    /// How often it is seen whether all processes are gone, in milliseconds; their ends are told sooner.
    static let pause: Int64 = 100

    /// The process that was started first.
    let leader: pid_t
    /// What the leader ended with, if it has.
    var exitCode: Int?
    /// When what is left is killed.
    let killAt: Int64
    /// When to see next whether all are gone.
    var lookAt: Int64 = 0
    /// Whether the processes were asked to end.
    var isAsked: Bool
    /// What comes after it; `nil` if an operator asked for the stop.
    var ending: Ending?
  }

  /// What becomes of a service whose process ended by itself.
  private enum Ending {
    /// It has ended for good, for this reason.
    case forGood(String)
    /// Its process is started again.
    case startsAgain(String, ranFor: Int64)
  }

  /// A service that is new, or of which an earlier supervisor knew.
  init(
    record: ServiceRecord, in folder: InstanceFolder, _ groups: ControlGroups, _ mounts: MountNamespace?,
    _ survey: ProcessSurvey
  ) {
    self.record = record
    self.folder = folder
    self.survey = survey
    self.mounts = mounts
    group = groups.folders.isEmpty ? nil : folder.group(of: record.name, in: groups)
    log = LogWriter(path: folder.log(of: record.name))
  }

  // MARK: Requests

  /// Makes the service run by a definition.
  ///
  /// - Returns: whether there is something to wait for: not after an update, which stops and starts nothing.
  /// - Throws: ``SystemError`` if the kernel refuses an update; nothing is changed then.
  func put(_ new: ServiceDefinition, _ mode: PutMode, now: Int64) throws(SystemError) -> Bool {
    isLeaving = false
    isKeptStopped = new.isKeptStopped
    if isKeptStopped {
      // Whatever it was made from, it is made anew: nothing that runs is lost by that.
      exchange(for: new, mode, now: now)
      return true
    }
    if mode == .update, try updateInPlace(new, now: now) { return false }
    let current = next?.definition ?? definition
    let isSame =
      current?.record.digest == new.record.digest && current?.record.addresses == new.record.addresses
      && current?.isKeptStopped == false
    // By the same run, it is the same request again.
    let isDone = isSame && (mode == .ensure || current?.record.run == new.record.run)
    guard isDone else {
      exchange(for: new, mode, now: now)
      return true
    }
    switch phase {
    case .running:
      if hopeless != nil { beginAttempt() }
    case .stopping:
      if next == nil { next = (new, mode) }
    case .waiting, .ended:
      if !record.hasCompleted {
        beginAttempt()
        install(new, .ensure, now: now)
      }
    }
    return true
  }

  /// Stops the service, to be forgotten when it has stopped.
  func leave(now: Int64) {
    isLeaving = true
    stop(now: now)
  }

  /// Stops the service, and keeps it so. An init that has completed has done what it is for.
  func keepStopped(now: Int64) {
    guard !record.hasCompleted, !isCompleting else { return }
    isKeptStopped = true
    hopeless = nil
    stop(now: now)
    if hasEnded { rest() }
  }

  /// Whether it is an init that ran to success, of which something is left that ends.
  private var isCompleting: Bool {
    if case .stopping(let stop) = phase {
      record.isInit && stop.exitCode == 0 && stop.ending != nil
    } else {
      false
    }
  }

  /// It has no process because that was asked for.
  private func rest() {
    record.become(.stopped)
    record.isReady = false
    record.exitCode = nil
    record.message = nil
  }

  /// Begins to stop it, and plans no further start: a process that runs gets its stop signal; one that is stopping
  /// already is not started again after it.
  func stop(now: Int64) {
    next = nil
    switch phase {
    case .running: beginStop(now: now)
    case .waiting:
      phase = .ended
      record.become(record.exitCode == 0 ? .stopped : .failed)
      record.message = nil
    case .stopping(var stop):
      stop.ending = nil
      phase = .stopping(stop)
    case .ended: break
    }
  }

  /// Whether it has no process and will have none.
  var hasEnded: Bool { if case .ended = phase, next == nil { true } else { false } }

  /// What can be said to one who waits for it to be ready.
  var outcome: SupervisorReply {
    if let hopeless { return .failed(hopeless) }
    if next == nil, record.isReady { return .done }
    if definition?.isKeptStopped == true, hasEnded { return .done }
    return .pending(record.message)
  }

  // MARK: The loop

  /// The processes that it has and that are the supervisor's own children: its first one, and that of its check.
  var processes: [pid_t] {
    let leader: pid_t? =
      switch phase {
      case .running(let leader): leader
      case .stopping(let stop): stop.exitCode == nil ? stop.leader : nil
      case .waiting, .ended: nil
      }
    return [leader, monitor?.process].compactMap(\.self)
  }

  /// What it waits for.
  var interests: [pollfd] {
    captures.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      + (monitor?.interest.map { [$0] } ?? [])
  }

  /// When it wants to go on, on the monotonic clock.
  func deadline(now: Int64) -> Int64? {
    switch phase {
    case .running: monitor?.deadline
    case .stopping(let stop):
      !stop.isAsked
        ? now : max(now + 20, stop.exitCode == nil ? stop.killAt : min(stop.killAt, stop.lookAt))
    case .waiting(let until): until
    case .ended: nil
    }
  }

  /// Goes on as far as it can.
  func advance(now: Int64) {
    readLogs()
    switch phase {
    case .running(let leader):
      watch(leader, now: now)
    case .stopping(let stop): advanceStop(stop, now: now)
    case .waiting(let until):
      if now >= until {
        record.restarts += 1
        launch(now: now)
      }
    case .ended: break
    }
  }

  /// Takes note of the end of a process.
  ///
  /// - Returns: whether it was one of this service's.
  func processEnded(_ process: pid_t, exitCode: Int, now: Int64) -> Bool {
    if monitor?.process == process {
      monitor?.processEnded(exitCode: exitCode)
      return true
    }
    switch phase {
    case .running(process):
      ended(process, exitCode: exitCode, now: now)
      return true
    case .stopping(var stop):
      // Whichever it was, it may have been the last one.
      stop.lookAt = 0
      if stop.leader == process { stop.exitCode = exitCode }
      phase = .stopping(stop)
      return stop.leader == process
    default: return false
    }
  }

  /// Deletes what it leaves on the disk.
  func removeFiles() throws(SystemError) {
    group?.remove()
    try root.remove(mounted.isEmpty ? record.volumes : mounted)
    try Files.remove(folder.service(record.name))
    try Files.remove(folder.log(of: record.name))
    try Files.remove(folder.log(of: record.name) + ".1")
  }

  // MARK: Starting

  private func beginAttempt() {
    attempt += 1
    earlyExits = 0
    wasReady = record.isReady
    hopeless = nil
  }

  /// Stops what runs and then runs something else.
  private func exchange(for new: ServiceDefinition, _ mode: PutMode, now: Int64) {
    beginAttempt()
    switch phase {
    case .running:
      next = (new, mode)
      beginStop(now: now)
    case .stopping: next = (new, mode)
    case .waiting, .ended: install(new, mode, now: now)
    }
  }

  /// Changes what can be changed while the process runs.
  ///
  /// - Returns: whether there is something to change.
  private func updateInPlace(_ new: ServiceDefinition, now: Int64) throws(SystemError) -> Bool {
    guard next == nil, var current = definition else { return false }
    let (before, wanted) = (current.running, new.running)
    if case .running = phase, before.limits != wanted.limits { try group?.limit(to: wanted.limits) }
    current.running.limits = wanted.limits
    current.running.restart = wanted.restart
    current.running.maxRestarts = wanted.maxRestarts
    current.running.stopGrace = wanted.stopGrace
    current.running.stopSignal = wanted.stopSignal
    current.running.check = wanted.check
    current.record.run = new.record.run
    current.record.digest = new.record.digest
    definition = current
    record.running = current.running
    record.spec = new.record.spec
    record.labels = new.record.labels
    record.run = new.record.run
    record.digest = new.record.digest
    record.dependencies = new.record.dependencies
    if case .running = phase, !record.isInit, before.check != wanted.check {
      monitor?.end()
      monitor = HealthMonitor(wanted.check, now: now, isReady: record.isReady)
    }
    return true
  }

  /// Takes a definition as the one to run by, prepares the root folder, and starts.
  private func install(_ new: ServiceDefinition, _ mode: PutMode, now: Int64) {
    var kept = new
    // What lies on the disk need not lie in memory.
    kept.items = []
    kept.former = nil
    kept.obsolete = []
    definition = kept
    backoff = Backoff()
    wasReady = false
    record = new.record
    record.running = new.running
    record.mountsVolumes = mounts != nil && !new.volumes.isEmpty
    record.since = Clocks.now
    record.attemptedAt = record.since
    record.become(.provisioning)
    let before = mounted
    mounted = new.volumes
    spaces = nil
    do {
      try root.prepare(for: new, isNew: mode == .replace, mounted: before)
      isPrepared = true
    } catch {
      return giveUp("its folder can't be prepared: \(error)", exitCode: nil)
    }
    if new.isKeptStopped {
      phase = .ended
      rest()
    } else {
      launch(now: now)
    }
  }

  private var root: ServiceRoot {
    ServiceRoot(folder: folder, path: folder.root(of: record.name), mounts: mounts)
  }

  private func launch(now: Int64) {
    guard let definition else { return }
    for port in record.ports where !HostPorts.isFree(port.host, port.transport) {
      let holder = HostPorts.holder(of: port.host).map { " by \($0)" } ?? ""
      return cannotStart("host port \(port.host)/\(port.transport.rawValue) is in use\(holder)", now: now)
    }
    do {
      if !isPrepared { try root.renewMemory(for: definition) }
      isPrepared = false
      if spaces == nil { spaces = try ServiceSpaces.needed(by: definition.running.conditions) }
      let process = try start(definition)
      phase = .running(process)
      startedAt = now
      record.process = ProcessMark(
        id: process, startTicks: ProcessTable.entry(of: process)?.startTicks ?? 0)
      record.become(.starting)
      record.isReady = false
      record.since = Clocks.now
      record.message = nil
      monitor = record.isInit ? nil : HealthMonitor(definition.running.check, now: now)
    } catch let failure as Spawn.Failure {
      record.exitCode = failure.exitCode
      cannotStart(failure.message, now: now)
    } catch {
      cannotStart("\(error)", now: now)
    }
  }

  /// Starts the process with both of its outputs captured.
  private func start(_ definition: ServiceDefinition) throws -> pid_t {
    let (output, outputEnd) = try LogCapture.make(isError: false)
    captures.append(output)
    defer { close(outputEnd) }
    let (error, errorEnd) = try LogCapture.make(isError: true)
    captures.append(error)
    defer { close(errorEnd) }
    if let owner = definition.running.conditions.identity?.owner {
      // A program may open its own output anew, as `/dev/stdout`.
      for end in [outputEnd, errorEnd] { _ = fchown(end, owner.user, owner.group) }
    }
    let streams = Spawn.Streams(output: outputEnd, error: errorEnd)
    do {
      do {
        try makeGroup(definition.running.limits)
        return try surroundings(definition).start(definition.running.command, streams)
      } catch let failure where failure.concernsGroup && definition.running.limits.isUnset {
        // Without limits, a group is something that a service can do without.
        SupervisorLog.write("\(record.name): \(failure.message)")
        group = nil
        return try surroundings(definition).start(definition.running.command, streams)
      }
    } catch {
      finishLogs()
      throw error
    }
  }

  private func makeGroup(_ limits: ServiceLimits) throws(Spawn.Failure) {
    guard let group else { return }
    do {
      try group.make()
      if !limits.isUnset { try group.limit(to: limits) }
    } catch {
      throw Spawn.Failure(groupReason: error.description)
    }
    earlierMemoryKills = group.outOfMemoryKills
  }

  private func surroundings(_ definition: ServiceDefinition) -> Surroundings {
    Surroundings(
      root: root.path, definition: definition.running, secretEnvironment: definition.secretEnvironment,
      group: group, mounts: mounts, spaces: spaces)
  }

  // MARK: Commands beside it

  /// What a command beside its process is started in; `nil` if it has no process.
  var commandSurroundings: Surroundings? {
    guard case .running = phase, let definition else { return nil }
    return surroundings(definition)
  }

  // MARK: Running

  private func watch(_ leader: pid_t, now: Int64) {
    guard let definition else { return }
    let finding = monitor?.advance(now: now) { (command: [String]) throws(Spawn.Failure) in
      try surroundings(definition).start(command)
    }
    switch finding {
    case .ready:
      record.isReady = true
      record.become(.running)
      record.message = nil
      wasReady = true
      hopeless = nil
    case .unready(let reason):
      record.isReady = false
      record.message = reason
    case nil: break
    }
  }

  private func ended(_ process: pid_t, exitCode: Int, now: Int64) {
    endMonitor()
    let memoryKills = group?.outOfMemoryKills ?? 0
    record.process = nil
    record.exitCode = exitCode
    record.since = Clocks.now
    record.isReady = false
    let text = ExitText.describe(
      exitCode, memoryLimit: definition?.running.limits.memory,
      wasOutOfMemory: memoryKills > earlierMemoryKills)
    let restarts = startsAgain(afterFailure: exitCode != 0)
    let ending = restarts ? Ending.startsAgain(text, ranFor: now - startedAt) : .forGood(text)
    // What it started must not live on beside its successor, and may end as it sees fit before.
    let grace = definition?.running.stopGrace ?? 0
    let left = askToEnd(process, isLed: false)
    guard left > 0 else { return settle(ending, leader: process, now: now) }
    phase = .stopping(
      Stop(leader: process, exitCode: exitCode, killAt: now + grace, isAsked: true, ending: ending))
    record.become(restarts ? .starting : .stopping)
    let processes = left == 1 ? "a process that it started has" : "\(left) processes that it started have"
    record.message = "\(text); \(processes) \(TimeSpan.text(milliseconds: grace)) to end"
  }

  /// Whether a process that ended is followed by another one.
  private func startsAgain(afterFailure isFailure: Bool) -> Bool {
    switch definition?.running.restart {
    case .always: !record.isInit
    case .onFailure: !record.isInit && isFailure && !hasNoRestartsLeft
    case .never, nil: false
    }
  }

  /// Whether it was started again as often as its definition lets it be.
  private var hasNoRestartsLeft: Bool {
    definition?.running.maxRestarts.map { Int64(record.restarts) >= $0 } ?? false
  }

  private var restartsText: String { record.restarts == 1 ? "1 restart" : "\(record.restarts) restarts" }

  /// Goes on when nothing is left of a process that ended by itself.
  private func settle(_ ending: Ending, leader: pid_t, now: Int64) {
    killAll(of: leader)
    finishLogs()
    let exitCode = record.exitCode ?? 0
    switch ending {
    case .forGood(let text):
      phase = .ended
      record.become(exitCode == 0 ? .stopped : .failed)
      if record.isInit {
        record.isReady = exitCode == 0
        record.message = exitCode == 0 ? nil : text
        if exitCode != 0 { hopeless = text }
      } else {
        let isLimit = exitCode != 0 && hasNoRestartsLeft
        record.message = isLimit ? "\(text), after \(restartsText)" : text
        if !wasReady { hopeless = Readiness.hopeless(text, times: isLimit ? earlyExits + 1 : 1) }
      }
    case .startsAgain(let text, let ranFor):
      if !wasReady { earlyExits += 1 }
      if earlyExits >= Readiness.patience { hopeless = Readiness.hopeless(text, times: earlyExits) }
      waitForRestart(text, ranFor: ranFor, now: now)
    }
  }

  private func waitForRestart(_ reason: String, ranFor: Int64, now: Int64) {
    let delay = backoff.delay(afterRunning: ranFor)
    phase = .waiting(until: now + delay)
    record.become(hopeless == nil ? .starting : .failed)
    record.message = "\(reason); starts again in \(TimeSpan.text(milliseconds: delay))"
  }

  /// A process that could not even be started: to try again may help one day, to wait for it does not.
  private func cannotStart(_ reason: String, now: Int64) {
    hopeless = reason
    record.process = nil
    record.isReady = false
    record.since = Clocks.now
    guard startsAgain(afterFailure: true) else { return giveUp(reason, exitCode: record.exitCode) }
    waitForRestart(reason, ranFor: 0, now: now)
  }

  private func giveUp(_ reason: String, exitCode: Int?) {
    phase = .ended
    hopeless = reason
    record.become(.failed)
    record.isReady = false
    record.exitCode = exitCode
    record.message = reason
  }

  // MARK: Stopping

  private func beginStop(now: Int64) {
    guard case .running(let leader) = phase else { return }
    endMonitor()
    let grace = definition?.running.stopGrace ?? 0
    // It is asked in the next turn: processes are looked for once for all services that stop at the same time.
    phase = .stopping(Stop(leader: leader, exitCode: nil, killAt: now + grace, isAsked: false))
    record.become(.stopping)
    record.isReady = false
    record.message = nil
  }

  private func family(of leader: pid_t) -> ServiceFamily {
    ServiceFamily(leader: leader, folder: folder.service(record.name), group: group, strangers: strangers())
  }

  /// Asks every process to end, each once.
  ///
  /// - Parameters:
  ///   - leader: the first process.
  ///   - isLed: whether it still leads its group.
  /// - Returns: how many were found.
  @discardableResult
  private func askToEnd(_ leader: pid_t, isLed: Bool) -> Int {
    let signal = definition?.running.stopSignal.flatMap { SignalName($0) }.map { Int32($0.number) } ?? SIGTERM
    // They are read before any is asked: once the first one has ended, nothing may tell any more whose the others are. When a
    // group is asked as one, none of it can be overlooked because it just started.
    let members = family(of: leader).living(in: survey.reading())
    if isLed { sendSignal(signal, to: -leader) }
    for entry in members {
      if !isLed || entry.group != leader { sendSignal(signal, to: entry.process) }
      guard entry.hasTerminal else { continue }
      // A shell that is typed into does not end when it is asked to, and does when its terminal goes away.
      sendSignal(SIGHUP, to: entry.process)
      sendSignal(SIGCONT, to: entry.process)
    }
    return members.count
  }

  private func advanceStop(_ stop: Stop, now: Int64) {
    var stop = stop
    if !stop.isAsked {
      askToEnd(stop.leader, isLed: true)
      stop.isAsked = true
      phase = .stopping(stop)
    }
    if let exitCode = stop.exitCode, now >= stop.lookAt {
      if isGone(stop.leader) {
        if let ending = stop.ending, next == nil { return settle(ending, leader: stop.leader, now: now) }
        killAll(of: stop.leader)
        return stopped(exitCode: exitCode, now: now)
      }
      stop.lookAt = now + Stop.pause
      phase = .stopping(stop)
    }
    guard now >= stop.killAt else { return }
    group?.kill()
    sendSignal(SIGKILL, to: -stop.leader)
    for entry in family(of: stop.leader).living(in: survey.reading()) {
      sendSignal(SIGKILL, to: entry.process)
    }
    if now >= stop.killAt + SupervisorRequest.killGrace, hopeless == nil {
      let text = "process \(stop.leader) is still running after SIGKILL"
      hopeless = text
      record.message = text
    }
  }

  /// Whether nothing is left of what a leader, which has ended, started.
  private func isGone(_ leader: pid_t) -> Bool {
    guard kill(-leader, 0) != 0, errno == ESRCH else { return false }
    if group?.processes?.isEmpty ?? true, survey.hasNoOrphans { return true }
    // A process that changes its parent while the table is read can be missed once.
    let family = family(of: leader)
    return (0...1).allSatisfy { family.living(in: survey.reading($0)).isEmpty }
  }

  /// Kills every process that belongs to it, wherever it went.
  private func killAll(of leader: pid_t) {
    group?.kill()
    sendSignal(SIGKILL, to: -leader)
    Sweep.kill(under: folder.service(record.name), since: survey.reading())
  }

  private func stopped(exitCode: Int, now: Int64) {
    finishLogs()
    phase = .ended
    record.process = nil
    record.exitCode = exitCode
    record.since = Clocks.now
    record.become(.stopped)
    record.message = nil
    if isKeptStopped { rest() }
    if let (definition, mode) = next {
      next = nil
      install(definition, mode, now: now)
    }
  }

  private func endMonitor() {
    monitor?.end()
    monitor = nil
  }

  // MARK: Logs

  private func readLogs() {
    guard !captures.isEmpty else { return }
    var lines: [UInt8] = []
    let now = Clocks.now
    for index in captures.indices.reversed() where captures[index].read(into: &lines, at: now) {
      close(captures[index].descriptor)
      captures.remove(at: index)
    }
    writeLog(lines)
  }

  private func finishLogs() {
    var lines: [UInt8] = []
    for index in captures.indices { captures[index].finish(into: &lines, at: Clocks.now) }
    captures = []
    writeLog(lines)
  }

  private func writeLog(_ lines: [UInt8]) {
    guard !lines.isEmpty else { return }
    // A service must not stop because its log can't be written; only the supervisor's log can hear of it.
    do { try log.append(lines) } catch { SupervisorLog.write("\(record.name): \(error)") }
  }
}
