import Diagnostics
import Planning
import Rendering
import Testing
import Values

@Suite struct PlanFormatTests {
  private let small = PlanFixture.plan([
    PlanFixture.action(
      .restart, 0, "api",
      [
        PlanFixture.change("env.A", .value("1"), .absent),
        PlanFixture.change("secrets[env/T].value", .secret, .secret, [.external]),
      ], causes: [.spec, .external], after: ["create 0"], interrupts: true)
  ])

  // MARK: Markdown

  @Test("Markdown") func markdown() {
    #expect(
      PlanMarkdown.render(small) == """
        ### Plan: `shop` on `local` (namespace `default`)

        **1 to restart** · Interrupts: api (instance 0). For at most 2m10s.

        <details>
        <summary>1 action, from release 4</summary>

        ```diff
          instance 0
        !   restart api
        -     env.A: "1"
        !     secrets[env/T].value: (changed) (external)
        ```

        </details>

        """)
  }

  @Test("Markdown of nothing") func markdownOfNothing() {
    #expect(
      PlanMarkdown.render(PlanFixture.plan([])) == """
        ### Plan: `shop` on `local` (namespace `default`)

        No changes: shop matches its spec.

        """)
  }

  @Test("Nothing breaks out of Markdown") func nothingBreaksOutOfMarkdown() {
    let plan = PlanFixture.plan(
      [
        PlanFixture.action(
          .restart, 0, "api", [PlanFixture.change("content", .value("a\n````\n</details>\n"), .value("b\n"))])
      ],
      notes: [Diagnostic(.providerNote, "see <img src=x> @everyone *now* `a*b`", help: "one ` tick")],
      target: "lo`cal")
    let text = PlanMarkdown.render(plan)
    #expect(text.contains("on ``lo`cal``"))
    #expect(text.contains("see \\<img src=x\\> \\@everyone \\*now\\* `a*b` — one \\` tick"))
    #expect(text.contains("\n`````diff\n") && text.hasSuffix("\n`````\n\n</details>\n"))
  }

  private func big(_ name: String, actions: Int = 2000) -> Plan {
    let services = (0..<actions).map { index in
      PlanFixture.action(
        .restart, 0, "service-\(index)", [PlanFixture.change("env.A", .value("1"), .value("2"))])
    }
    return PlanFixture.plan(services, name: name)
  }

  @Test("Markdown fits into a comment") func markdownFitsIntoAComment() {
    let text = PlanMarkdown.render(big("shop"))
    #expect((50_000...PlanMarkdown.limit).contains(text.unicodeScalars.count))
    #expect(text.contains("**2000 to restart**") && text.contains("\n!   restart service-0\n"))
    #expect(text.contains("more lines are left out here; `berth plan` shows all."))
    #expect(text.hasSuffix("\n\n</details>\n"))
    #expect(text.components(of: "```").count == 3)
  }

  @Test("Every plan of a comment has its summary") func everyPlanOfACommentHasItsSummary() {
    let names = (0..<50).map { "shop-\($0)" }
    let plans = names.map { big($0, actions: 100) } + [big("last", actions: 1)]
    let text = PlanMarkdown.render(plans)
    #expect(text.unicodeScalars.count <= PlanMarkdown.limit)
    #expect(names.allSatisfy { text.contains("`\($0)`") || text.contains("<code>\($0)</code>") })
    #expect(text.components(of: "<details>").count == text.components(of: "</details>").count)
    // What is too long for the room that is left does not keep a shorter one from being whole.
    #expect(text.hasSuffix("!   restart service-0\n!     env.A: \"1\" → \"2\"\n```\n\n</details>\n"))
  }

  @Test("Summaries that do not fit are counted") func summariesThatDoNotFitAreCounted() {
    let text = PlanMarkdown.render((0..<50).map { big("shop-\($0)", actions: 1) }, limit: 1000)
    #expect(text.unicodeScalars.count <= 1000)
    let shown = text.components(of: "`shop-").count + text.components(of: "<code>shop-").count - 2
    #expect(shown > 5 && text.hasSuffix("\n\(50 - shown) more plans are left out.\n"))
  }

  @Test("What does not change is counted once") func whatDoesNotChangeIsCountedOnce() {
    let text = PlanMarkdown.render([PlanFixture.plan([]), small, PlanFixture.plan([])])
    #expect(
      text.hasPrefix("### Plan: `shop`")
        && text.hasSuffix("\nNo changes: 2 more workloads match their specs.\n"))
    #expect(text.components(of: "### Plan").count == 2)
  }

  // MARK: JSON

  @Test("JSON") func json() {
    #expect(
      PlanJSON.render(small) == """
        {
          "formatVersion": 2,
          "workload": "shop",
          "namespace": "default",
          "target": "local",
          "engine": {
            "provider": "local",
            "id": "e1"
          },
          "intent": "apply",
          "rollbackTo": null,
          "scaleTo": null,
          "base": 4,
          "isEmpty": false,
          "recordsRelease": false,
          "counts": {
            "adopt": 0,
            "create": 0,
            "update": 0,
            "start": 0,
            "stop": 0,
            "run": 0,
            "restart": 1,
            "replace": 0,
            "scale": 0,
            "delete": 0,
            "hold": 0,
            "record": 0
          },
          "interruptions": [
            {
              "service": "api",
              "instances": [
                "0"
              ],
              "isForGood": false
            }
          ],
          "workloadChanges": [],
          "actions": [
            {
              "id": "restart 0.api",
              "kind": "restart",
              "subject": {
                "type": "service",
                "instance": "0",
                "service": "api",
                "volume": null,
                "ordinal": null
              },
              "changes": [
                {
                  "path": "env.A",
                  "old": {
                    "is": "value",
                    "value": "1"
                  },
                  "new": {
                    "is": "absent"
                  },
                  "causes": [
                    "spec"
                  ],
                  "impact": "restart"
                },
                {
                  "path": "secrets[env/T].value",
                  "old": {
                    "is": "secret"
                  },
                  "new": {
                    "is": "secret"
                  },
                  "causes": [
                    "external"
                  ],
                  "impact": "restart"
                }
              ],
              "causes": [
                "spec",
                "external"
              ],
              "reason": null,
              "after": [
                "create 0"
              ],
              "alsoRestarts": [],
              "isInterruption": true,
              "leavesStopped": false,
              "reach": null,
              "isOneAtATime": false,
              "pausesAfter": null
            }
          ],
          "afterPause": [],
          "notes": [],
          "images": [],
          "pins": [],
          "detachedVolumes": [],
          "operatorState": {
            "stopped": [],
            "suspension": null,
            "rollout": null
          },
          "desired": null
        }

        """)
  }

  @Test("JSON holds everything") func jsonHoldsEverything() throws {
    let value = try Value(json: PlanJSON.render(PlanFixture.rich))
    #expect(value["actions"]?.list?.count == PlanFixture.rich.actions.count)
    #expect(value["desired"] == PlanFixture.rich.desired?.plain)
    #expect(value["workloadChanges"]?.list?.map { $0["path"]?.string } == ["replicas", "labels.team"])
    #expect(value["notes"]?.list?.first?["code"] == "W0601")
    #expect(value["detachedVolumes"]?.list?.map { $0["ordinal"] } == [.null, 2])
    let rollback = try Value(json: PlanJSON.render(PlanFixture.plan([], intent: .rollback(to: 2), base: nil)))
    #expect(rollback["intent"] == "rollback")
    #expect(rollback["rollbackTo"] == 2)
    #expect(rollback["base"] == .null)
    #expect(rollback["isEmpty"] == true)
  }

  @Test(
    "Subjects are told apart",
    arguments: [
      (ActionSubject.workload, ["workload", nil, nil, nil]),
      (.instance(InstanceID(1, generation: 2)), ["instance", "1_g2", nil, nil]),
      (.service(InstanceID(1), "api"), ["service", "1", "api", nil]),
      (.volume("data", ordinal: nil), ["volume", nil, nil, "data"]),
    ] as [(ActionSubject, [String?])])
  func subjectsAreToldApart(subject: ActionSubject, words: [String?]) throws {
    let plan = PlanFixture.plan([Action(.delete, subject)])
    let value = try #require(try Value(json: PlanJSON.render(plan))["actions"]?.list?.first?["subject"])
    #expect(["type", "instance", "service", "volume"].map { value[$0]?.string } == words)
  }
}

extension String {
  /// What stands before, between and after the places where a text stands.
  fileprivate func components(of text: String) -> [Substring] {
    split(separator: text, omittingEmptySubsequences: false)
  }
}
