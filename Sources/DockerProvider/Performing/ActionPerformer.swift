import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Performs one action on an engine.
///
/// Everything has one name, and is made under it: what a run that was killed left behind is either what is wanted
/// already, or gives way to it. Nothing is ever made beside it that could be forgotten.
struct ActionPerformer: Sendable {
  /// The engine.
  let client: DockerClient
  /// What the action is performed with.
  let context: ActionContext
  /// Where images come from.
  let images: ImageSupply
  /// What was restarted already.
  let restarts: RestartMemory
  /// By which way services are asked how they are.
  let route: ProbeRoute

  private var key: WorkloadKey { context.key }
  private var names: EngineNames { EngineNames(key: key) }

  /// Performs an action.
  func perform(_ action: Action) async throws {
    switch (action.subject, action.kind) {
    case (.instance(let id), .create), (.instance(let id), .start): try await makeInstance(id)
    case (.instance(let id), .delete): try await deleteInstance(id)
    case (.service(let id, let name), .delete): try await deleteService(name, in: id)
    case (.service(let id, let name), .stop): try await stopService(name, in: id)
    case (.service(let id, let name), .create), (.service(let id, let name), .start),
      (.service(let id, let name), .update), (.service(let id, let name), .restart),
      (.service(let id, let name), .replace):
      try await put(name, in: id, action)
    case (.volume(let name, let ordinal), .delete): try await deleteVolume(name, ordinal)
    default: throw ActionFailure("Docker has no way to \(action.kind.rawValue) \(action.subject)")
    }
  }

  // MARK: Services

  /// What an action needs to know of the service that it makes or changes.
  private struct Subject {
    let service: Service
    let id: InstanceID
    let builder: ContainerBuilder
    /// What its container is to be stamped with.
    let stamp: ServiceStamp
    /// The container that is there.
    var found: Found?
  }

  /// A container of ours that is there.
  private struct Found {
    let container: Container
    let stamp: ServiceStamp
    var id: String { container.id }
  }

  private func put(_ name: String, in id: InstanceID, _ action: Action) async throws {
    guard let workload = context.desired, let service = workload.service(name) else {
      throw ActionFailure("the workload has no service `\(name)`")
    }
    let builder = ContainerBuilder(workload: workload, id: id, context: context)
    var subject = Subject(service: service, id: id, builder: builder, stamp: builder.stamp(of: service))
    subject.found = try await find(name, in: id)
    guard let found = subject.found else {
      return try await make(subject, leavesStopped: action.leavesStopped)
    }
    switch action.kind {
    case .replace where found.stamp.stamp.run != context.run || !isMade(found, as: subject),
      .create where !isMade(found, as: subject):
      try await provideImage(of: subject)
      try await remove(found.container, grace: found.stamp.spec.stopGrace)
      return try await make(subject, leavesStopped: action.leavesStopped)
    case .update, .restart: try await client.containers.update(found.id, builder.update(of: service))
    default: break
    }
    if action.leavesStopped { return try await stopService(name, in: id) }
    switch action.kind {
    case .update: return
    case .restart: try await restart(found, subject)
    default: try await start(found.container, subject)
    }
  }

  /// Whether a container is what an action would make.
  private func isMade(_ found: Found, as subject: Subject) -> Bool {
    found.stamp.stamp.digest == subject.stamp.stamp.digest
      && found.stamp.secretDigests == subject.stamp.secretDigests
  }

  /// The container of a service, whatever it is called now.
  ///
  /// - Throws: `ActionFailure` if something that is not ours sits on its name.
  private func find(_ service: String, in id: InstanceID) async throws -> Found? {
    for isStopped in [false, true] {
      let name = names.container(of: service, in: id, isStopped: isStopped)
      guard let container = try await ifFound({ try await client.containers.inspect(name) }) else { continue }
      let stamp = try? ServiceStamp(labels: container.config.labels ?? [:], key: key)
      guard let stamp, stamp.stamp.instance == id, stamp.stamp.service == service else {
        throw ActionFailure("the container `\(name)` is in the way: berth did not create it")
      }
      return Found(container: container, stamp: stamp)
    }
    return nil
  }

  // MARK: Making

  private func make(_ subject: Subject, leavesStopped: Bool) async throws {
    let creation = try subject.builder.container(of: subject.service)
    try await provideImage(of: subject)
    try await makeVolumes(of: subject)
    let name = names.container(of: subject.service.name, in: subject.id)
    let created = try await client.containers.create(named: name, creation)
    if leavesStopped { return }
    try await putFiles(of: subject, into: created.id) {
      try await client.containers.inspect(created.id).config.user
    }
    try await start(created.id, of: subject.service.name)
    try await awaitReady(created.id, subject)
  }

  private func provideImage(of subject: Subject) async throws {
    try await images.provide(
      for: subject.service, credentials: try subject.builder.credentials(of: subject.service),
      in: context.run,
      on: client,
      report: context.report)
  }

  private func makeVolumes(of subject: Subject) async throws {
    for volume in subject.service.volumes {
      let place = VolumePlace(volume, in: subject.id, of: subject.builder.workload.kind)
      let made = try await client.volumes.create(
        VolumeCreation(
          name: names.volume(place), labels: Label.volume(place, size: volume.size, key, run: context.run)))
      guard Label.mark(made.labels, as: key) else {
        throw ActionFailure("the volume `\(made.name)` is in the way: berth did not create it")
      }
    }
  }

  // MARK: Starting

  /// Starts a container, unless it runs, and waits until it is ready.
  private func start(_ container: Container, _ subject: Subject) async throws {
    let reader = reader(container, subject)
    if reader.state == .stopped, reader.exitCode == 0, subject.service.role == .`init` { return }
    if !reader.isRunning, container.state.status != "restarting" {
      if container.state.status == "created" {
        // It has never run, so nothing that it was given can be lost.
        try await putFiles(of: subject, into: container.id) { container.config.user }
      }
      let name = names.container(of: subject.service.name, in: subject.id)
      if container.name != name { try await client.containers.rename(container.id, to: name) }
      try await start(container.id, of: subject.service.name)
    }
    try await awaitReady(container.id, subject)
  }

  private func putFiles(
    of subject: Subject, into container: String, user: () async throws -> String?
  ) async throws {
    try await ContainerFiles(client: client).put(
      subject.builder.files(of: subject.service), into: container, user: user)
  }

  private func start(_ id: String, of service: String) async throws {
    do {
      try await client.containers.start(id)
    } catch let error as DockerError where error.status != nil {
      throw ActionFailure("the engine can't start `\(service)`: \(error.message)")
    }
  }

  private func restart(_ found: Found, _ subject: Subject) async throws {
    let restart = RestartMemory.Restart(
      run: context.run, key: key, instance: subject.id, service: subject.service.name)
    if restarts.isDone(restart) { return try await start(found.container, subject) }
    guard reader(found.container, subject).isRunning else {
      try await start(found.container, subject)
      return restarts.note(restart)
    }
    try await client.containers.restart(
      found.id, grace: ContainerFields.seconds(subject.service.stopGrace))
    restarts.note(restart)
    try await awaitReady(found.id, subject)
  }

  private func reader(_ container: Container, _ subject: Subject) -> ContainerReader {
    ContainerReader(names: names, container: container, stamp: subject.found?.stamp ?? subject.stamp)
  }

  private func awaitReady(_ container: String, _ subject: Subject) async throws {
    let watch = ReadinessWatch(
      client: client, names: names, route: route, timeout: context.timeout,
      report: { [context] in context.report("\(subject.id).\(subject.service.name): \($0)") })
    try await watch.wait(for: subject.service, in: subject.id, container: container)
  }

  // MARK: Stopping

  private func stopService(_ name: String, in id: InstanceID) async throws {
    guard let found = try await find(name, in: id) else { return }
    // The name goes first: it says, whatever happens next, that somebody wanted it stopped.
    let stopped = names.container(of: name, in: id, isStopped: true)
    if found.container.name != stopped { try await client.containers.rename(found.id, to: stopped) }
    try await client.containers.stop(found.id, grace: ContainerFields.seconds(found.stamp.spec.stopGrace))
  }

  private func deleteService(_ name: String, in id: InstanceID) async throws {
    guard let found = try await find(name, in: id) else { return }
    try await remove(found.container, grace: found.stamp.spec.stopGrace)
  }

  /// Stops a container and takes it away. That it has gone meanwhile is as good.
  private func remove(_ container: Container, grace: SpecDuration) async throws {
    _ = try await ifFound {
      if container.state.running {
        try await client.containers.stop(container.id, grace: ContainerFields.seconds(grace))
      }
      try await client.containers.remove(container.id, force: true)
    }
  }

  // MARK: Instances and volumes

  /// Makes the network that an instance's services live in. What is left of an instance that lost its network is
  /// taken away: its services can't be moved to another one.
  private func makeInstance(_ id: InstanceID) async throws {
    let name = names.network(of: id)
    if let network = try await ifFound({ try await client.networks.inspect(name) }) {
      guard Label.mark(network.labels, as: key) else {
        throw ActionFailure("the network `\(name)` is in the way: berth did not create it")
      }
      return
    }
    try await removeServices(of: id)
    try await client.networks.create(
      NetworkCreation(name: name, labels: Label.network(of: id, key, run: context.run)))
  }

  private func deleteInstance(_ id: InstanceID) async throws {
    try await removeServices(of: id)
    let network = try await ifFound { try await client.networks.inspect(names.network(of: id)) }
    if let network, Label.mark(network.labels, as: key) {
      let strangers = (network.containers ?? [:]).values.map(\.name).sorted()
      guard strangers.isEmpty else {
        throw ActionFailure(
          "the network `\(network.name)` is used by `\(strangers.joined(separator: "`, `"))`, which berth did not put there"
        )
      }
      _ = try await ifFound { try await client.networks.remove(network.id) }
    }
    for volume in try await client.volumes.list(filters: ["name": ["^\(names.prefix)"]]) {
      guard case .instance(_, id) = names.volume(named: volume.name), Label.mark(volume.labels, as: key)
      else { continue }
      _ = try await ifFound { try await client.volumes.remove(volume.name) }
    }
  }

  /// Takes away every container of an instance.
  private func removeServices(of id: InstanceID) async throws {
    let summaries = try await client.containers.list(filters: ["name": ["^/?\(names.network(of: id))_"]])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for summary in summaries {
        guard summary.names.contains(where: { names.container(named: $0)?.instance == id }),
          let stamp = try? ServiceStamp(labels: summary.labels ?? [:], key: key), stamp.stamp.instance == id
        else { continue }
        group.addTask {
          let container = try await ifFound { try await client.containers.inspect(summary.id) }
          if let container { try await remove(container, grace: stamp.spec.stopGrace) }
        }
      }
      try await group.waitForAll()
    }
  }

  private func deleteVolume(_ name: String, _ ordinal: Int?) async throws {
    let volumes = try await client.volumes.list(filters: ["name": ["^\(names.prefix)"]])
    for volume in volumes where Label.mark(volume.labels, as: key) {
      guard let place = names.volume(named: volume.name), place.name == name, place.ordinal == ordinal
      else { continue }
      _ = try await ifFound { try await client.volumes.remove(volume.name) }
    }
  }
}
