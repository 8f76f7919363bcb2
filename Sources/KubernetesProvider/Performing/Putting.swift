import KubernetesAPI
import Planning
import ProviderKit
import Values

extension ActionPerformer {
  /// Makes the workload what it should be, and waits until it is.
  func put(_ action: Action) async throws {
    guard let desired = context.desired?.ofInstances else {
      throw ActionFailure("a workload that is being destroyed is only taken away")
    }
    try await NamespaceSupply(client: client, createsMissing: target.createNamespace).ensure(key.namespace)
    let found = try await findWhatStays()
    let change = ControllerChange(action, of: desired, found: found, performer: self)
    switch change.manner {
    case .inPlace: try await putInPlace(change)
    case .beside(let generation, let count): try await putBeside(change, generation, count)
    case .takeOver: try await takeOver(change)
    case .goBack: try await goBack(change)
    }
  }

  /// What there is of the workload, once controllers are gone that go.
  private func findWhatStays() async throws -> FoundObjects {
    let found = try await find()
    let going = found.controllers.filter(\.isBeingDeleted)
    guard !going.isEmpty else { return found }
    for controller in going {
      try await waitUntilGone(
        try ResourceType(of: controller, on: facts), Selection(fields: "metadata.name=\(controller.name)")
      ) { $0.uid == controller.uid }
    }
    return try await find()
  }

  // MARK: In one controller

  private func putInPlace(_ change: ControllerChange) async throws {
    let live = change.found.newest
    let generation = live?.controllerGeneration ?? 1
    let objects = try change.objects(of: generation, replicas: change.replicas)
    let controller = try await write(objects, change, onto: live, services: objects.services)
    try await settle(controller)
    try await tidy(objects, change.found)
  }

  /// Writes all objects of a generation, in the order in which they need each other.
  ///
  /// - Parameter live: the controller whose place the new one takes.
  private func write(
    _ objects: WorkloadObjects, _ change: ControllerChange, onto live: KubernetesObject?,
    services: [KubernetesObject]
  ) async throws -> KubernetesObject {
    let writer = writer(for: change)
    let known = change.found.all + change.found.controllers
    var objects = objects
    objects.keepClaims(of: change.found.claims)
    if let live {
      objects.keepIdentity(of: live)
      objects.keepClaimTemplates(of: live, for: change.desired)
    }
    for object in objects.config + objects.claims + services {
      try await writer.write(object, known: known)
    }
    if var live {
      if change.keepsTemplate(of: live) {
        objects.keepTemplate(of: live)
        objects.keepAdoption(of: live)
      } else if live.isAdopted {
        live = try await writer.takeTemplate(of: live)
      }
      let isGone = try await makeRoom(for: objects.controller, in: live, writer)
      if isGone, live.isAdopted, change.keepsTemplate(of: live) { objects.keepWholeTemplate(of: live) }
      if !isGone, let patch = ControllerPreparation.patch(of: live, for: objects.controller) {
        try await writer.patch(live, .strategic(patch))
      }
    }
    if live == nil, let stable = change.found.stable { objects.keepPortNames(of: stable) }
    let written = try await writer.write(objects.controller, known: known)
    for budget in objects.budgets { try await writer.write(budget, known: known) }
    return written
  }

  /// What no controller needs any more goes last, when nothing relies on it.
  private func tidy(_ objects: WorkloadObjects, _ found: FoundObjects) async throws {
    let writer = writer()
    let wanted = Set((objects.services + objects.budgets).map { "\($0.kind) \($0.name)" })
    for object in found.services + found.budgets where !wanted.contains("\(object.kind) \(object.name)") {
      try await writer.delete(object)
    }
    try await ConfigSweeper(client: client, writer: writer).sweep(keeping: [objects.controller])
  }

  // MARK: In two controllers

  /// Makes new instances beside the old ones, and leaves it at that unless the action goes on to the end.
  private func putBeside(_ change: ControllerChange, _ generation: Int, _ count: Int) async throws {
    let stable = try await keepStable(change)
    let objects = try change.objects(of: generation, replicas: count)
    let shared = change.desired.strategy.type == .canary ? objects.services.map(\.ofAllGenerations) : []
    let live = change.found.controllers.first { $0.controllerGeneration == generation }
    let controller = try await write(objects, change, onto: live, services: shared)
    try await settle(controller)
    if let stable { try await settle(stable) }
    if change.goesOn { try await takeOver(change.again(found: try await find())) }
  }

  /// The old instances stay as they are: as many as are wanted, also after they were stopped, and restarted with the new
  /// ones.
  ///
  /// - Returns: their controller, if anything about it was changed.
  private func keepStable(_ change: ControllerChange) async throws -> KubernetesObject? {
    guard let stable = change.found.stable else { return nil }
    var fields: JSON = [:]
    if stable.replicas != change.replicas { fields[["spec", "replicas"]] = .int(Int64(change.replicas)) }
    if change.action.kind == .restart {
      let path = ["spec", "template", "metadata", "annotations", Mark.restarted]
      fields[path] = .string(context.run.description)
    }
    return fields == [:] ? nil : try await writer().patch(stable, fields)
  }

  /// The new instances take over, and the old ones go.
  private func takeOver(_ change: ControllerChange) async throws {
    guard let newest = change.found.newest else { return }
    let objects = try change.objects(of: newest.controllerGeneration, replicas: change.replicas)
    let shared = change.desired.strategy.type == .canary ? objects.services.map(\.ofAllGenerations) : []
    let controller = try await write(objects, change, onto: newest, services: shared)
    try await settle(controller)
    let writer = writer(for: change)
    for service in objects.services { try await writer.write(service, known: change.found.all) }
    try await deleteControllers(change.found.controllers.filter { $0.uid != newest.uid })
    try await tidy(objects, change.found)
  }

  /// The new instances go, and the old ones stay as they are.
  private func goBack(_ change: ControllerChange) async throws {
    guard let stable = change.found.stable else { return }
    let objects = try change.objects(of: stable.controllerGeneration, replicas: change.replicas)
    let controller = try await write(objects, change, onto: stable, services: objects.services)
    try await deleteControllers(change.found.controllers.filter { $0.uid != stable.uid })
    try await settle(controller)
    try await tidy(objects, change.found)
  }

  /// Deletes controllers with their pods, and waits until they are gone.
  func deleteControllers(_ controllers: [KubernetesObject]) async throws {
    let writer = writer()
    for controller in controllers {
      try await writer.delete(controller, dependents: .foreground)
      try await waitUntilGone(
        try ResourceType(of: controller, on: facts),
        Selection(fields: "metadata.name=\(controller.name)")
      ) { $0.uid == controller.uid }
    }
  }
}

extension KubernetesObject {
  /// Whether a controller was told to change nothing.
  var isHeld: Bool {
    if kind == "StatefulSet" {
      return json.at("spec", "updateStrategy", "rollingUpdate", "partition")?.int ?? 0 > 0
    }
    return json.at("spec", "paused")?.bool == true
  }

  /// A Service that finds the pods of every generation.
  var ofAllGenerations: KubernetesObject {
    var service = self
    service.json[["spec", "selector", Mark.generation]] = nil
    return service
  }
}
