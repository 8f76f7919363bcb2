import Planning
import Testing
import Values

@testable import Rendering

/// Why actions are done, in codes that stay and in words that may change.
@Suite struct ReasonTextTests {
  static let reasons: [(reason: ActionReason, code: String, words: String)] = [
    (.isThereAlready(name: "shop-db-1"), "is-there-already", "`shop-db-1` is there already"),
    (.comesUpFirst, "comes-up-first", "it comes up before the old one goes"),
    (.isReplaced(by: InstanceID(0, generation: 1)), "is-replaced", "instance 0_g1 replaces it"),
    (.isReplaced(by: nil), "is-replaced", "new instances replace them"),
    (.isGone(message: "its supervisor is gone"), "is-gone", "its supervisor is gone"),
    (.hasNotCompleted, "has-not-completed", "it has not completed"),
    (.wasBeingReplaced, "was-being-replaced", "the last run did not finish replacing it"),
    (.hasFailed(exitCode: 1), "has-failed", "it has failed, with exit code 1"),
    (.hasFailed(exitCode: nil), "has-failed", "it has failed"),
    (.doesNotRun(exitCode: 137), "does-not-run", "it does not run, with exit code 137"),
    (.isNotReady, "is-not-ready", "it has not become ready"),
    (.staysStopped, "stays-stopped", "it stays stopped until `berth start shop` starts it"),
    (.givesVolume(to: "store"), "gives-volume", "store takes its volume over"),
    (.givesPort(to: "web"), "gives-port", "web takes its host port over"),
    (
      .canNotChange(fields: ["env", "image"], engine: .init("Docker", makes: "container")),
      "engine-can-not-change", "Docker can't change `env`, `image` of a container"
    ),
    (.holdsMemory, "holds-memory", "a process does not give back memory that it holds"),
    (.changesWhole, "changes-whole", "the engine changes an instance only as a whole"),
    (.isHeld, "is-held", "the last run did not succeed, and holds it where it is"),
    (.goesOn, "goes-on", "the last run was broken off, and the engine went on without it"),
    (.movesToSet("b", from: "a"), "moves-to-set", "it moves from the set `a` to the set `b`"),
    (.movesToSet("b", from: nil), "moves-to-set", "it moves to the set `b`"),
    (
      .pauses(.canary, after: 1, [InstanceID(0, generation: 1)], of: 3), "pauses",
      "it pauses at canary 1/3 until `berth promote shop` or `berth abort shop`"
    ),
    (.isPausedNoLonger, "is-paused-no-longer", "its rollout is paused no longer"),
    (.isStoppedNoLonger, "is-stopped-no-longer", "it stays stopped no longer"),
    (
      .isSuspended(Suspension(reason: "moving", by: "ada@build", since: Timestamp(milliseconds: 1))),
      "is-suspended", "ada@build suspends it: moving"
    ),
    (.isSuspendedNoLonger, "is-suspended-no-longer", "it is suspended no longer"),
  ]

  @Test("A reason has a code that stays, and words", arguments: reasons)
  func hasACodeAndWords(reason: ActionReason, code: String, words: String) {
    #expect(reason.code == code)
    #expect(reason.plain["code"] == .string(code))
    #expect(ReasonText.line(reason, of: "shop") == words)
  }

  @Test("The JSON of a plan has the code, the facts and the words")
  func isToldToPrograms() throws {
    let action = PlanFixture.action(.start, 0, "job", reason: .hasFailed(exitCode: 1))
    let plan = try Value(json: PlanJSON.render(PlanFixture.plan([action])))
    #expect(
      plan["actions"]?.list?.first?["reason"]
        == ["code": "has-failed", "exitCode": 1, "words": "it has failed, with exit code 1"])
  }

  @Test("What an engine says of an instance reaches no terminal as it is")
  func isSafe() {
    #expect(!ReasonText.line(.isGone(message: "gone\u{1B}[31m\n"), of: "shop").contains("\u{1B}"))
  }
}
