import HealthChecks
import Planning
import ProviderKit
import Supervisor
import Values
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Performs one action, on a thread that may block.
struct ActionPerformer {
  /// How long one request waits, in milliseconds, before it is seen whether the command was cancelled.
  static let round: Int64 = 500
  /// How many lines of a service's log a failure shows.
  static let tail = 20

  let layout: Layout
  /// What becomes of fields on this machine.
  let fields: LocalFields
  /// How supervisors are started.
  let launcher: SupervisorLauncher
  /// What the action is performed with.
  let context: ActionContext
  /// Whether the caller still waits for it.
  let cancellation: Cancellation

  private var key: WorkloadKey { context.key }

  func perform(_ action: Action) throws {
    if context.desired == nil, Files.isFolder(layout.ports) {
      let lock = try FileLock.take(layout.portsLock, waiting: FileLock.patience)
      defer { close(lock) }
      try HeldPorts.forget(key, in: layout)
    }
    switch (action.subject, action.kind) {
    case (.instance(let id), .create), (.instance(let id), .start): _ = try launcher.connect(to: id, of: key)
    case (.instance(let id), .delete): try deleteInstance(id)
    case (.service(let id, let name), .stop): try stopService(name, in: id)
    case (.service(let id, let name), .delete): try deleteService(name, in: id)
    case (.service(let id, let name), .run): try run(name, in: id)
    case (.service(let id, let name), let kind):
      guard let mode = PutMode(kind) else { throw impossible(action) }
      try put(name, in: id, mode, leavesStopped: action.leavesStopped)
    case (.volume(let name, let ordinal), .delete): try deleteVolume(name, ordinal)
    default: throw impossible(action)
    }
  }

  private func impossible(_ action: Action) -> ActionFailure {
    ActionFailure("local processes have no way to \(action.kind.rawValue) \(action.subject)")
  }

  // MARK: Services

  private func put(_ name: String, in id: InstanceID, _ mode: PutMode, leavesStopped: Bool) throws {
    guard let workload = context.desired, let service = workload.service(name) else {
      throw ActionFailure("the workload has no service `\(name)`")
    }
    let client = try launcher.connect(to: id, of: key)
    guard case .record(let record) = try client.ask(.observe) else { throw unexpected(id) }
    let builder = DefinitionBuilder(
      layout: layout, inherited: launcher.environment, id: id, context: context, workload: workload,
      fields: fields)
    // What can't be read was made by another berth, and is made anew.
    let before = record.service(name).flatMap { try? made($0, in: id) }
    let recoveries = RecoveryReport(
      of: service.volumes.map { ($0.name, builder.location(of: $0, of: service)) }
        + (before?.places.all.map { ($0.name, $0.location) } ?? []), in: folder(id))
    defer { recoveries.sentences().forEach(context.report) }
    if mode != .update, client.version < SupervisorRequest.recoveryVersion, let before {
      try recover(before, in: id, client)
    }
    let attempt = try submit(
      service, to: client, builder, before, taken: record, mode, isKeptStopped: leavesStopped)
    guard let attempt else { return }
    try awaitReady(service, in: id, client, attempt: attempt)
  }

  /// Runs a service to its end, anew unless this run has begun it already. Its supervisor lives for no longer.
  private func run(_ name: String, in id: InstanceID) throws {
    guard let service = context.desired?.service(name) else {
      throw ActionFailure("the workload has no service `\(name)`")
    }
    let client = try launcher.connect(to: id, of: key)
    let digest = context.stamp(for: service, in: id).digest.description
    let before = try awaitEnd(of: name, in: id, client, unless: digest)
    let isBegun = before.map { $0.run == context.run.description && $0.digest == digest } ?? false
    // The supervisor that ran it has ended, and another one knows only how that came out.
    let isDone = isBegun && before?.hasCompleted == true
    let result = Result {
      if !isDone { try put(name, in: id, isBegun ? .ensure : .replace, leavesStopped: false) }
    }
    // Who gives up waiting says nothing of the service.
    if case .failure(let error) = result, error is CancellationError { throw error }
    if let client = try SupervisorClient.connect(to: folder(id)) { try shutDown(client, in: folder(id)) }
    try result.get()
  }

  /// Waits until a service has ended that an earlier run left running, for as long as the timeout allows: a migration that
  /// is broken off is worse than one that runs twice.
  ///
  /// - Parameter digest: what the service of this run is made from.
  /// - Returns: what is known of the service.
  private func awaitEnd(
    of name: String, in id: InstanceID, _ client: SupervisorClient, unless digest: String
  ) throws -> ServiceRecord? {
    let deadline = Clocks.monotonic + Int64(context.timeout / .milliseconds(1))
    var isTold = false
    while true {
      guard case .record(let record) = try client.ask(.observe) else { throw unexpected(id) }
      guard let service = record.service(name), service.process != nil,
        service.run != context.run.description || service.digest != digest,
        Clocks.monotonic < deadline
      else { return record.service(name) }
      if !isTold { context.report("an earlier run left it running: waiting for its end") }
      isTold = true
      try cancellation.check()
      usleep(100_000)
    }
  }

  private func folder(_ id: InstanceID) -> InstanceFolder { layout.instance(id, of: key) }

  private func made(_ record: ServiceRecord, in id: InstanceID) throws -> MadeService {
    try MadeService(record, of: key, id, in: layout)
  }

  /// Moves away what took the place of a service's volumes, for a supervisor of an older berth would delete it.
  private func recover(_ service: MadeService, in id: InstanceID, _ client: SupervisorClient) throws {
    guard service.volumeProblems().contains(where: { $0.problem != .isGone }) else { return }
    let name = service.record.name
    try tell(client, .stop(service: name), until: .stopped(service: name), in: id)
    try recover(service, in: id)
  }

  private func recover(_ service: MadeService, in id: InstanceID) throws {
    try VolumeRecovery(folder: folder(id), root: service.places.root)
      .recover(service.places.all, areMounted: service.record.mountsVolumes)
  }

  /// Sends a service to the supervisor.
  ///
  /// - Returns: the number by which its becoming ready can be waited for, if there is anything to wait for.
  private func submit(
    _ service: Service, to client: SupervisorClient, _ builder: DefinitionBuilder, _ before: MadeService?,
    taken record: InstanceRecord, _ mode: PutMode, isKeptStopped: Bool
  ) throws -> Int64? {
    let id = builder.id
    try makeVolumes(of: service, builder)
    // No other process may choose ports until these are written down.
    let lock = try FileLock.take(layout.portsLock, waiting: FileLock.patience)
    defer { close(lock) }
    let held = HeldPorts(layout: layout, key: key)
    let taken = try takenPorts(besides: service.name, in: id)
    let remembered = held.read().filter { $0.port.service == service.name }.map {
      AssignedPort(container: $0.port.container, transport: .tcp, host: $0.host)
    }
    let ports = PortAssignment.assign(
      service.ports, kept: (record.service(service.name)?.ports ?? []) + remembered, taken: taken,
      seed: "\(layout.home)/\(key)/\(id)/\(service.name)", isFree: HostPorts.isFree)
    guard let ports else { throw ActionFailure("there is no free port left for `\(service.name)`") }
    var builder = builder
    try held.note(ports, of: service.name, besides: taken)
    builder.addresses = try ServiceAddresses(
      layout: layout, key: key, workload: builder.workload, record: record
    ).given(to: service, ports: ports)
    let definition = try builder.definition(
      of: service, ports: ports, replacing: before, isKeptStopped: isKeptStopped)
    if !definition.running.limits.isUnset, client.version < SupervisorRequest.commandsVersion {
      context.report("\(id).\(service.name): its supervisor is of an older berth, which limits nothing")
    }
    guard client.version >= definition.neededVersion else {
      throw ActionFailure(
        "the supervisor of instance \(id) is of an older berth, which knows nothing of some fields of `\(service.name)`; "
          + "end its process\(record.supervisor.map { ", \($0.id)," } ?? "") and apply again: a new one takes over"
      )
    }
    if let before, mode != .update {
      tellKept(before, besides: layout.filePlaces(of: builder.workload, id, of: key))
    }
    switch try client.ask(.put(definition, mode)) {
    case .accepted(let attempt): return attempt
    case .done: return nil
    case .failed(let reason), .refused(let reason): throw ActionFailure(reason)
    default: throw unexpected(id)
    }
  }

  /// The ports of all other services under this home, and those that other workloads keep.
  private func takenPorts(besides service: String, in id: InstanceID) throws -> Set<Int> {
    let own = layout.instance(id, of: key)
    var taken: Set<Int> = []
    for name in try Files.names(in: layout.instances) where !name.hasPrefix(".") {
      let folder = InstanceFolder(path: "\(layout.instances)/\(name)")
      // What can't be read says nothing; its ports, if in use, are found to be so.
      guard let record = try? InstanceRecord.read(folder.state) else { continue }
      for other in record.services where folder != own || other.name != service {
        taken.formUnion(other.ports.map(\.host))
      }
    }
    for other in HeldPorts.all(in: layout) where other.key != key {
      taken.formUnion(other.read().map(\.host))
    }
    return taken
  }

  private func makeVolumes(of service: Service, _ builder: DefinitionBuilder) throws {
    for volume in service.volumes {
      if volume.type == .persistent {
        let ordinal = builder.ordinal(of: volume)
        let folder = layout.volume(volume.name, ordinal: ordinal, of: key)
        let record = VolumeRecord(key: key, name: volume.name, ordinal: ordinal, size: volume.size)
        try Files.makeFolders(folder.path)
        if try VolumeRecord.read(folder) != record { try record.write(folder) }
      }
      if volume.type.isMade { try Files.makeFolders(builder.location(of: volume, of: service).folder) }
    }
  }

  private func awaitReady(
    _ service: Service, in id: InstanceID, _ client: SupervisorClient, attempt: Int64
  ) throws {
    let deadline = Clocks.monotonic + Int64(context.timeout / .milliseconds(1))
    var last: String?
    while true {
      let left = max(0, min(Self.round, deadline - Clocks.monotonic))
      let reply: SupervisorReply
      do {
        reply = try client.ask(
          .wait(.ready(service: service.name, attempt: attempt), milliseconds: left), waiting: left)
      } catch is SupervisorHungUp {
        throw failure("its supervisor ended", of: service, in: id)
      }
      switch reply {
      case .done: return
      case .failed(let reason): throw failure(reason, of: service, in: id)
      case .pending(let message):
        if let message, message != last { context.report(message) }
        last = message ?? last
      default: throw unexpected(id)
      }
      try cancellation.check()
      if Clocks.monotonic >= deadline {
        throw failure(
          Readiness.missed(by: service, within: context.timeout, last: last), of: service, in: id,
          hasTimedOut: true)
      }
    }
  }

  private func failure(
    _ reason: String, of service: Service, in id: InstanceID, hasTimedOut: Bool = false
  ) -> ActionFailure {
    let folder = layout.instance(id, of: key)
    let attemptedAt = (try? InstanceRecord.read(folder.state))?.service(service.name)?.attemptedAt
    let log = ServiceLog(folder: folder, instance: id, service: service.name)
    // Without its log, a failure is still a failure.
    let lines = (try? log.lines(since: attemptedAt, tail: Self.tail)) ?? []
    return ActionFailure(reason, logTail: lines, hasTimedOut: hasTimedOut)
  }

  private func stopService(_ name: String, in id: InstanceID) throws {
    // Without a supervisor there is no process.
    guard let client = try SupervisorClient.connect(to: layout.instance(id, of: key)) else { return }
    try tell(client, .stop(service: name), until: .stopped(service: name), in: id)
  }

  private func deleteService(_ name: String, in id: InstanceID) throws {
    guard Files.isFolder(folder(id).path) else { return }
    let client = try launcher.connect(to: id, of: key)
    guard case .record(let record) = try client.ask(.observe) else { throw unexpected(id) }
    if let service = record.service(name).flatMap({ try? made($0, in: id) }) {
      try tell(client, .stop(service: name), until: .stopped(service: name), in: id)
      try leave(service, in: id)
    }
    try tell(client, .delete(service: name), until: .gone(service: name), in: id)
  }

  /// Leaves of a service that has stopped, in what outlives it, what is not berth's, and nothing else.
  private func leave(_ service: MadeService, in id: InstanceID) throws {
    let recoveries = RecoveryReport(of: service.places.all.map { ($0.name, $0.location) }, in: folder(id))
    defer { recoveries.sentences().forEach(context.report) }
    try recover(service, in: id)
    let wanted = context.desired.map { layout.filePlaces(of: $0, id, of: key) } ?? []
    for place in service.obsolete(besides: wanted, context.digestKey) where service.isInVolume(place.place) {
      try ServiceFolder.remove(place)
    }
    tellKept(service, besides: wanted)
  }

  private func tellKept(_ service: MadeService, besides wanted: [FolderPlace]) {
    for (name, place) in service.kept(besides: wanted, context.digestKey) {
      context.report("config file `\(name)` was changed since it was written, and stays: \(place)")
    }
  }

  /// Asks for something, and waits until it has come about.
  private func tell(
    _ client: SupervisorClient, _ request: SupervisorRequest, until condition: WaitCondition,
    in id: InstanceID
  ) throws {
    switch try client.ask(request) {
    case .done: break
    case .refused(let reason): throw ActionFailure(reason)
    default: throw unexpected(id)
    }
    while true {
      switch try client.ask(.wait(condition, milliseconds: Self.round), waiting: Self.round) {
      case .done: return
      case .failed(let reason): throw ActionFailure(reason)
      case .pending: try cancellation.check()
      default: throw unexpected(id)
      }
    }
  }

  // MARK: Instances and volumes

  private func deleteInstance(_ id: InstanceID) throws {
    let folder = layout.instance(id, of: key)
    let old = layout.oldInstance(id, of: key)
    // An earlier run may have been ended between the two steps below.
    try Files.remove(old.path)
    guard Files.kind(folder.path) != nil else { return }
    guard Files.kind(folder.state) != nil else {
      throw ProviderError("\(folder.path) is not an instance that berth made", help: "it is left as it is")
    }
    if let client = try SupervisorClient.connect(to: folder) { try shutDown(client, in: folder) }
    try launcher.endLeftovers(in: folder)
    for record in try InstanceRecord.read(folder.state)?.services ?? [] {
      if let service = try? made(record, in: id) { try leave(service, in: id) }
    }
    try Files.rename(folder.path, to: old.path)
    try Files.remove(old.path)
  }

  /// Tells a supervisor to end, and waits until it has.
  private func shutDown(_ client: SupervisorClient, in folder: InstanceFolder) throws {
    guard case .record(let record) = try client.ask(.observe) else { throw unexpected(nil) }
    do {
      var longest: Int64 = 0
      for service in record.services {
        let spec = try? Service(json: CanonicalJSON.compact(service.spec))
        longest += (spec?.stopGrace.milliseconds ?? 0) + SupervisorRequest.killGrace
      }
      guard case .done = try client.ask(.shutDown, waiting: longest) else { throw unexpected(nil) }
    } catch is SupervisorHungUp {
      // It ended, which is what was wanted.
    }
  }

  private func deleteVolume(_ name: String, _ ordinal: Int?) throws {
    let folder = layout.volume(name, ordinal: ordinal, of: key)
    let old = folder.path + ".old"
    try Files.remove(old)
    for path in (try? Files.names(in: layout.volumes, startingWith: folder.path.lastPart + ".recovered-"))
      ?? []
    {
      context.report("data that was moved aside from its place stays: \(layout.volumes)/\(path)")
    }
    guard Files.kind(folder.path) != nil else { return }
    try Files.rename(folder.path, to: old)
    try Files.remove(old)
  }

  private func unexpected(_ id: InstanceID?) -> ProviderError {
    ProviderError(
      "the supervisor of \(key)" + (id.map { ", instance \($0)," } ?? "")
        + " gave an answer that makes no sense")
  }
}

extension PutMode {
  /// How a service is made to run by a kind of action; `nil` for what does not make it run.
  fileprivate init?(_ kind: ActionKind) {
    switch kind {
    case .create, .start: self = .ensure
    case .update: self = .update
    case .restart: self = .restart
    case .replace: self = .replace
    case .adopt, .stop, .run, .scale, .delete, .hold, .record: return nil
    }
  }
}
