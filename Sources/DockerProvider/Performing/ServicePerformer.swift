import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Makes the services of a workload what they should be, each by its container.
///
/// A container that runs is replaced in steps that any other run can take up: it is given another name, the new one is
/// made, it is stopped and, while the new one starts, removed. The new one starts when nothing of the old one runs any
/// more, while the engine still tidies up, unless a port of the host must become free.
struct ServicePerformer: Sendable {
  let client: DockerClient
  /// What the action is performed with.
  let context: ActionContext
  /// Where images come from.
  let images: ImageSupply
  /// The registries that secrets may be sent to.
  let registries: ListedRegistries
  /// What was restarted already.
  let restarts: RestartMemory
  /// By which way services are asked how they are.
  let route: ProbeRoute
  /// What becomes of fields on the engine.
  let table: ContainerTable
  /// Looks up what the last release has of another workload.
  let released: @Sendable (WorkloadKey) async -> Workload?

  private var key: WorkloadKey { context.key }
  private var names: EngineNames { EngineNames(key: key) }
  /// Makes and removes volumes.
  var volumes: VolumeSupply { VolumeSupply(client: client, context: context) }

  /// What an action needs to know of the service that it makes or changes.
  private struct Subject {
    let service: Service
    let id: InstanceID
    let builder: ContainerBuilder
    /// What its container is to be stamped with.
    let stamp: ServiceStamp
    /// The container that is there.
    var found: FoundContainer?
  }

  private func subject(_ name: String, in id: InstanceID) throws(ActionFailure) -> Subject {
    guard let workload = context.desired, let service = workload.service(name) else {
      throw ActionFailure("the workload has no service `\(name)`")
    }
    let builder = ContainerBuilder(workload: workload, id: id, context: context, table: table)
    return Subject(service: service, id: id, builder: builder, stamp: builder.stamp(of: service))
  }

  /// Makes a service what the spec says, by an action that creates, starts, changes, restarts or replaces it. Others find it
  /// when its instance is ready.
  func put(_ name: String, in id: InstanceID, _ action: Action) async throws {
    let subject = try subject(name, in: id)
    try await put(subject, action)
    if subject.builder.home == .shared, action.kind != .restart, action.kind != .start {
      try await network.deleteIfUnused(id)
    }
    if !action.leavesStopped { try await namesNetwork(of: key).add(id) }
  }

  private func put(_ wanted: Subject, _ action: Action) async throws {
    var subject = wanted
    let (name, id) = (subject.service.name, subject.id)
    // Before anything is taken away: it may have to be pulled, or not be had.
    async let looked = find(name, in: id)
    if [.create, .replace].contains(action.kind) { try await provideImage(of: subject) }
    subject.found = try await looked
    // Before a volume is made anew because it is not known where its data is.
    if [.create, .replace].contains(action.kind) || subject.found == nil { try await forgetGone() }
    guard var found = subject.found else {
      return try await make(subject, leavesStopped: action.leavesStopped)
    }
    // An adoption may have been broken off between its stamp and this.
    if found.stamp.adoption != nil { try await volumes.rememberData(of: found.container.config.labels) }
    found = try await withoutStrangeness(found)
    switch action.kind {
    case .replace where found.stamp.stamp.run != context.run || !isMade(found, as: subject),
      .create where !isMade(found, as: subject):
      return try await replace(found, by: subject, leavesStopped: action.leavesStopped)
    case .update, .restart:
      found = try await mend(try await settle(found))
      try await client.containers.update(found.id, table.update(of: subject.service))
    default:
      // It may have been told to stop, and be about to.
      let mayEnd = found.container.state.running && !found.successors.isEmpty
      found = try await mend(try await settle(found))
      if mayEnd, !action.leavesStopped {
        try await namesNetwork(of: key).remove(found.container)
        try await client.containers.restart(found.id, grace: grace(of: found))
      }
    }
    if action.leavesStopped { return try await stop(name, in: id) }
    switch action.kind {
    case .update: return
    case .restart: try await restart(found, subject)
    default: try await start(found.container, subject)
    }
  }

  /// Whether a container is what an action would make.
  private func isMade(_ found: FoundContainer, as subject: Subject) -> Bool {
    found.stamp.adoption == nil && found.stamp.stamp.digest == subject.stamp.stamp.digest
      && found.stamp.secretDigests == subject.stamp.secretDigests
  }

  private func find(_ service: String, in id: InstanceID) async throws -> FoundContainer? {
    try await FoundContainer.find(service, in: id, of: key, on: client)
  }

  // MARK: Taking over

  /// Makes a container a service's that berth did not make: it gets its stamp, then the service's name and networks, while it
  /// does its work.
  func adopt(_ name: String, in id: InstanceID, _ action: Action) async throws {
    guard let container = action.adopts else { throw ActionFailure("nothing is named to adopt as `\(name)`") }
    let subject = try subject(name, in: id)
    let filters = StampedContainers(client: client, key: key).filters(of: id, service: name)
    if try await AdoptionStamps.list(filters, on: client).labels[container] == nil {
      try await stamp(container, subject)
    }
    guard let found = try await find(name, in: id), found.id == container else {
      throw ActionFailure("another container is `\(name)` of instance \(id) by now")
    }
    if let (volume, data, other) = try await volumes.rememberData(of: found.container.config.labels).first {
      throw ActionFailure("the volume `\(volume)` has what `\(other)` holds, and not what `\(data)` does")
    }
    _ = try await mend(found)
    try await namesNetwork(of: key).add(id)
  }

  /// Puts the stamp beside a container, from when on it is ours.
  private func stamp(_ id: String, _ subject: Subject) async throws {
    guard let container = try await ifFound({ try await client.containers.inspect(id) }) else {
      throw ActionFailure("the container that was to be adopted as `\(subject.service.name)` is gone")
    }
    if let owner = Label.owner(of: container.config.labels) {
      throw ActionFailure("the container `\(container.name)` belongs to the workload \(owner)")
    }
    let project = container.config.labels?[ComposeLabel.project]
    let image = try await ifFound { try await client.images.inspect(container.imageID) }
    let stamp = try await AdoptionReading(
      client: client, key: key, workload: subject.builder.workload, table: table,
      digestKey: { [context] in context.digestKey }, run: context.run
    ).stamp(
      of: container, image?.config, as: subject.service, in: subject.id, origin: project ?? container.name)
    // An engine gives a name to one only, and tells who comes too late whose it is.
    let volume = try await client.volumes.create(
      VolumeCreation(name: ContainerAdoption.volume(of: id), labels: Label.own(of: stamp.labels)))
    guard Label.mark(volume.labels, as: key), volume.labels?[Label.instance] == subject.id.description,
      volume.labels?[Label.service] == subject.service.name
    else {
      throw ActionFailure(
        "the container `\(container.name)` was adopted by the workload \(Label.owner(of: volume.labels) ?? "of another")"
      )
    }
  }

  // MARK: Running once

  /// Runs a service to its end, anew unless this run has begun it already. One that an earlier run left running has its
  /// time to end first: a migration that is broken off is worse than one that runs twice.
  func run(_ name: String, in id: InstanceID) async throws {
    var subject = try subject(name, in: id)
    try await provideImage(of: subject)
    subject.found = try await find(name, in: id)
    if let found = subject.found {
      let found = try await withoutStrangeness(found)
      if found.stamp.stamp.run == context.run, isMade(found, as: subject) {
        return try await ending(subject) { try await start(found.container, subject) }
      }
      if found.container.state.running {
        context.report("an earlier run left it running: waiting for its end")
        var left = subject
        left.found = found
        // However it ends, or if it does not in time, it gives way.
        do { try await awaitReady(found.id, left) } catch is ActionFailure {}
      }
      for other in found.successors { try await remove(other) }
      try await remove(found)
    }
    try await ending(subject) { try await make(subject, leavesStopped: false) }
  }

  /// Runs something after which nothing of a service may run any more, be it a success or not.
  private func ending(_ subject: Subject, _ body: () async throws -> Void) async throws {
    do { try await body() } catch let error as ActionFailure {
      if let left = try await find(subject.service.name, in: subject.id), left.container.state.running {
        // Not asked to stop: one that ends well when it is asked would count as completed.
        try? await client.containers.kill(left.id)
        _ = try await ifFound { try await client.containers.stop(left.id, grace: 0) }
      }
      throw error
    }
  }

  // MARK: Making

  private func make(_ subject: Subject, leavesStopped: Bool, insteadOf old: ServiceStamp? = nil) async throws
  {
    let id = try await create(subject, withFiles: !leavesStopped)
    if let old { try await formerFiles.remove(of: old, from: id, subject.service) }
    if leavesStopped { return }
    try await start(id, of: subject.service.name)
    try await awaitReady(id, subject)
  }

  /// Makes a container, and nothing runs yet.
  ///
  /// - Returns: its id.
  private func create(_ subject: Subject, withFiles: Bool = true) async throws -> String {
    // What can't be made is found before anything is.
    let image = try subject.builder.container(of: subject.service).config.image
    try await provideImage(of: subject)
    let mounts = try await volumes.mounts(
      of: subject.service, in: subject.id, subject.builder.workload,
      image: try await client.images.inspect(image ?? ""))
    let creation = try subject.builder.container(of: subject.service, mounts: mounts)
    let name = names.container(of: subject.service.name, in: subject.id)
    let created: CreatedContainer
    do {
      try await provideNetworks(of: subject)
      created = try await withName(name) {
        try await client.containers.create(named: name, creation, platform: subject.service.platform)
      }
    } catch {
      await leave(
        Array(
          ContainerNetworks.all(
            of: subject.service, in: subject.id, home: subject.builder.home, names
          ).keys))
      throw error
    }
    // Engines take one network with the container; it does not run yet, so that it never does without the others.
    let besides = ContainerNetworks.besides(subject.service, names)
    for (network, endpoint) in besides.sorted(by: { $0.key < $1.key }) {
      try await connect(created.id, to: network, as: endpoint)
    }
    if subject.builder.home == .own {
      try await gatherSiblings(in: subject.id, besides: subject.service.name)
    }
    if withFiles {
      try await putFiles(of: subject, into: created.id) {
        try await client.containers.inspect(created.id).config.user
      }
    }
    return created.id
  }

  /// Makes the networks that a container is going to be in and that are not there, before it is made.
  private func provideNetworks(of subject: Subject) async throws {
    guard subject.service.network.mode == .instance else { return }
    for other in ContainerNetworks.referredTo(by: subject.service, names) {
      try await namesNetwork(of: other).provide()
    }
    switch subject.builder.home {
    case .own: try await network.provide(subject.id)
    case .shared: try await common.make(sharedNetwork)
    case .others: break
    }
  }

  private func provideImage(of subject: Subject) async throws {
    try await images.provide(
      for: subject.service,
      credentials: try registries.credentials(for: subject.service, among: context.secrets),
      in: context.run,
      on: client,
      report: context.report)
  }

  private var formerFiles: FormerFiles {
    FormerFiles(client: client, report: context.report)
  }

  // MARK: Replacing

  /// Puts another container in the place of one.
  private func replace(_ old: FoundContainer, by subject: Subject, leavesStopped: Bool) async throws {
    if let new = old.successors.first, new.container.state.running, isMade(new, as: subject),
      try await hasItsImage(new, subject)
    {
      // That is all that an earlier run has left undone.
      try await remove(old)
      return try await awaitReady(new.id, subject)
    }
    for successor in old.successors { try await remove(successor) }
    guard !leavesStopped, try await setAside(old) else {
      try await remove(old)
      return try await make(subject, leavesStopped: leavesStopped, insteadOf: old.stamp)
    }
    async let watch = old.stamp.spec.holdsHostPort ? nil : EndWatch(of: old.id, on: client)
    let new = try await makeSuccessor(to: old, subject)
    let stopping = Task { _ = try await ifFound { try await halt(old) } }
    try await end(of: stopping, seenBy: await watch)
    try await formerFiles.remove(of: old.stamp, from: new, subject.service)
    let removal = Task {
      try await stopping.value
      // By its name: should the lock have been lost, another run may have made it the service again.
      let name = names.container(of: subject.service.name, in: subject.id, as: .replaced)
      _ = try await ifFound { try await client.containers.remove(name, force: true) }
      try await forget(old)
      let kept = ContainerNetworks.all(
        of: subject.service, in: subject.id, home: subject.builder.home, names)
      await leave((old.container.network.networks ?? [:]).keys.filter { kept[$0] == nil })
    }
    do {
      try await start(new, of: subject.service.name)
      try await awaitReady(new, subject)
    } catch {
      _ = await removal.result
      throw error
    }
    try await removal.value
  }

  /// Whether a container was made from the image that the name of the service's image leads to now.
  private func hasItsImage(_ found: FoundContainer, _ subject: Subject) async throws -> Bool {
    guard let name = subject.service.image else { return true }
    return try await client.images.inspect(name).id == found.container.imageID
  }

  /// Returns when a container has been stopped or, if that is seen, when nothing of it runs any more.
  private func end(of stopping: Task<Void, any Error>, seenBy watch: EndWatch?) async throws {
    guard let watch else { return try await stopping.value }
    // Not a group of tasks: that would wait for both.
    let (ends, continuation) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
    let watching = Task { if await watch.sawEnd() { continuation.yield(.success(())) } }
    defer { watching.cancel() }
    Task { continuation.yield(await stopping.result) }
    for await end in ends { return try end.get() }
    throw CancellationError()
  }

  /// Gives a container that does its work the name of one that is replaced.
  ///
  /// - Returns: whether it has it. One that has ended, or that the engine keeps restarting, does no work that is worth it, and
  ///   engines refuse to rename it while they start it again.
  private func setAside(_ old: FoundContainer) async throws -> Bool {
    guard old.container.state.status == "running" else { return false }
    let (service, id) = (old.stamp.stamp.service, old.stamp.stamp.instance)
    let replaced = names.container(of: service, in: id, as: .replaced)
    guard old.container.name != replaced else { return true }
    do {
      try await client.containers.rename(old.id, to: replaced)
      return true
    } catch let error as DockerError where error.status != nil {
      return false
    }
  }

  /// Makes what takes the place of a container that runs. What the engine refuses to make costs nothing: the old
  /// container gets its name back, and runs on.
  ///
  /// - Returns: the id of the new container, which does not run yet.
  private func makeSuccessor(to old: FoundContainer, _ subject: Subject) async throws -> String {
    do {
      return try await create(subject)
    } catch {
      // Not in this task, which may be cancelled. What can't be done now is done by who comes next.
      await Task {
        guard let found = try? await find(subject.service.name, in: subject.id) else { return }
        _ = try? await settle(found)
      }.value
      throw error
    }
  }

  /// Undoes what a run has begun that was to replace a container.
  ///
  /// - Returns: the container as it is then.
  private func settle(_ found: FoundContainer) async throws -> FoundContainer {
    guard found.standing == .replaced else { return found }
    for successor in found.successors { try await remove(successor) }
    let (service, id) = (found.stamp.stamp.service, found.stamp.stamp.instance)
    let wasStopped = try await rename(found, to: names.container(of: service, in: id))
    if wasStopped { try await start(found.id, of: service) }
    return try await find(service, in: id) ?? found
  }

  // MARK: Mending

  /// Sees to it that a container is the only one of its service, and that its processes are not halted: then everything
  /// else can be done to it.
  ///
  /// - Returns: the container as it is then.
  private func withoutStrangeness(_ found: FoundContainer) async throws -> FoundContainer {
    guard !found.surplus.isEmpty || found.container.state.status == "paused" else { return found }
    for other in found.surplus { try await remove(other) }
    try await wake(found.container)
    return try await find(found.stamp.stamp.service, in: found.stamp.stamp.instance) ?? found
  }

  /// Has a paused container go on. A paused process can neither stop by itself nor become ready.
  private func wake(_ container: Container) async throws {
    guard container.state.status == "paused" else { return }
    try await client.containers.unpause(container.id)
  }

  /// Gives a container back the name and the networks that it was made with, while it runs.
  ///
  /// - Returns: the container as it is then.
  private func mend(_ found: FoundContainer) async throws -> FoundContainer {
    let deviations = try await deviations(of: found)
    let isInNetworks = deviations.strangeNetworks.isEmpty && deviations.networksToJoin.isEmpty
    guard !deviations.hasItsName || !isInNetworks else { return found }
    if !deviations.hasItsName {
      _ = try await withName(deviations.itsName) { try await rename(found, to: deviations.itsName) }
    }
    try await joinNetworks(of: deviations)
    // Last, so that a container is never without a network.
    for network in deviations.strangeNetworks {
      _ = try await ifFound { try await client.networks.disconnect(network, container: found.id) }
    }
    await leave(deviations.strangeNetworks)
    return try await find(found.stamp.stamp.service, in: found.stamp.stamp.instance) ?? found
  }

  private func joinNetworks(of deviations: ContainerDeviations) async throws {
    let (container, wanted) = (deviations.container, deviations.wantedNetworks)
    for network in deviations.networksToJoin {
      if container.network.networks?[network] != nil {
        try await client.networks.disconnect(network, container: container.id)
      }
      try await provide(network, for: deviations.stamp)
      try await connect(container.id, to: network, as: wanted[network] ?? EndpointConfig())
    }
  }

  /// What is not as it should be about a container, seen beside the others of its instance where that matters.
  private func deviations(of found: FoundContainer) async throws -> ContainerDeviations {
    var deviations = ContainerDeviations(container: found.container, stamp: found.stamp, names: names)
    let place = found.stamp.stamp
    guard found.stamp.adoption != nil || found.container.host.networkMode == names.sharedNetwork,
      place.instance != .before
    else { return deviations }
    deviations.others = try await StampedContainers(client: client, key: key).list(of: place.instance).filter
    {
      $0.place.service != place.service
    }.map { ContainerAdoption(labels: $0.summary.labels ?? [:]) }
    return deviations
  }

  /// Has the other containers of an instance join the network that it has for itself, where something is made that looks for
  /// them there: what was adopted, and what was alone until now.
  private func gatherSiblings(in id: InstanceID, besides service: String) async throws {
    for sibling in try await StampedContainers(client: client, key: key).list(of: id) {
      // What this run makes has the network from the start, though lists may not say so while it is being made.
      guard sibling.place.service != service, sibling.isAdopted || sibling.run != context.run,
        !sibling.summary.isIn(names.network(of: id)) || sibling.summary.isIn(names.sharedNetwork),
        let found = try await FoundContainer.look(at: sibling, of: key, on: client)
      else { continue }
      do {
        try await gather(found)
      } catch let error as DockerError where error.status != nil {
        // Another action may have had it join meanwhile, or have taken it away.
        guard let now = try await FoundContainer.look(at: sibling, of: key, on: client),
          try await !deviations(of: now).networksToJoin.isEmpty
        else { continue }
        throw error
      }
    }
  }

  private func gather(_ found: FoundContainer) async throws {
    let deviations = try await deviations(of: found)
    try await joinNetworks(of: deviations)
    // Last, so that a container is never without a network.
    guard deviations.strangeNetworks.contains(names.sharedNetwork) else { return }
    _ = try await ifFound {
      try await client.networks.disconnect(names.sharedNetwork, container: found.id)
    }
    await leave([names.sharedNetwork])
  }

  // MARK: Networks

  private var network: InstanceNetwork { InstanceNetwork(client: client, context: context) }
  private var common: CommonNetworks { CommonNetworks(client: client) }

  /// The network that the instances of a single service share, in which they do not reach each other.
  private var sharedNetwork: NetworkCreation {
    NetworkCreation(
      name: names.sharedNetwork, labels: Label.sharedNetwork(of: key.namespace, run: context.run),
      options: [CommonNetworks.reachesOthers: "false"])
  }

  /// The network in which a workload is found.
  private func namesNetwork(of other: WorkloadKey) -> NamesNetwork {
    NamesNetwork(
      client: client, key: other, run: context.run, route: route, table: table,
      current: { [context, released] in
        other == context.key ? context.desired ?? context.last : await released(other)
      })
  }

  /// Makes a network that a container is to be in, unless it is there, or not berth's to make.
  private func provide(_ name: String, for stamp: ServiceStamp) async throws {
    if name == names.sharedNetwork { return try await common.make(sharedNetwork) }
    if name == names.network(of: stamp.stamp.instance) {
      return try await network.provide(stamp.stamp.instance)
    }
    if let other = names.workload(ofNamesNetwork: name) { try await namesNetwork(of: other).provide() }
  }

  /// Has a container join a network. One that several workloads use may just have been taken away by who left it last.
  private func connect(_ container: String, to name: String, as endpoint: EndpointConfig) async throws {
    try await CommonNetworks.retrying {
      try await client.networks.connect(name, container: container, as: endpoint)
    } afterLoss: {
      if name == names.sharedNetwork { try await common.make(sharedNetwork) }
      if let other = names.workload(ofNamesNetwork: name) { try await namesNetwork(of: other).provide() }
    }
  }

  /// Takes those of some networks away that nothing is in any more, of those that are there for several workloads.
  private func leave(_ networks: some Sequence<String>) async {
    for name in networks where isCommon(name) { await common.removeIfUnused(name) }
  }

  /// Whether a network is one that several workloads use.
  private func isCommon(_ network: String) -> Bool {
    network == names.sharedNetwork || names.workload(ofNamesNetwork: network) != nil
  }

  /// Has a container that does not run join its networks anew, where they are no more those that it was in.
  private func rejoinNetworks(_ id: String) async throws {
    let container = try await client.containers.inspect(id)
    guard let stamp = try? ServiceStamp(labels: container.config.labels ?? [:], key: key) else { return }
    let deviations = try await deviations(of: FoundContainer(container: container, stamp: stamp))
    var networks = deviations.wantedNetworks
    if container.network.networks?[names.namesNetwork] != nil {
      networks[names.namesNetwork] = EndpointConfig()
    }
    for (network, endpoint) in networks.sorted(by: { $0.key < $1.key }) where isCommon(network) {
      do {
        try await client.networks.disconnect(network, container: id, force: true)
      } catch let error as DockerError where error.status != nil {
        // It is not in it.
      }
      // Its own name is given to it when it is ready.
      guard network != names.namesNetwork else { continue }
      try await provide(network, for: stamp)
      try await connect(id, to: network, as: endpoint)
    }
  }

  /// Runs something that needs a name. A container of the workload that was given this name by hand gives it up: it gets
  /// its own back by an action of its own.
  ///
  /// - Throws: `ActionFailure` if something that is not ours has the name.
  private func withName<Result>(_ name: String, _ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as DockerError where error.isConflict {
      guard let holder = try await ifFound({ try await client.containers.inspect(name) }),
        Label.mark(holder.config.labels, as: key)
      else { throw ActionFailure("the name `\(name)` is in the way: \(error.message)") }
      try await client.containers.rename(holder.id, to: "\(name).of-\(holder.id.prefix(12))")
      return try await body()
    }
  }

  // MARK: Starting

  /// Starts a container, unless it runs, and waits until it is ready.
  private func start(_ container: Container, _ subject: Subject) async throws {
    let reader = reader(container, subject)
    if reader.state == .stopped, reader.exitCode == 0, subject.service.role.isRunToEnd { return }
    if !reader.isRunning, container.state.status != "restarting" {
      if container.state.status == "created" {
        // It has never run, so nothing that it was given can be lost.
        try await putFiles(of: subject, into: container.id) { container.config.user }
      }
      let name = names.container(of: subject.service.name, in: subject.id)
      if container.name != name { try await client.containers.rename(container.id, to: name) }
      try await namesNetwork(of: key).remove(container)
      try await start(container.id, of: subject.service.name)
    }
    try await awaitReady(container.id, subject)
  }

  private func putFiles(
    of subject: Subject, into container: String, user: () async throws -> String?
  ) async throws {
    try await ContainerFiles(client: client).put(
      subject.builder.files(of: subject.service), of: subject.service, into: container, user: user)
  }

  private func start(_ id: String, of service: String) async throws {
    do {
      try await CommonNetworks.retrying {
        try await client.containers.start(id)
      } afterLoss: {
        try await rejoinNetworks(id)
      }
    } catch let error as DockerError where CommonNetworks.isFull(error) {
      throw ActionFailure(
        "the engine can't start `\(service)`: the network `\(names.sharedNetwork)`, which the instances of a single service share, has no room for it (\(error.message)): a bridge takes about 1000 containers, and no more than it has addresses; have some of the workloads in another namespace"
      )
    } catch let error as DockerError where error.status != nil {
      throw ActionFailure("the engine can't start `\(service)`: \(error.message)")
    }
  }

  private func restart(_ found: FoundContainer, _ subject: Subject) async throws {
    let restart = RestartMemory.Restart(
      run: context.run, key: key, instance: subject.id, service: subject.service.name)
    if restarts.isDone(restart) { return try await start(found.container, subject) }
    guard reader(found.container, subject).isRunning else {
      try await start(found.container, subject)
      return restarts.note(restart)
    }
    if found.container.network.networks?[names.namesNetwork] == nil {
      try await client.containers.restart(found.id, grace: grace(of: found))
    } else {
      // It is not found from its end until it is ready again.
      try await stop(found)
      try await start(found.id, of: subject.service.name)
    }
    restarts.note(restart)
    try await awaitReady(found.id, subject)
  }

  private func reader(_ container: Container, _ subject: Subject) -> ContainerReader {
    ContainerReader(
      names: names, container: container, stamp: subject.found?.stamp ?? subject.stamp,
      service: subject.service, table: table)
  }

  private func awaitReady(_ container: String, _ subject: Subject) async throws {
    let watch = ReadinessWatch(
      client: client, names: names, route: route, timeout: context.timeout,
      report: { [context] in context.report("\(subject.id).\(subject.service.name): \($0)") })
    try await watch.wait(for: subject.service, in: subject.id, container: container)
  }

  // MARK: Stopping

  /// Stops a service, and lets nothing but an action start it again.
  func stop(_ name: String, in id: InstanceID) async throws {
    guard var found = try await find(name, in: id) else { return }
    found = try await withoutStrangeness(found)
    for successor in found.successors { try await remove(successor) }
    // The name goes first: it says, whatever happens next, that an operator wanted it stopped.
    let stopped = names.container(of: name, in: id, as: .stopped)
    if found.container.name != stopped { _ = try await rename(found, to: stopped) }
    try await stop(found)
  }

  /// Gives a container another name. Engines refuse that while they keep restarting a container: that one is stopped
  /// for it.
  ///
  /// - Returns: whether it was stopped.
  private func rename(_ found: FoundContainer, to name: String) async throws -> Bool {
    do {
      try await client.containers.rename(found.id, to: name)
      return false
    } catch let error as DockerError where error.status != nil && !error.isConflict {
      try await stop(found)
      try await client.containers.rename(found.id, to: name)
      return true
    }
  }

  /// Takes a service away.
  func delete(_ name: String, in id: InstanceID) async throws {
    let found = try await FoundContainer.find(name, in: id, of: key, on: client, isGoing: true)
    guard let found else { return try await forgetGone() }
    for other in found.successors + found.surplus { try await remove(other) }
    try await remove(found)
    // Those that are left may be all that it has now.
    if context.desired != nil { try await namesNetwork(of: key).add(id) }
  }

  /// Stops a container that is kept. From then on the engine knows its names no more; that they do not come back with it
  /// before it is ready, is seen to here.
  private func stop(_ found: FoundContainer) async throws {
    try await halt(found)
    try await namesNetwork(of: key).remove(found.container)
  }

  /// Stops a container. Its names lead to it until its process has ended: to take it out of the network first would cut
  /// what is under way, and who is at the other end of a connection would hear nothing of that.
  private func halt(_ found: FoundContainer) async throws {
    try await client.containers.stop(found.id, grace: grace(of: found))
  }

  /// How long a container may take to stop, in seconds, by the latest word on it: what is wanted, then what was released,
  /// and then what it was made with.
  private func grace(of found: FoundContainer) -> Int {
    let name = found.stamp.stamp.service
    let service = context.desired?.service(name) ?? context.last?.service(name) ?? found.stamp.spec
    return ContainerFields.seconds(service.stopGrace)
  }

  /// Stops a container and takes it away. That it has gone meanwhile is as good.
  func remove(_ found: FoundContainer) async throws {
    _ = try await ifFound {
      try await wake(found.container)
      if found.container.state.running { try await halt(found) }
      try await delete(found)
    }
  }

  private func delete(_ found: FoundContainer) async throws {
    try await volumes.remember(found)
    let networks = (found.container.network.networks ?? [:]).keys.filter(isCommon)
    for name in networks { await common.removeIfLast(found.id, in: name) }
    _ = try await ifFound { try await client.containers.remove(found.id, force: true) }
    try await forget(found)
    await leave(networks)
  }

  /// Takes the stamp away that stood beside a container, when that has gone.
  private func forget(_ found: FoundContainer) async throws {
    guard let adoption = found.stamp.adoption else { return }
    guard try await ifFound({ try await client.containers.inspect(adoption.container) }) == nil else {
      return
    }
    _ = try await ifFound {
      try await client.volumes.remove(ContainerAdoption.volume(of: adoption.container))
    }
  }

  /// Takes the workload's stamps away of which the containers have gone: a run that was broken off, or a person, removed them.
  /// Where their data is stays known; a stamp that says otherwise than what is known stays, too.
  func forgetGone() async throws {
    let stamps = try await AdoptionStamps.list(
      StampedContainers(client: client, key: key).filters(), on: client)
    for container in stamps.ids {
      guard try await ifFound({ try await client.containers.inspect(container) }) == nil else { continue }
      let conflicts = try await volumes.rememberData(of: stamps.labels[container])
      for (name, data, other) in conflicts {
        context.report(
          "the volume `\(name)` has what `\(other)` holds; the container that is gone had it in `\(data)`, which stays"
        )
      }
      guard conflicts.isEmpty else { continue }
      _ = try await ifFound { try await client.volumes.remove(ContainerAdoption.volume(of: container)) }
    }
  }
}

extension Service {
  /// Whether it has a port of the host to itself, as long as its container has a network.
  fileprivate var holdsHostPort: Bool { ports.contains { $0.host != nil } }
}
