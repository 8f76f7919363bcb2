import Planning
import Testing
import WorkloadSpec

/// What becomes of a tag, with and without a digest that was recorded for it.
@Suite struct ImagePinningTests {
  static let (a, b, c) = (digest("a"), digest("b"), digest("c"))

  static func digest(_ digit: Character) -> String { "sha256:" + String(repeating: digit, count: 64) }

  static func workload(_ image: String) -> Workload {
    Fixture.workload([Fixture.service("api") { $0.image = image }])
  }

  /// The live state, made from an image with these digests.
  static func observation(_ image: String, _ digests: Set<String>) -> Observation {
    Fixture.observation(of: workload(image)) { $0.instances[0].services[0].imageDigests = digests }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var asked = false
    let spec: String
    let recorded: String?
    let leads: ImageResolution
    /// The image that is wanted after all.
    let wanted: String
    var isNew = false
  }

  @Test(
    "A tag is pinned",
    arguments: [
      Case(
        testDescription: "a tag gets its digest", asked: true, spec: "app:1", recorded: nil,
        leads: .digests([a]), wanted: "app:1@\(a)", isNew: true),
      Case(
        testDescription: "a name without a tag gets one as well", asked: true, spec: "app", recorded: nil,
        leads: .digests([a]), wanted: "app@\(a)", isNew: true),
      Case(
        testDescription: "one that leads where it led is the one that was recorded", asked: true,
        spec: "app:1",
        recorded: "app:1@\(a)", leads: .digests([b, a]), wanted: "app:1@\(a)"),
      Case(
        testDescription: "it is so without being asked for", spec: "app:1", recorded: "app:1@\(a)",
        leads: .digests([a]), wanted: "app:1@\(a)"),
      Case(
        testDescription: "a tag that moved gets a new digest", asked: true, spec: "app:1",
        recorded: "app:1@\(a)", leads: .digests([b]), wanted: "app:1@\(b)", isNew: true),
      Case(
        testDescription: "it loses the old one where none is asked for", spec: "app:1",
        recorded: "app:1@\(a)", leads: .digests([b]), wanted: "app:1"),
      Case(
        testDescription: "what can't be looked up has not moved", spec: "app:1", recorded: "app:1@\(a)",
        leads: .unknown("no answer"), wanted: "app:1@\(a)"),
      Case(
        testDescription: "the digest of another tag is none of its business", asked: true, spec: "app:2",
        recorded: "app:1@\(a)", leads: .digests([b]), wanted: "app:2@\(b)", isNew: true),
    ])
  func aTagIsPinned(_ each: Case) {
    let desired = Self.workload(each.spec)
    let pinning = ImagePinning(
      isAsked: each.asked, services: nil, recorded: each.recorded.map { [Self.workload($0)] } ?? [],
      observation: Observation(engine: Fixture.engine))
    #expect(pinning.questions(in: desired).map(\.name) == ["api"])
    let result = pinning.pin(desired, by: ["api": each.leads])
    #expect(result.workload == Self.workload(each.wanted))
    #expect(result.new == (each.isNew ? ["api"] : []))
    #expect(pinning.problems(with: ["api": each.leads], in: desired).isEmpty)
  }

  @Test("What needs no answer is not asked for") func whatNeedsNoAnswerIsNotAskedFor() {
    func questions(
      _ image: String?, asked: Bool, shown: Bool = false, recorded: String?, live: String = "app:1"
    ) -> Int {
      let desired = Fixture.workload([Fixture.service("api") { $0.image = image }])
      return ImagePinning(
        isAsked: asked, isShown: shown, services: nil, recorded: recorded.map { [Self.workload($0)] } ?? [],
        observation: Self.observation(live, [])
      ).questions(in: desired).count
    }
    #expect(questions("app:1", asked: false, recorded: "app:1") == 0)
    #expect(questions("app:1", asked: false, recorded: "other:1@\(Self.a)") == 0)
    #expect(questions("app:1@\(Self.a)", asked: true, recorded: "app:1@\(Self.b)") == 0)
    #expect(questions(nil, asked: true, recorded: nil) == 0)
    #expect(questions("app:1", asked: true, recorded: nil) == 1)
    #expect(questions("app:1", asked: false, recorded: "app:1", live: "app:1@\(Self.a)") == 1)
    // A person wants to know of what is made anew.
    #expect(questions("app:1", asked: false, shown: true, recorded: nil) == 0)
    #expect(questions("app:1", asked: false, shown: true, recorded: nil, live: "app:2") == 1)
    #expect(questions("app:1@\(Self.a)", asked: false, shown: true, recorded: nil, live: "app:2") == 0)
  }

  @Test("Only named services are pinned") func onlyNamedServicesArePinned() {
    var desired = Self.workload("app:1")
    desired.services.append(Fixture.service("envoy", .sidecar) { $0.image = "envoy:1" })
    let pinning = ImagePinning(
      isAsked: true, services: ["envoy"], recorded: [], observation: Observation(engine: Fixture.engine))
    #expect(pinning.questions(in: desired).map(\.name) == ["envoy"])
  }

  @Test("A tag that leads nowhere is a problem only where a digest is asked for")
  func aTagThatLeadsNowhereIsAProblemOnlyWhereADigestIsAskedFor() throws {
    let desired = Self.workload("app:1")
    for (asked, answers) in [
      (true, ["api": ImageResolution.unknown("no answer")]), (true, [:]),
      (false, ["api": .unknown("no answer")]),
    ] {
      let problems = ImagePinning(
        isAsked: asked, services: nil, recorded: [Self.workload("app:1@\(Self.a)")],
        observation: Observation(engine: Fixture.engine)
      ).problems(with: answers, in: desired)
      #expect(problems.map(\.code) == (asked ? [.cannotPin] : []))
      if asked {
        let message = try #require(problems.first).message
        #expect(message.contains("`app:1`") && message.contains("`api`"))
      }
    }
  }

  @Test("A registry that asks for a secret is asked with it") func aRegistryThatAsksForASecretIsAskedWithIt()
    throws
  {
    func workload(_ policy: PullPolicy) -> Workload {
      Fixture.workload([
        Fixture.service("api") {
          $0.image = "app:1"
          $0.pullPolicy = policy
          var secret = SecretReference()
          secret.key = "env:REGISTRY"
          secret.type = .registry
          secret.as = "docker.io"
          $0.secrets = [secret]
        }
      ])
    }
    for (policy, leads, changes) in [
      (PullPolicy.always, [Self.b], 1), (.always, [Self.b, Self.a], 0), (.always, [], 0),
    ] {
      let desired = workload(policy)
      let observation = Fixture.observation(of: desired) {
        $0.instances[0].services[0].imageDigests = [Self.a]
      }
      let pinning = ImagePinning(isAsked: false, services: nil, recorded: [desired], observation: observation)
      #expect(pinning.questions(in: desired).count == 1)
      #expect(pinning.pin(desired, by: ["api": .digests([Self.b])]).workload == desired)
      let plan = try Fixture.plan(desired, observed: observation, last: desired) {
        $0.images = ImageKnowledge(["api": leads.isEmpty ? .unknown("no answer") : .digests(leads)])
      }
      #expect(
        plan.actions.flatMap(\.changes)
          == Array(repeating: Self.change("image.digest", Self.a, Self.b, [.external]), count: changes))
    }
    let missing = workload(.missing)
    #expect(
      ImagePinning(
        isAsked: false, services: nil, recorded: [missing], observation: Fixture.observation(of: missing)
      ).questions(in: missing).isEmpty)
  }

  // MARK: What is compared

  struct Comparison: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let wanted: String
    let last: String?
    let live: String
    let digests: Set<String>
    var images = ImageKnowledge()
    var intent = RunIntent.apply
    var move: ImageMove?
    var incomplete: Set<RunID> = []
    /// The changes: path, old, new and causes.
    let changes: [Change]
  }

  static func change(_ path: String, _ old: String, _ new: String, _ causes: Set<Cause>) -> Change {
    Change(
      path: path, old: .value(.string(old)), new: .value(.string(new)), causes: causes, impact: .replace)
  }

  @Test(
    "Bytes are compared",
    arguments: [
      Comparison(
        testDescription: "the bytes that run get their digest: nothing is made anew", wanted: "app:1@\(a)",
        last: "app:1", live: "app:1", digests: [a, b], images: ImageKnowledge(newPins: ["api"]), changes: []),
      Comparison(
        testDescription: "a digest of another repository is as good", wanted: "app:1@\(a)", last: nil,
        live: "app:1", digests: [b, a], changes: []),
      Comparison(
        testDescription: "a tag that moved, pinned anew", wanted: "app:1@\(b)", last: "app:1@\(a)",
        live: "app:1@\(a)", digests: [a], images: ImageKnowledge(newPins: ["api"]),
        changes: [change("image.digest", a, b, [.external])]),
      Comparison(
        testDescription: "a tag that moved, pinned for the first time", wanted: "app:1@\(b)", last: "app:1",
        live: "app:1", digests: [a], images: ImageKnowledge(newPins: ["api"]),
        move: ImageMove(from: "id", to: "other id"),
        changes: [change("image.digest", a, b, [.external])]),
      Comparison(
        testDescription: "a tag that moved, and no digest is asked for", wanted: "app:1", last: "app:1@\(a)",
        live: "app:1@\(a)", digests: [a], images: ImageKnowledge(["api": .digests([b])]),
        changes: [change("image.digest", a, b, [.external])]),
      Comparison(
        testDescription: "a rollback to other bytes", wanted: "app:1@\(a)", last: "app:1@\(b)",
        live: "app:1@\(b)", digests: [b], intent: .rollback(to: 1),
        changes: [change("image.digest", b, a, [.spec])]),
      Comparison(
        testDescription: "a rollback to a tag that leads to what runs", wanted: "app:1", last: "app:1@\(b)",
        live: "app:1@\(b)", digests: [b], images: ImageKnowledge(["api": .digests([b])]),
        intent: .rollback(to: 1), changes: []),
      Comparison(
        testDescription: "a rollback to a tag that leads elsewhere", wanted: "app:1", last: "app:1@\(b)",
        live: "app:1@\(b)", digests: [b], images: ImageKnowledge(["api": .digests([a])]),
        intent: .rollback(to: 1), changes: [change("image.digest", b, a, [.spec])]),
      Comparison(
        testDescription: "a digest that the file has now", wanted: "app:1@\(b)", last: "app:1@\(a)",
        live: "app:1@\(a)", digests: [a], changes: [change("image.digest", a, b, [.spec])]),
      Comparison(
        testDescription: "other bytes were put there by hand", wanted: "app:1@\(a)", last: "app:1@\(a)",
        live: "app:1", digests: [b], changes: [change("image.digest", b, a, [.drift])]),
      Comparison(
        testDescription: "a run that did not end put other bytes there", wanted: "app:1@\(a)",
        last: "app:1@\(a)", live: "app:1@\(b)", digests: [b], incomplete: [Fixture.released],
        changes: [change("image.digest", b, a, [.unfinished])]),
      Comparison(
        testDescription: "another tag is another image, whatever its digest", wanted: "app:2@\(a)",
        last: "app:1@\(a)", live: "app:1@\(a)", digests: [a],
        changes: [change("image", "app:1@\(a)", "app:2@\(a)", [.spec])]),
      Comparison(
        testDescription: "a digest that was taken away where no registry can be asked", wanted: "app:1",
        last: "app:1@\(a)", live: "app:1@\(a)", digests: [],
        changes: [change("image", "app:1@\(a)", "app:1", [.spec])]),
      Comparison(
        testDescription: "a tag that moved after the bytes that run got their digest", wanted: "app:1",
        last: "app:1@\(a)", live: "app:1", digests: [a], images: ImageKnowledge(["api": .digests([b])]),
        move: ImageMove(from: "sha256:old", to: "sha256:new"),
        changes: [change("image.digest", "sha256:old", "sha256:new", [.external])]),
    ])
  func bytesAreCompared(_ each: Comparison) throws {
    var observation = Self.observation(each.live, each.digests)
    observation.instances[0].services[0].imageMove = each.move
    let plan = try Fixture.plan(
      Self.workload(each.wanted), observed: observation, last: each.last.map(Self.workload),
      incomplete: each.incomplete
    ) {
      $0.images = each.images
      $0.intent = each.intent
    }
    #expect(plan.actions.flatMap(\.changes) == each.changes)
    #expect(plan.steps.contains("replace 0.api") == !each.changes.isEmpty)
    #expect(plan.recordsRelease == (each.wanted != each.last))
  }

  @Test("Other digests than those meant are not in the fingerprint")
  func otherDigestsThanThoseMeantAreNotInTheFingerprint() {
    func fingerprint(_ digests: Set<String>, wanted: String) -> String {
      Self.observation("app:1", digests).fingerprint(desired: Self.workload(wanted), last: nil)
    }
    #expect(
      fingerprint([Self.a], wanted: "app:1@\(Self.a)")
        == fingerprint([Self.a, Self.b], wanted: "app:1@\(Self.a)"))
    #expect(
      fingerprint([Self.a], wanted: "app:1@\(Self.a)") != fingerprint([Self.b], wanted: "app:1@\(Self.a)"))
    #expect(fingerprint([Self.a], wanted: "app:1") == fingerprint([Self.b], wanted: "app:1"))
  }
}
