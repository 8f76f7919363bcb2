import Values
import WorkloadSpec

/// What differs between an element of a body as it is wanted and as it lives, field by field, with the causes.
struct ServiceDiff {
  /// The workload as it is wanted.
  let desired: Workload
  /// The workload as the last release has it.
  let last: Workload?
  /// The runs that left something undone.
  let incompleteRuns: Set<RunID>
  /// The keyed digests of secret values as they are now, by key.
  let secretDigests: [String: String]
  /// What the addresses in its texts stand for.
  let addresses: AddressBook?
  /// What is known of where the names of images lead.
  let images: ImageKnowledge
  /// Whether the plan is for a spec.
  let isSpec: Bool
  /// What the engine declares.
  let engine: EngineFields

  /// What is compared with a plan's input.
  init(_ input: PlanInput, desired: Workload, last: Workload?) {
    self.desired = desired
    self.last = last
    incompleteRuns = input.incompleteRuns
    secretDigests = input.secretDigests
    addresses = input.addresses
    images = input.images
    isSpec = input.intent == .apply
    engine = input.engine
  }

  /// The changes that make a live service what is wanted.
  func changes(of service: AnyElement, from observed: ObservedService) -> [Change] {
    let cause: Cause =
      observed.adoption != nil ? .spec : incompleteRuns.contains(observed.stamp.run) ? .unfinished : .drift
    return fieldChanges(of: service, from: observed) + observed.deviations.map { $0.change(cause) }
  }

  private func fieldChanges(of service: AnyElement, from observed: ObservedService) -> [Change] {
    var externalChanges =
      imageMoves(of: service, from: observed) + secretChanges(of: service, from: observed)
    if let addresses {
      let moves = AddressMoves(addresses: addresses, observed: observed).changes(of: service)
      // A text may have a secret in it as well.
      externalChanges += moves.filter { move in !externalChanges.contains { $0.path == move.path } }
    }
    if isSame(service, observed.live) { return externalChanges }
    var live = observed.live
    switch imageDiff(of: service, from: observed).finding {
    case .incomparable: break
    case .same: live.spec.containerImage = service.containerImage
    case .change(let change):
      live.spec.containerImage = service.containerImage
      externalChanges.insert(change, at: 0)
    }
    if isSame(service, live) { return externalChanges }

    let changes = fieldChanges(
      of: service.base, live, observed.stamp, isOurs: observed.adoption == nil)
    let paths = Set(changes.map(\.path))
    return changes + externalChanges.filter { !paths.contains($0.path) }
  }

  private func fieldChanges<Base: BodyElement>(
    of element: Base, _ live: LiveService, _ stamp: Stamp, isOurs: Bool
  ) -> [Change] {
    // What is of another body has to go, whatever its name.
    guard let liveElement = live.spec.as(Base.self) else {
      return [.ofElement(from: live.spec, to: AnyElement(element), causes: [.spec])]
    }
    let lastElement = last?.element(element.name)?.as(Base.self)
    let isUnfinished = incompleteRuns.contains(stamp.run)
    let digest = SpecDigest(of: element, in: desired, on: engine)
    let hasHistory = last != nil
    var diff = FieldDiff(
      // Without history, the stamp is all there is to tell what is ours; what is taken over becomes ours as it is.
      ownsEverything: (isUnfinished || !hasHistory || !isOurs) && stamp.digest != digest,
      untold: live.untold,
      engines: [engine],
      causes: { desired, live, last in
        var causes: Set<Cause> = []
        if desired != last || !hasHistory { causes.insert(.spec) }
        if live != last {
          if isUnfinished { causes.insert(.unfinished) } else if hasHistory { causes.insert(.drift) }
        }
        return causes
      })
    let presumed = presumedLive(of: element, last: lastElement, stamp: stamp, digest: digest)
    var unknown: [Change] = []
    for field in Base.schema.fields where field.description.comparison == .value {
      let name = field.description.name
      if name == "name" || live.untold.contains(name) { continue }
      var desiredValue: Value? { field.value(element) }
      var lastValue: Value? { lastElement.flatMap { field.value($0) } }
      var liveValue: Value?
      if live.unobservable.contains(name) {
        guard let presumed else {
          let (desiredValue, lastValue) = (desiredValue, lastValue)
          guard desiredValue != nil || lastValue != nil else { continue }
          var causes: Set<Cause> = [isUnfinished ? .unfinished : .drift]
          if desiredValue != lastValue { causes.insert(.spec) }
          unknown.append(
            Change(
              path: name, old: .unknown, new: desiredValue.map { .value($0) } ?? .absent, causes: causes,
              impact: field.description.impact ?? .inPlace))
          continue
        }
        liveValue = field.value(presumed)
      } else {
        guard field.differs(element, liveElement) else { continue }
        liveValue = field.value(liveElement)
      }
      diff.compare(
        name, field.description.type, desired: desiredValue, live: liveValue, last: lastValue,
        impact: field.description.impact ?? .inPlace, isSecret: field.description.isSecret)
    }
    diff.compare(
      "labels", .map, desired: desired.labels.plain, live: live.labels.plain, last: last?.labels.plain,
      impact: .inPlace)
    // What the workload says on the engine is, like its labels, the business of each service.
    diff.compare(
      "workload.on", .engines(.workload), desired: desired.on.plain, live: live.workloadBlocks.plain,
      last: last?.on.plain, impact: .inPlace)
    return diff.changes + unknown
  }

  /// Whether a live service is what is wanted, as far as fields go, and the engine hides none of them.
  private func isSame(_ service: AnyElement, _ live: LiveService) -> Bool {
    live.unobservable.isEmpty && live.spec == service && live.labels == desired.labels
      && live.workloadBlocks == desired.on
  }

  /// The spec that an element was made from, if its stamp tells: it stands in for fields that the engine hides.
  private func presumedLive<Base: BodyElement>(
    of element: Base, last: Base?, stamp: Stamp, digest: SpecDigest
  ) -> Base? {
    if stamp.digest == digest { return element }
    guard let last else { return nil }
    return stamp.digest == SpecDigest(of: last, in: self.last, on: engine) ? last : nil
  }

  private func imageDiff(of service: AnyElement, from observed: ObservedService) -> ImageDiff {
    ImageDiff(
      service: service, last: last?.element(service.name), observed: observed,
      isNewPin: images.newPins.contains(service.name), leads: images.leads(of: service.name),
      isUnfinished: incompleteRuns.contains(observed.stamp.run), hasHistory: last != nil, isSpec: isSpec)
  }

  /// An image whose name leads to another one now.
  private func imageMoves(of service: AnyElement, from observed: ObservedService) -> [Change] {
    guard service.containerImage == observed.live.spec.containerImage,
      let move = observed.imageMove ?? foundMove(of: service, from: observed)
    else { return [] }
    return [
      Change(
        path: "image.digest", old: .value(.string(move.from)), new: .value(.string(move.to)),
        causes: [.external],
        impact: service.impact(of: "image") ?? .replace)
    ]
  }

  /// Where an image's name leads that is always pulled, if the answer that was asked for says that it is elsewhere.
  private func foundMove(of service: AnyElement, from observed: ObservedService) -> ImageMove? {
    guard service.pullPolicy == .always, let leads = images.leads(of: service.name), let to = leads.first,
      let from = observed.imageDigests.min(), observed.imageDigests.isDisjoint(with: leads)
    else { return nil }
    return ImageMove(from: from, to: to)
  }

  /// Secrets whose value is not the one that the service was given.
  private func secretChanges(of service: AnyElement, from observed: ObservedService) -> [Change] {
    // Most workloads have none, and finding the uses means looking through every text.
    if secretDigests.isEmpty || observed.secretDigests.isEmpty { return [] }
    var changes: [Change] = []
    for use in service.secretUses {
      guard let now = secretDigests[use.key], let given = observed.secretDigests[use.identity], now != given
      else { continue }
      let (field, path) = Self.place(of: use)
      // A reference that moved to another key is a change of the spec, and shown as that.
      if case .listed(let identity) = use.place {
        let lives = observed.live.spec.secretUses.contains {
          $0.place == .listed(identity) && $0.key == use.key
        }
        guard lives else { continue }
      }
      // A text may have several secrets in it.
      guard changes.last?.path != path else { continue }
      let impact = service.impact(of: field) ?? .restart
      changes.append(Change(path: path, old: .secret, new: .secret, causes: [.external], impact: impact))
    }
    return changes
  }

  /// The field of a service that a secret goes into, and its path.
  private static func place(of use: SecretUse) -> (field: String, path: String) {
    switch use.place {
    case .listed(let identity): ("secrets", "secrets[\(identity)].value")
    case .variable(let name): ("env", FieldDiff.join("env", name))
    case .configFile(let name): ("configFiles", "configFiles[\(name)].content")
    }
  }
}
