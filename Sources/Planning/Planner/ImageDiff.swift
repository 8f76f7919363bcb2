import WorkloadSpec

/// What differs between the image of a service as it is wanted and as it lives, where both go by the same name.
///
/// An image that runs under its tag alone is the one that a digest names if its registry knows it by that digest: a
/// service is not made anew to have its image called something else.
struct ImageDiff {
  /// The service as it is wanted.
  let service: AnyElement
  /// The service as the last release has it.
  let last: AnyElement?
  /// The service as it lives.
  let observed: ObservedService
  /// Whether the digest of the wanted image was looked up for this plan, and is not written anywhere.
  let isNewPin: Bool
  /// The digests that the name of the wanted image resolves to; empty if they are not known, `nil` if they were not
  /// looked up.
  let leads: [String]?
  /// Whether an unfinished run made the service.
  let isUnfinished: Bool
  /// Whether there is a last release.
  let hasHistory: Bool
  /// Whether the plan is for a spec, which has tags where releases have digests.
  let isSpec: Bool

  /// What it takes to run the wanted image.
  enum Finding: Equatable {
    /// The two do not go by the same name, or digests play no part: what is written is compared.
    case incomparable
    /// The same bytes.
    case same
    /// Other bytes.
    case change(Change)
  }

  var finding: Finding {
    guard let wanted = service.containerImage, let live = observed.live.spec.containerImage, wanted != live
    else {
      return .incomparable
    }
    let (now, then) = (ImageReference.split(wanted), ImageReference.split(live))
    guard now.name == then.name else { return .incomparable }
    // Where the name was not looked up, a digest that the spec no longer has is a change of what is written.
    if now.digest == nil, leads == nil { return .incomparable }
    if runs(wanted) { return .same }
    let from = then.digest ?? observed.imageDigests.min()
    let to = now.digest ?? leads?.first
    return .change(
      Change(
        path: "image.digest", old: from.map { .value(.string($0)) } ?? .unknown,
        new: to.map { .value(.string($0)) } ?? .unknown, causes: causes(now),
        impact: service.impact(of: "image") ?? .replace))
  }

  /// Whether the live service runs what a reference of the same name means.
  private func runs(_ reference: String) -> Bool {
    let live = observed.live.spec.containerImage ?? ""
    if reference == live { return true }
    let (meant, there) = (ImageReference.split(reference), ImageReference.split(live))
    guard meant.name == there.name else { return false }
    let digests = observed.imageDigests.union(there.digest.map { [$0] } ?? [])
    if let digest = meant.digest { return digests.contains(digest) }
    guard let leads else { return false }
    return leads.isEmpty || leads.contains { digests.contains($0) }
  }

  private func causes(_ wanted: (name: String, digest: String?)) -> Set<Cause> {
    var causes: Set<Cause> = []
    let released = last?.containerImage.map(ImageReference.split)
    let lostItsPin =
      isSpec && wanted.digest == nil && released?.digest != nil && released?.name == wanted.name
    if isNewPin || lostItsPin {
      causes.insert(.external)
    } else if service.containerImage != last?.containerImage || !hasHistory {
      causes.insert(.spec)
    }
    if !(last?.containerImage.map(runs) ?? false) {
      if isUnfinished { causes.insert(.unfinished) } else if hasHistory { causes.insert(.drift) }
    }
    return causes
  }
}
