import KubernetesAPI
import Planning
import ProviderKit
import Values

/// Writes the objects of a workload by server-side apply, and touches nothing of others.
struct ObjectWriter: Sendable {
  let client: KubernetesClient
  let key: WorkloadKey
  /// What the server has.
  let facts: EngineFacts
  /// Whether the plan says that something of it was changed by hand, and is mended.
  var mendsDrift = false
  /// Whether fields that other clients keep, and that berth has not said so far, are taken from them.
  var takesOwnership = false
  /// What berth applied last: what others changed of it is drift.
  var applied: [KubernetesObject] = []

  /// In whose name fields are written.
  static let manager = "berth"
  /// How everything is written.
  static let options = WriteOptions(fieldManager: manager)
  /// How it is tried whether something may be written.
  static let trial = WriteOptions(fieldManager: manager, isDryRun: true)

  /// Writes an object, and gives up what it had and does not say now.
  ///
  /// - Parameter known: the objects that were seen to be the workload's.
  /// - Throws: `ActionFailure` if something that berth did not create has its name, or if another manager keeps or changed a
  ///   field in a way that the plan does not know of; `KubernetesError`.
  @discardableResult
  func write(_ object: KubernetesObject, known: [KubernetesObject]) async throws -> KubernetesObject {
    let type = try ResourceType(of: object, on: facts)
    let calls = client.objects(type)
    let isKnown = known.contains { $0.kind == object.kind && $0.name == object.name }
    if !isKnown, !object.isImmutable {
      let found = try await ifFound { try await calls.get(object.name, in: key.namespace) }
      guard found?.isOurs(as: key) ?? true else {
        throw ActionFailure(
          "the \(object.kind) \(object.name) is in the way: berth did not create it; rename or delete it")
      }
    }
    if mendsDrift || takesOwnership,
      let live = known.first(where: { $0.kind == object.kind && $0.name == object.name }),
      let patch = Self.rest(of: live, for: object)
    {
      try await self.patch(live, patch)
    }
    do {
      return try await calls.apply(object, Self.options)
    } catch let error as KubernetesError where error.isConflict && error.isOfManagers {
      let others = error.managers.subtracting([Self.manager])
      if !others.isEmpty {
        try check(object, against: try await calls.get(object.name, in: key.namespace), error)
      }
      return try await calls.apply(object, Self.options, force: true)
    }
  }

  /// Makes sure that the plan knows of all that others keep of an object.
  private func check(
    _ object: KubernetesObject, against live: KubernetesObject, _ error: KubernetesError
  ) throws(ActionFailure) {
    let held = HeldFields.conflicts(with: object, in: HeldFields.of([live]) { applied })
    let isForeseen = held.allSatisfy { $0.wasApplied ? mendsDrift || takesOwnership : takesOwnership }
    guard isForeseen else { throw Self.stale(object, error) }
  }

  /// What of a Service's selector would be left that others have added, and keeps pods from it; `nil` if nothing would.
  private static func rest(of live: KubernetesObject, for object: KubernetesObject) -> JSON? {
    guard object.kind == ResourceType.services.kind else { return nil }
    let path = ["spec", "selector"]
    let own = AppliedFields.of(live)?[path.map { "f:\($0)" }]
    let keys = (live.json[path]?.strings ?? [:]).keys.filter { key in
      object.json[path]?[key] == nil && own?["f:\(key)"] == nil
    }
    guard !keys.isEmpty else { return nil }
    return ["spec": ["selector": .object(keys.sorted().map { .init($0, .null) })]]
  }

  /// What is said where another manager changed what the plan took for berth's.
  private static func stale(_ object: KubernetesObject, _ error: KubernetesError) -> ActionFailure {
    let fields = error.causes.map(\.field).filter { !$0.isEmpty }
    let shown = fields.prefix(3).joined(separator: ", ") + (fields.count > 3 ? ", …" : "")
    let who = error.managers.sorted().joined(separator: " and ")
    return ActionFailure(
      "\(who) changed the \(object.kind) \(object.name) (\(shown)) after it was planned: plan again")
  }

  /// Deletes an object that was seen, and no other that may have come to its name.
  func delete(
    _ object: KubernetesObject, dependents: Deletion.Dependents = .background, graceSeconds: Int? = nil
  ) async throws {
    let type = try ResourceType(of: object, on: facts)
    let deletion = Deletion(uid: object.uid, dependents: dependents, graceSeconds: graceSeconds)
    do {
      try await client.objects(type).delete(object.name, in: key.namespace, deletion)
    } catch let error as KubernetesError where error.isNotFound || error.isConflict {
      // It is gone, and what has its name now is another one.
    }
  }

  /// Changes some fields of a controller, whatever else it says.
  @discardableResult
  func patch(_ object: KubernetesObject, _ fields: JSON) async throws -> KubernetesObject {
    try await patch(object, .merge(fields))
  }

  /// Changes some fields of a controller, whatever else it says.
  @discardableResult
  func patch(_ object: KubernetesObject, _ patch: Patch) async throws -> KubernetesObject {
    let type = try ResourceType(of: object, on: facts)
    return try await client.objects(type).patch(object.name, in: key.namespace, patch, Self.options)
  }
}

extension KubernetesObject {
  /// Whether it never changes: its name says what is in it.
  var isImmutable: Bool { self["immutable"]?.bool == true }
}

extension KubernetesError {
  /// Whether it is about fields that other managers own.
  var isOfManagers: Bool { causes.contains { $0.reason == "FieldManagerConflict" } }

  /// The managers whose fields would be lost.
  var managers: Set<String> {
    Set(
      causes.compactMap { cause in
        let parts = cause.message.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count >= 3 ? String(parts[1]) : nil
      })
  }
}
