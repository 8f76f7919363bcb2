import Crypto
import Diagnostics
import Values
import WorkloadSpec

/// A plan as it was written down, to be carried out later exactly as it was shown, or not at all.
///
/// It holds everything that the plan was made from and that is not on the engine. Of secrets it holds the
/// references and never a value.
public struct SavedPlan: Sendable {
  /// The workload that the plan changes.
  public var key: WorkloadKey
  /// The engine that it was made for.
  public var engine: EngineIdentity
  /// What its user asks for: to apply, to go back to a release, to destroy, or an operation.
  public var intent: RunIntent
  /// The number of the release that it starts from.
  public var base: Int?
  /// The services that it is about; `nil` means all.
  public var services: Set<String>?
  /// The whole workload as it will be; `nil` when it is to be destroyed.
  public var desired: Workload?
  /// Whether the services run that run once per run, where the plan changes anything.
  public var runsBefore: Bool
  /// Whether a destroyed workload's volumes go too.
  public var deletesVolumes: Bool
  /// The named set that the workload is applied under; `nil` leaves it where it is.
  public var setName: String?
  /// Whether a rollout stops between its first new instances and the end of the old ones.
  public var pauses: Bool
  /// What the plan takes over; `nil` if it takes over nothing.
  public var adoption: AdoptionRequest?
  /// Whether it takes fields from other clients that keep them.
  public var takesOwnership: Bool
  /// The services whose image the plan gave a digest.
  public var newPins: Set<String>
  /// Where each service's spec comes from, by service name.
  public var provenance: [String: Provenance]
  /// The actions in order, each as ``Action/essence`` has it. Those of a plan that 0.1 saved also have a reason in words.
  public var actions: [Value]
  /// A digest of what was observed, as far as it is compared: ``Observation/fingerprint(desired:last:)``.
  public var fingerprint: String

  /// A plan to be written down.
  public init(
    _ plan: Plan, services: Set<String>?, runsBefore: Bool? = nil, deletesVolumes: Bool, setName: String?,
    pauses: Bool = false, adoption: AdoptionRequest? = nil, takesOwnership: Bool? = nil,
    provenance: [String: Provenance], fingerprint: String
  ) {
    key = plan.key
    engine = plan.engine
    intent = plan.intent
    base = plan.base
    self.services = services
    desired = plan.desired
    self.runsBefore = runsBefore ?? (plan.intent == .apply)
    self.deletesVolumes = deletesVolumes
    self.setName = setName
    self.pauses = pauses
    self.adoption = adoption
    self.takesOwnership = takesOwnership ?? (plan.intent != .apply)
    newPins = plan.newPins
    self.provenance = provenance
    actions = plan.actions.map(\.essence)
    self.fingerprint = fingerprint
  }

  /// What tells it from other plans: 32 hexadecimal digits.
  public var id: String {
    var bytes: [UInt8] = []
    CanonicalJSON.write(plain, into: &bytes)
    return Hex.lower(SHA256.hash(data: bytes).prefix(16))
  }

  /// What its actions are done to.
  public var subjects: Set<Value> { Set(actions.compactMap { $0["subject"] }) }

  /// Whether it is the plan for the same actions to the same end.
  public func isSame(as plan: Plan) -> Bool {
    guard actions.map(Action.essence(of:)) == plan.actions.map(\.essence) else { return false }
    switch (desired, plan.desired) {
    case (nil, nil): return true
    case (let mine?, let theirs?): return mine.isSameSnapshot(as: theirs)
    default: return false
    }
  }

  /// Whether nothing that a plan does is done to anything else than this one's actions are.
  public func covers(_ plan: Plan) -> Bool {
    plan.actions.allSatisfy { subjects.contains($0.subject.plain) }
  }
}

// MARK: As data

extension SavedPlan {
  /// The plan as plain data, which ``init(_:)`` reads.
  public var plain: Value {
    let members: Value = [
      "namespace": .string(key.namespace),
      "workload": .string(key.name),
      "engine": ["provider": .string(engine.provider), "id": .string(engine.id)],
      "intent": .string(intent.text),
      "base": Value(base),
      "services": services.map { .list($0.sorted().map(Value.string)) } ?? .null,
      "deletesVolumes": .bool(deletesVolumes),
      "set": Value(setName),
      "pauses": .bool(pauses),
      "newPins": .list(newPins.sorted().map(Value.string)),
      "provenance": .map(
        provenance.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.plain) }),
      "fingerprint": .string(fingerprint),
      "actions": .list(actions),
      "desired": desired?.plain ?? .null,
    ]
    // Only where it is not the default of the intent: the identity of other plans stays what it was.
    var others: [Value.Member] = []
    if runsBefore != (intent == .apply) { others.append(.init("runsBefore", .bool(runsBefore))) }
    if let adoption { others.append(.init("adopts", ["from": Value(adoption.source)])) }
    if takesOwnership != (intent != .apply) { others.append(.init("takesOwnership", .bool(takesOwnership))) }
    return others.isEmpty ? members : .map((members.members ?? []) + others)
  }

  /// Reads what ``plain`` wrote.
  ///
  /// - Throws: `DiagnosticError` if it is something else.
  public init(_ value: Value) throws {
    key = WorkloadKey(namespace: try value.text("namespace"), name: try value.text("workload"))
    let engine = value["engine"] ?? .null
    self.engine = EngineIdentity(provider: try engine.text("provider"), id: try engine.text("id"))
    guard let intent = RunIntent(text: try value.text("intent")) else { throw Value.missing("intent") }
    self.intent = intent
    base = value["base"]?.int.map { Int($0) }
    runsBefore = value["runsBefore"]?.bool ?? (intent == .apply)
    services = value["services"]?.list.map { Set($0.compactMap(\.string)) }
    guard let deletesVolumes = value["deletesVolumes"]?.bool else { throw Value.missing("deletesVolumes") }
    self.deletesVolumes = deletesVolumes
    setName = value["set"]?.string
    // Plans that were saved before there were pauses have none.
    pauses = value["pauses"]?.bool ?? false
    adoption = value["adopts"].map { AdoptionRequest(from: $0["from"]?.string) }
    takesOwnership = value["takesOwnership"]?.bool ?? (intent != .apply)
    newPins = Set((value["newPins"]?.list ?? []).compactMap(\.string))
    provenance = [:]
    for member in value["provenance"]?.members ?? [] {
      guard let origin = Provenance(plain: member.value) else { throw Value.missing("provenance") }
      provenance[member.key] = origin
    }
    fingerprint = try value.text("fingerprint")
    guard let actions = value["actions"]?.list else { throw Value.missing("actions") }
    self.actions = actions
    switch value["desired"] {
    case .map(let members): desired = try Workload(json: CanonicalJSON.compact(.map(members)))
    case .null: desired = nil
    default: throw Value.missing("desired")
    }
  }
}

extension Value {
  fileprivate func text(_ key: String) throws -> String {
    guard let text = self[key]?.string else { throw Self.missing(key) }
    return text
  }

  fileprivate static func missing(_ key: String) -> DiagnosticError {
    DiagnosticError(
      Diagnostic(
        .unknownPlanFormat, "a saved plan has no usable `\(key)`",
        help: "save it again by `berth plan --out`"))
  }
}
