import WorkloadSpec

/// What differs between a service as it is wanted and as it lives, field by field, with the causes.
struct ServiceDiff {
  /// The workload as it is wanted.
  let desired: Workload
  /// The workload as the last release has it.
  let last: Workload?
  /// The runs that left something undone.
  let incompleteRuns: Set<RunID>
  /// The keyed digests of secret values as they are now, by key.
  let secretDigests: [String: String]

  /// The changes that make a live service what is wanted.
  func changes(of service: Service, from observed: ObservedService) -> [Change] {
    let live = observed.live
    let secretChanges = secretChanges(of: service, from: observed)
    if live.unobservable.isEmpty, live.spec == service, live.labels == desired.labels { return secretChanges }

    let lastService = last?.service(service.name)
    let isUnfinished = incompleteRuns.contains(observed.stamp.run)
    let digest = SpecDigest(of: service, labels: desired.labels)
    let hasHistory = last != nil
    var diff = FieldDiff(
      // Without history, the stamp is all there is to tell what is ours.
      ownsEverything: (isUnfinished || !hasHistory) && observed.stamp.digest != digest,
      causes: { desired, live, last in
        var causes: Set<Cause> = []
        if desired != last || !hasHistory { causes.insert(.spec) }
        if live != last {
          if isUnfinished { causes.insert(.unfinished) } else if hasHistory { causes.insert(.drift) }
        }
        return causes
      })
    let presumed = presumedLive(of: service, last: lastService, stamp: observed.stamp, digest: digest)
    var unknown: [Change] = []
    for field in Service.schema.fields where field.description.comparison == .value {
      let name = field.description.name
      if name == "name" { continue }
      let desiredValue = field.value(service)
      let lastValue = lastService.flatMap { field.value($0) }
      var liveValue: Value?
      if live.unobservable.contains(name) {
        guard let presumed else {
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
        guard field.differs(service, live.spec) else { continue }
        liveValue = field.value(live.spec)
      }
      diff.compare(
        name, field.description.type, desired: desiredValue, live: liveValue, last: lastValue,
        impact: field.description.impact ?? .inPlace, isSecret: field.description.isSecret)
    }
    diff.compare(
      "labels", .map, desired: desired.labels.plain, live: live.labels.plain, last: last?.labels.plain,
      impact: .inPlace)
    return diff.changes + unknown + secretChanges
  }

  /// What a live service was made from, if its stamp tells: it stands in for fields that the engine hides.
  private func presumedLive(of service: Service, last: Service?, stamp: Stamp, digest: SpecDigest) -> Service?
  {
    if stamp.digest == digest { return service }
    guard let last, let labels = self.last?.labels else { return nil }
    return stamp.digest == SpecDigest(of: last, labels: labels) ? last : nil
  }

  /// Secrets whose value is not the one that the service was given.
  private func secretChanges(of service: Service, from observed: ObservedService) -> [Change] {
    guard !service.secrets.isEmpty else { return [] }
    return service.secrets.sorted { $0.identity < $1.identity }.compactMap { secret in
      guard let now = secretDigests[secret.key], let given = observed.secretDigests[secret.identity],
        now != given
      else { return nil }
      // A reference that moved to another key is a change of the spec, and shown as that.
      let livesWithSameKey = observed.live.spec.secrets.contains {
        $0.identity == secret.identity && $0.key == secret.key
      }
      guard livesWithSameKey else { return nil }
      return Change(
        path: "secrets[\(secret.identity)].value", old: .secret, new: .secret, causes: [.external],
        impact: Service.schema.description.fields.first { $0.name == "secrets" }?.impact ?? .restart)
    }
  }
}
