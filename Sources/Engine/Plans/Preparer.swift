import Diagnostics
import Planning
import Policies
import ProviderKit
import WorkloadSpec

/// Looks, and makes plans of what it sees. It has nothing to write with.
struct Preparer: Sendable {
  let reader: any ProviderReader
  let target: String
  let resolvers: SecretResolvers
  /// How many instances the namespace may have; `nil` if nothing limits them.
  var limit: InstanceLimit?
  /// What plans are held to.
  var policies = PolicySet()

  /// For how many workloads it plans at a time. What a limit of instances leaves to each must not depend on which one
  /// is first.
  var plansAtOnce: Int { limit == nil ? 8 : 1 }

  /// Looks at workloads, all together.
  ///
  /// - Parameters:
  ///   - companions: what the other workloads of the command become.
  ///   - readsHeadFirst: whether nothing is looked at before the history was read, so that every run which
  ///     begins or ends after that shows in the history. It takes a little longer.
  func look(
    at requests: [WorkloadRequest], among companions: Companions, readsHeadFirst: Bool = false
  ) async -> Sight {
    let (history, keys) = (reader.history, requests.map(\.key))
    if readsHeadFirst {
      let neighbourhood = await Neighbourhood(of: requests, among: companions, in: history)
      return Sight(
        neighbourhood: neighbourhood, observations: await reader.observe(keys, deeply: false))
    }
    // Neither of the two needs the other, and both take an engine its time.
    async let observations = reader.observe(keys, deeply: false)
    let neighbourhood = await Neighbourhood(of: requests, among: companions, in: history)
    return Sight(neighbourhood: neighbourhood, observations: await observations)
  }

  /// The plan for a request.
  ///
  /// - Parameters:
  ///   - sight: what was seen of the workload.
  ///   - isShown: whether it is for a person to read, who wants to know where the tags of images lead.
  func prepare(
    _ request: WorkloadRequest, given sight: Sight, isShown: Bool, digestKey: [UInt8]? = nil
  ) async throws -> PreparedPlan {
    let head = try sight.neighbourhood.heads.answer(for: request.key)
    var wanted = try await ResolvedRequest(request, head: head, history: reader.history)
    wanted.isShown = isShown
    let prepared = try await prepare(
      request.key, wanted, head: head, observation: try sight.observations.answer(for: request.key),
      in: sight,
      order: try OrderRule(request: request, target: target, neighbourhood: sight.neighbourhood).check(),
      digestKey: digestKey)
    if let saved = wanted.saved { try SavedPlanRule(saved: saved, lastRun: head.run).check(prepared) }
    return prepared
  }

  /// The plan for a goal in the planner's words.
  func prepare(
    _ key: WorkloadKey, _ wanted: ResolvedRequest, head: HistoryHead, digestKey: [UInt8]? = nil
  ) async throws -> PreparedPlan {
    let observation = try await reader.observe(key, deeply: wanted.looksDeeply)
    return try await prepare(
      key, wanted, head: head, observation: observation, in: nil, order: Diagnostics(), digestKey: digestKey)
  }

  /// - Parameters:
  ///   - sight: what was seen of it and of others; `nil` if it is planned for alone.
  ///   - order: what stands in the way of doing anything at this workload's turn.
  private func prepare(
    _ key: WorkloadKey, _ wanted: ResolvedRequest, head: HistoryHead, observation: Observation,
    in sight: Sight?,
    order: Diagnostics, digestKey: [UInt8]?
  ) async throws -> PreparedPlan {
    var (wanted, observation) = (wanted, observation)
    observation.volumes.removeAll { volume in
      wanted.keptVolumes.contains { $0.isSame(as: volume) }
    }
    let facts = try await reader.info().facts
    var last = head.release
    var operatorState = head.operatorState
    if wanted.sparesRollout, let rollout = operatorState.rollout {
      operatorState.rollout = nil
      observation.instances.removeAll { rollout.instances.contains($0.id) }
      if observation.controller != nil {
        // A controller has the new template, and waits.
        observation.controller?.progress = .settled
        wanted.desired = rollout.snapshot
        last?.snapshot = rollout.snapshot
      }
    }
    // What starts nothing needs neither secrets nor ports.
    let startsServices = wanted.operation?.startsServices ?? true
    var whole = startsServices ? try wanted.composite(on: last) : nil
    // Operators mean the new instances of a paused rollout, too.
    let others = wanted.operation?.startsServices == true ? operatorState.rollout?.snapshot : nil
    let secrets = try await resolveSecrets(of: [whole, others], as: key, digestKey: digestKey)
    var notes = Diagnostics()
    notes.append(contentsOf: secrets.notes)
    var images = ImageKnowledge()
    if startsServices {
      (images, whole) = try await resolveImages(
        for: &wanted, last: last, rollout: operatorState.rollout, observation, secrets, on: facts)
    }
    let isThere = !observation.instances.isEmpty
    let adoption = AdoptionRule(reader: reader, key: key, request: wanted.adoption)
    if let whole {
      notes.append(
        contentsOf: try await adoption.adopt(for: whole, last: last, on: facts, into: &observation))
    }
    whole = whole.map { whole in
      whole.stating(
        InstanceNumber(
          of: whole, for: wanted.intent, last: last?.snapshot, observation: observation,
          incompleteRuns: head.incompleteRuns))
    }
    var addresses: AddressBook?
    var referredPorts: [ServicePort] = []
    if let whole {
      let lookup = AddressLookup(reader: reader, sight: sight)
      let found = try await lookup.findings(
        for: whole, as: key, given: observation, isChecked: wanted.isSpec && wanted.services == nil)
      addresses = found.book
      referredPorts = found.referredPorts
      notes.append(contentsOf: found.problems)
      // A spec and a release that are each valid can make an invalid whole.
      if wanted.services != nil { notes.append(contentsOf: WorkloadRules.check(whole)) }
      notes.append(contentsOf: whole.blockProblems(on: reader.traits.engineFields))
      notes.append(contentsOf: missingCapabilities(for: whole, on: facts))
      notes.append(contentsOf: PermissionRule(reader: reader, target: target).check(whole))
      notes.append(
        contentsOf: OwnershipRule.findings(
          try await reader.assess(whole, as: key, given: observation), takesOwnership: wanted.takesOwnership))
      if head.run == nil, isThere { notes.append(lostHistory(of: key)) }
      if let limit {
        notes.append(
          contentsOf: try await limit.check(
            whole.replicas ?? 0, of: key, given: observation, last: last, reader))
      }
    }
    let reader = reader
    var plan = try Planner.plan(
      PlanInput(
        key: key, target: target, intent: wanted.intent, desired: wanted.desired, services: wanted.services,
        operation: wanted.operation, pause: wanted.pause, operatorState: operatorState,
        observation: observation,
        lastRelease: last,
        incompleteRuns: head.incompleteRuns, secretDigests: secrets.digests, addresses: addresses,
        referredPorts: referredPorts,
        images: images,
        unit: reader.traits.unit(of: (whole ?? last?.snapshot)?.body ?? observation.body),
        engine: reader.traits.engineFields, runsBefore: wanted.runsBefore,
        deletesVolumes: wanted.deletesVolumes,
        setName: wanted.setName, notes: notes,
        impact: { reader.impact(of: $0, on: facts) }))
    if !wanted.isOnlyCompared, !plan.isEmpty, let whole {
      plan.notes.append(
        contentsOf: try await adoption.check(
          plan, for: whole, given: observation, hasHistory: last?.snapshot != nil, on: facts))
    }
    if !wanted.isOnlyCompared, plan.recordsRelease || plan.pauses, let desired = plan.desired {
      try SnapshotSize.check(desired)
    }
    if !wanted.isOnlyCompared, !plan.isEmpty {
      plan.notes.append(contentsOf: order)
      plan.notes.append(contentsOf: try await reader.obstacles(to: plan, given: observation))
      if wanted.asksEngine { plan.notes.append(contentsOf: try await reader.objections(to: plan)) }
      guard !plan.notes.hasErrors else { throw DiagnosticError(plan.notes) }
    }
    try secrets.check(for: plan, onlyCertain: true)
    let verdict = verdict(on: plan, whole, wanted, last)
    plan.notes.append(contentsOf: verdict.notes(isOverriding: wanted.policyOverride != nil))
    return PreparedPlan(
      wanted: wanted, head: head, observation: observation, secrets: secrets, plan: plan, verdict: verdict)
  }

  /// What policies say of a plan; nothing of one that changes nothing.
  private func verdict(
    on plan: Plan, _ whole: Workload?, _ wanted: ResolvedRequest, _ last: Release?
  ) -> PolicyVerdict {
    guard !policies.isEmpty, wanted.isHeldToPolicies, !plan.isEmpty else { return PolicyVerdict() }
    return policies.verdict(
      on: PolicySubject(plan, whole: whole, last: last?.snapshot, place: wanted.place))
  }

  /// Looks up where the names of images lead, as far as that matters, and gives digests to what is wanted.
  ///
  /// - Returns: what is known, and the whole workload that is wanted now.
  /// - Throws: `DiagnosticError` if a digest was asked for and there is none.
  private func resolveImages(
    for wanted: inout ResolvedRequest, last: Release?, rollout: PausedRollout?, _ observation: Observation,
    _ secrets: ResolvedSecrets, on facts: EngineFacts
  ) async throws -> (ImageKnowledge, Workload?) {
    guard reader.capabilities(on: facts).contains(.pin) else {
      if wanted.pins, wanted.desired != nil {
        throw DiagnosticError(reader.missing(.pin, for: "--pin", on: facts))
      }
      return (ImageKnowledge(), try wanted.composite(on: last))
    }
    let pinning = ImagePinning(
      isAsked: wanted.pins, isShown: wanted.isShown, services: wanted.services,
      recorded: [rollout?.snapshot, last?.snapshot].compactMap(\.self), observation: observation)
    let questions = wanted.desired.map(pinning.questions) ?? []
    guard let desired = wanted.desired, !questions.isEmpty else {
      return (
        ImageKnowledge(newPins: wanted.saved?.newPins ?? []), try wanted.composite(on: last)
      )
    }
    let answers = try await reader.resolveImages(of: questions, secrets: secrets.values)
    let problems = pinning.problems(with: answers, in: desired)
    guard problems.isEmpty else { throw DiagnosticError(Diagnostics(problems)) }
    var newPins = wanted.saved?.newPins ?? []
    // What was written down before, by a release or a saved plan, is what it says.
    if wanted.isSpec { (wanted.desired, newPins) = pinning.pin(desired, by: answers) }
    return (ImageKnowledge(answers, newPins: newPins), try wanted.composite(on: last))
  }

  private func resolveSecrets(
    of workloads: [Workload?], as key: WorkloadKey, digestKey: [UInt8]?
  ) async throws -> ResolvedSecrets {
    let services = workloads.compactMap(\.self).flatMap(\.elements)
    guard services.contains(where: { !$0.secretUses.isEmpty }) else { return ResolvedSecrets() }
    var digestKey = digestKey
    if digestKey == nil { digestKey = try await reader.history.digestKey(in: key.namespace) }
    return try await ResolvedSecrets(
      of: services, in: key.namespace, by: resolvers, digestKey: digestKey)
  }

  private func lostHistory(of key: WorkloadKey) -> Diagnostic {
    Diagnostic(
      .providerNote,
      "`\(target)` has no history of `\(key.name)`: the plan is made from the stamps on the live services",
      help: "berth can't tell changes by hand from changes of the spec here")
  }

  private func missingCapabilities(for workload: Workload, on facts: EngineFacts) -> [Diagnostic] {
    guard workload.body != .services || reader.traits.holdsServices else {
      return [
        Diagnostic(
          .missingCapability, "the provider `\(reader.traits.name)` holds no `services`",
          help: "apply it to another target, or write a `kind: machine_group` with a `machine`")
      ]
    }
    let capabilities = reader.capabilities(on: facts)
    return Capability.required(by: workload).filter { !capabilities.contains($0.capability) }.map {
      reader.missing($0.capability, for: $0.reason, on: facts)
    }
  }
}
