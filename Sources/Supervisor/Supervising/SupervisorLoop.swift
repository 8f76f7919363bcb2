import CProcess
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a supervisor does, in one thread: it waits until something happens, lets each service and client that it concerns go on,
/// writes down what changed, and answers.
final class SupervisorLoop {
  /// How often it looks whether its folder is still there, in milliseconds.
  static let folderCheckInterval: Int64 = 10_000
  /// How long it waits, in milliseconds, for the lock of its folder: the command that starts it has just given it back, and
  /// another process which that command started at the same moment may hold it until it has become its program.
  static let lockPatience: Int64 = 2_000

  private let folder: InstanceFolder
  private let lock: Int32
  private let folderIdentity: ino_t
  private let signals: Int32
  private let listener: Int32
  private let mounts: MountNamespace?
  private let survey = ProcessSurvey()
  private var record: InstanceRecord
  private var units: [ServiceUnit] = []
  private var connections: [Connection] = []
  private var commands: [CommandProcess] = []
  private var watchdog: Guard?
  private var isShuttingDown = false
  /// Whether the services that there are differ from those that were written down.
  private var hasChanged = true

  /// Takes over an instance: its folder, its lock, and what is known of its services.
  init(_ folder: InstanceFolder) throws {
    self.folder = folder
    umask(0o077)
    lock = try FileLock.take(folder.lock, waiting: Self.lockPatience)
    guard let known = try InstanceRecord.read(folder.state) else {
      throw MalformedMessage("\(folder.state) is missing")
    }
    record = known
    // From here on, the socket's name can be short, however long the path is.
    guard chdir(folder.path) == 0 else { throw SystemError("enter \(folder.path)") }
    var status = stat()
    folderIdentity = stat(".", &status) == 0 ? status.st_ino : 0
    let code = berth_adopt_orphans()
    if code != 0 { throw SystemError("adopt orphans", code: code) }
    watchdog = try Guard(folder: folder, lock: lock)
    signals = berth_signal_pipe()
    if signals < 0 { throw SystemError("handle signals") }
    listener = try Self.listen()
    mounts = MountNamespace(trying: folder.path)
    record.controlGroups = ControlGroupSearch().groups
    for error in record.controlGroups.handOnControllers() { SupervisorLog.write("\(error)") }
    folder.removeForgottenGroups(in: record.controlGroups)
    survey.accountedFor = { [unowned self] in
      Set(units.flatMap(\.processes) + [watchdog?.process].compactMap(\.self))
    }
    for service in known.services { add(service.remains(endedAt: Clocks.now)) }
    record.bootID = ProcessTable.bootID
    let own = getpid()
    record.supervisor = ProcessMark(id: own, startTicks: ProcessTable.entry(of: own)?.startTicks ?? 0)
    try Files.makeFolders(folder.logs)
    writeState()
  }

  private static func listen() throws(SystemError) -> Int32 {
    // What an earlier supervisor left; it listens no more, for we have its lock.
    unlink(InstanceFolder.socketName)
    let listener = try Sockets.make(AF_UNIX, Sockets.stream, isNonBlocking: true)
    let result = try Sockets.withUnixAddress(InstanceFolder.socketName) { bind(listener, $0, $1) }
    if result != 0 || systemListen(listener, 16) != 0 {
      throw SystemError("listen on \(InstanceFolder.socketName)")
    }
    return listener
  }

  /// Goes round until there is nothing left to do.
  func run() -> Never {
    while true {
      let now = Clocks.monotonic
      reap(now: now)
      for unit in units { unit.advance(now: now) }
      for command in commands { command.advance(now: now) }
      if isShuttingDown { stopInOrder(now: now) }
      forgetLeavers()
      writeState()
      answer(now: now)
      if isShuttingDown, units.allSatisfy(\.hasEnded) { end() }
      wait()
    }
  }

  // MARK: Waiting

  private func wait() {
    let now = Clocks.monotonic
    var interests = [
      pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
      pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
    ]
    let fixed = interests.count
    interests += connections.map(\.interest)
    for unit in units { interests += unit.interests }
    var wakeAt = now + Self.folderCheckInterval
    for unit in units { if let deadline = unit.deadline(now: now) { wakeAt = min(wakeAt, deadline) } }
    for command in commands { if let killAt = command.killAt { wakeAt = min(wakeAt, max(killAt, now + 20)) } }
    for connection in connections {
      if let waiting = connection.waiting { wakeAt = min(wakeAt, waiting.deadline) }
    }
    let count = poll(&interests, nfds_t(interests.count), Int32(max(0, wakeAt - now)))
    if count == 0, wakeAt == now + Self.folderCheckInterval { checkFolder() }
    guard count > 0 else { return }
    if interests[0].revents != 0 { readSignals() }
    let answered = Set(
      interests[fixed..<fixed + connections.count].filter { $0.revents != 0 }.map(\.fd))
    for index in connections.indices.reversed() where answered.contains(connections[index].descriptor) {
      serve(index)
    }
    if interests[1].revents != 0 { accept() }
  }

  private func readSignals() {
    var numbers = [UInt8](repeating: 0, count: 64)
    while true {
      let count = read(signals, &numbers, numbers.count)
      guard count > 0 else { return }
      if numbers.prefix(count).contains(UInt8(SIGTERM)) { isShuttingDown = true }
    }
  }

  private func reap(now: Int64) {
    var ends: [(process: pid_t, status: Int32)] = []
    var status: Int32 = 0
    while case let process = waitpid(-1, &status, WNOHANG), process > 0 { ends.append((process, status)) }
    survey.renew()
    for (process, status) in ends {
      if process == watchdog?.process {
        watchdog?.forget()
        watchdog = nil
        continue
      }
      let exitCode = ExitText.code(ofStatus: status)
      if commandEnded(process, exitCode: exitCode) { continue }
      // A process that belongs to no service was an orphan of one, and its end changes nothing.
      for unit in units where unit.processEnded(process, exitCode: exitCode, now: now) { break }
    }
  }

  /// An instance whose folder was taken away by hand is not to be seen, and must not be there either.
  private func checkFolder() {
    var status = stat()
    if stat(folder.path, &status) != 0 || status.st_ino != folderIdentity { isShuttingDown = true }
  }

  // MARK: Stopping

  /// Stops each service once nothing that depends on it runs any more.
  private func stopInOrder(now: Int64) {
    let living = units.filter { !$0.hasEnded }
    for unit in living where !living.contains(where: { $0.record.dependencies.contains(unit.record.name) }) {
      unit.stop(now: now)
    }
  }

  private func forgetLeavers() {
    for index in units.indices.reversed() where units[index].isLeaving && units[index].hasEnded {
      do { try units[index].removeFiles() } catch { SupervisorLog.write("\(error)") }
      units.remove(at: index)
      hasChanged = true
    }
  }

  private func end() -> Never {
    unlink(InstanceFolder.socketName)
    folder.removeGroups(in: record.controlGroups)
    for index in connections.indices {
      if case .everything = connections[index].waiting?.condition { connections[index].send(.done) }
    }
    exit(0)
  }

  // MARK: State

  private func writeState() {
    if watchdog == nil {
      do { watchdog = try Guard(folder: folder, lock: lock) } catch { SupervisorLog.write("\(error)") }
    }
    guard hasChanged || units.contains(where: \.hasChanged) else { return }
    record.services = units.map(\.record).sorted { $0.name < $1.name }
    do {
      try record.write(InstanceFolder.stateName, durably: hasChanged)
      hasChanged = false
      for unit in units { unit.hasChanged = false }
    } catch {
      // It is tried again in the next round; without a disk, services run on all the same.
      SupervisorLog.write("\(error)")
    }
  }

  // MARK: Requests

  private func accept() {
    while true {
      let descriptor = systemAccept(listener)
      guard descriptor >= 0 else { return }
      connections.append(Connection(descriptor: descriptor))
    }
  }

  private func serve(_ index: Int) {
    connections[index].flush()
    guard let requests = connections[index].read() else {
      disconnect(index)
      return
    }
    for line in requests {
      // What came with a request that has no use for it is closed.
      let descriptors = connections[index].takeDescriptors()
      do {
        let json = try Value(json: line)
        if let reply = handle(try SupervisorRequest(json: json), descriptors, index) {
          connections[index].send(reply)
        }
      } catch {
        connections[index].send(.refused("the request was not understood: \(error)"))
      }
    }
  }

  /// Does what is asked.
  ///
  /// - Returns: the answer; `nil` if it comes later.
  private func handle(
    _ request: SupervisorRequest, _ descriptors: [OwnedDescriptor], _ index: Int
  ) -> SupervisorReply? {
    let now = Clocks.monotonic
    switch request {
    case .hello(let versions):
      guard let version = versions.filter({ SupervisorRequest.versions.contains($0) }).max() else {
        return .refused("this supervisor speaks only the versions \(SupervisorRequest.versions)")
      }
      return .hello(version: version)
    case .observe:
      record.services = units.map(\.record).sorted { $0.name < $1.name }
      return .record(record)
    case .put(let definition, let mode):
      if isShuttingDown { return .failed("the supervisor is ending") }
      let unit = unit(for: definition.record)
      let isAttempt: Bool
      do { isAttempt = try unit.put(definition, mode, now: now) } catch {
        return .failed("the system refuses its new limits: \(error)")
      }
      writeState()
      return isAttempt ? .accepted(attempt: unit.attempt) : .done
    case .stop(let service):
      units.first { $0.record.name == service }?.keepStopped(now: now)
      return .done
    case .delete(let service):
      units.first { $0.record.name == service }?.leave(now: now)
      return .done
    case .wait(let condition, let milliseconds):
      connections[index].waiting = (.service(condition), now + milliseconds)
      return nil
    case .exec(let command): return start(command, descriptors, index)
    case .shutDown:
      isShuttingDown = true
      connections[index].waiting = (.everything, Int64.max)
      return nil
    }
  }

  private func unit(for record: ServiceRecord) -> ServiceUnit {
    if let unit = units.first(where: { $0.record.name == record.name }) { return unit }
    hasChanged = true
    return add(record)
  }

  @discardableResult
  private func add(_ service: ServiceRecord) -> ServiceUnit {
    let unit = ServiceUnit(record: service, in: folder, record.controlGroups, mounts, survey)
    unit.strangers = { [unowned self, unowned unit] in
      guard units.allSatisfy({ $0 === unit || $0.hasEnded }) else { return nil }
      return watchdog.map { [$0.process] } ?? []
    }
    units.append(unit)
    return unit
  }

  // MARK: Commands beside services

  /// Starts a command.
  ///
  /// - Returns: why there is none; `nil` if it runs, and its end is the answer.
  private func start(
    _ command: ServiceCommand, _ descriptors: [OwnedDescriptor], _ index: Int
  ) -> SupervisorReply? {
    guard descriptors.count == command.descriptorCount else {
      return .refused("\(command.descriptorCount) descriptors are expected, and \(descriptors.count) came")
    }
    guard let unit = units.first(where: { $0.record.name == command.service }) else {
      return .failed("there is no service `\(command.service)`")
    }
    guard let surroundings = unit.commandSurroundings else {
      let state = unit.record.state.rawValue
      return .failed("service `\(command.service)` does not run: it is \(state)")
    }
    let numbers = descriptors.map(\.value)
    let streams =
      command.terminal == nil
      ? Spawn.Streams(input: numbers[0], output: numbers[1], error: numbers[2])
      : Spawn.Streams(terminal: numbers[0])
    do {
      let process = try surroundings.start(command.words, streams, terminal: command.terminal)
      commands.append(CommandProcess(process: process))
      connections[index].waiting = (.command(process), Int64.max)
      return nil
    } catch {
      return .ended(exitCode: Int64(error.exitCode), reason: error.message)
    }
  }

  /// Takes note of the end of a process.
  ///
  /// - Returns: whether it was a command's.
  private func commandEnded(_ process: pid_t, exitCode: Int) -> Bool {
    guard let ended = commands.firstIndex(where: { $0.process == process }) else { return false }
    commands.remove(at: ended).ended()
    for index in connections.indices {
      guard case .command(process) = connections[index].waiting?.condition else { continue }
      connections[index].waiting = nil
      connections[index].send(.ended(exitCode: Int64(exitCode), reason: nil))
    }
    return true
  }

  /// Lets go of one who has gone, and of what ran for him alone.
  private func disconnect(_ index: Int) {
    if case .command(let process) = connections[index].waiting?.condition,
      let command = commands.firstIndex(where: { $0.process == process })
    {
      commands[command].hangUp(now: Clocks.monotonic)
    }
    connections[index].end()
    connections.remove(at: index)
  }

  /// Answers those whose wait is over.
  private func answer(now: Int64) {
    for index in connections.indices {
      guard let (condition, deadline) = connections[index].waiting,
        case .service(let awaited) = condition
      else { continue }
      let reply = outcome(of: awaited)
      if case .pending = reply, now < deadline { continue }
      connections[index].waiting = nil
      connections[index].send(reply)
    }
  }

  private func outcome(of condition: WaitCondition) -> SupervisorReply {
    switch condition {
    case .ready(let service, let attempt):
      guard let unit = units.first(where: { $0.record.name == service }) else {
        return .failed("the service was deleted")
      }
      return unit.attempt == attempt ? unit.outcome : .failed("another request took its place")
    case .stopped(let service):
      guard let unit = units.first(where: { $0.record.name == service }), !unit.hasEnded else { return .done }
      if case .failed(let reason) = unit.outcome { return .failed(reason) }
      return .pending(unit.record.message)
    case .gone(let service):
      guard let unit = units.first(where: { $0.record.name == service }) else { return .done }
      if case .failed(let reason) = unit.outcome, !unit.hasEnded { return .failed(reason) }
      return .pending(unit.record.message)
    }
  }
}

private func systemListen(_ descriptor: Int32, _ backlog: Int32) -> Int32 { listen(descriptor, backlog) }
private func systemAccept(_ descriptor: Int32) -> Int32 { accept(descriptor, nil, nil) }
