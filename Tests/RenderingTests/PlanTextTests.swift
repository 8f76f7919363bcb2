import Diagnostics
import Planning
import Rendering
import Testing
import Values
import WorkloadSpec

@Suite struct PlanTextTests {
  @Test("A workload that an engine makes as a whole is shown with all that its services have")
  func wholeWorkload() {
    let workload = PlanFixture.workload([PlanFixture.service("api") { $0.env = ["A": "1"] }])
    func plan(_ causes: Set<Cause>) -> Plan {
      PlanFixture.plan(
        [
          Action(
            .create, .workload, causes: causes, reach: ActionReach(instances: [], services: ["api"]))
        ], base: nil, desired: workload)
    }
    #expect(
      text(plan([.spec])).contains(
        """
          + create the workload
              + api
                  + command  ["/bin/api"]
                  + env.A    "1"

        """))
    #expect(
      PlanMarkdown.render(plan([.spec])).contains(
        "+ create the workload\n+   api\n+     command: [\"/bin/api\"]\n+     env.A: \"1\"\n"))
    #expect(text(plan([.drift])).contains("+ create the workload  (drift)\n      with api\n"))
  }

  private func text(_ plan: Plan, width: Int = 0) -> String {
    PlanText.render(plan, style: TextStyle(width: width))
  }

  @Test("Digests are told") func digestsAreTold() throws {
    let image = "shop/api:1@sha256:" + String(repeating: "a", count: 64)
    let desired = PlanFixture.workload([PlanFixture.service("api") { $0.image = image }])
    let plan = PlanFixture.plan([PlanFixture.record], desired: desired, newPins: ["api"])
    #expect(text(plan).contains("\n\nPins api to \(image)\n\n"))
    #expect(PlanMarkdown.render(plan).contains("\n- `api` is pinned to `\(image)`\n"))
    let json = try Value(json: PlanJSON.render(plan))
    #expect(json["pins"] == .list([["service": "api", "image": .string(image)]]))
  }

  @Test("Where tags lead is told") func whereTagsLeadIsTold() throws {
    let digest = "sha256:" + String(repeating: "a", count: 64)
    let plan = PlanFixture.plan(
      [PlanFixture.record],
      images: [
        ImageLead(image: "shop/api:2", resolution: .digests([digest, "sha256:other"])),
        ImageLead(image: "own:1", resolution: .unknown("the engine has it from no\u{1B}[31m registry")),
      ])
    let lines = [
      "shop/api:2 resolves to \(digest)",
      "own:1 resolves to no known digest: the engine has it from no\\u{1B}[31m registry",
    ]
    #expect(text(plan).contains("\n\n\(lines.joined(separator: "\n"))\n\n"))
    #expect(PlanMarkdown.render(plan).contains("\n  \(lines.joined(separator: "\n  "))\n"))
    let json = try Value(json: PlanJSON.render(plan))
    #expect(
      json["images"]
        == .list([
          ["image": "shop/api:2", "digest": .string(digest), "reason": .null],
          ["image": "own:1", "digest": .null, "reason": "the engine has it from no\u{1B}[31m registry"],
        ]))
  }

  @Test("A plan is told whole") func aPlanIsToldWhole() {
    #expect(
      text(PlanFixture.rich) == """
        Plan for shop on local (namespace default), from release 4.

        warning[W0601]: the image is shown and not run
          = help: it is run on an engine

          workload
            ~ replicas     2 → 1
            + labels.team  "checkout"

          instance 0
            ↻ restart api
                - args                          ["--fast"]
                ~ env.LOG_LEVEL                 "info" → "debug"
                + env.NEW                       "yes"  (drift)
                ~ secrets[env/API_TOKEN].value  (changed)  (external)
                ~ configFiles[app].content
                      … 2 lines stay
                      line3
                      line4
                    - line5
                    + five
                      line6
                      line7
                      … 2 lines stay
            ± replace logs  (drift)
                because Docker can't change `image` of a container
                also restarts envoy
                ~ image  "logs:1" → "logs:2"
            + create web
                + role             "sidecar"
                + image            "envoy:1.30"
                + command          ["/bin/web"]
                + env.MODE         "edge"
                + ports[8080/tcp]
                + ports[9000/udp]  {host: 90}
                + configFiles[app]
                    + path: "/etc/app"
                    + content: |
                    +   a: 1
                    +   b: 2
            ▸ start job  (drift)
                because it has failed, with exit code 1
            - delete db

          ✓ record the release

        Detached and kept: volumes data, cache (instance 2).

        Plan: 1 to create, 1 to start, 1 to restart, 1 to replace, 1 to delete.
        Interrupts: api (instance 0), db (instance 0, for good), envoy (instance 0), logs (instance 0).

        """)
  }

  @Test(
    "A plan with nothing to do says so",
    arguments: [
      (RunIntent.apply, "No changes: shop matches its spec.\n"),
      (.rollback(to: 3), "No changes: shop matches release 3.\n"),
      (.destroy, "No changes: there is nothing of shop to destroy.\n"),
    ])
  func aPlanWithNothingToDoSaysSo(intent: RunIntent, expected: String) {
    #expect(text(PlanFixture.plan([], intent: intent)) == expected)
  }

  @Test("What is left alone is not called right") func whatIsLeftAloneIsNotCalledRight() {
    let plan = PlanFixture.plan(
      [], notes: [Diagnostic(.driftElsewhere, "`db` is not as the last release says")])
    #expect(
      text(plan) == """
        warning[W0603]: `db` is not as the last release says

        No changes to make.

        """)
  }

  @Test(
    "The plan says what it is for",
    arguments: [
      (RunIntent.apply, Int?.none, "Plan for shop on local (namespace default), the first release."),
      (
        .rollback(to: 2), 4,
        "Plan to roll shop back to release 2 on local (namespace default), from release 4."
      ),
      (.destroy, 4, "Plan to destroy shop on local (namespace default), from release 4."),
      (.destroy, nil, "Plan to destroy shop on local (namespace default)."),
    ])
  func thePlanSaysWhatItIsFor(intent: RunIntent, base: Int?, title: String) {
    let plan = PlanFixture.plan([PlanFixture.record], intent: intent, base: base)
    #expect(text(plan).hasPrefix(title + "\n"))
  }

  @Test("Recording alone is a plan") func recordingAloneIsAPlan() {
    #expect(
      text(PlanFixture.plan([PlanFixture.record])) == """
        Plan for shop on local (namespace default), from release 4.

          ✓ record the release

        Plan: only the release to record.
        Interrupts nothing.

        """)
  }

  @Test("Instances with one fate are told together") func instancesWithOneFateAreToldTogether() {
    let changes = [PlanFixture.change("env.A", .value("1"), .value("2"))]
    var actions = (0..<5).filter { $0 != 3 }.map {
      PlanFixture.action(.restart, $0, "api", changes, interrupts: true)
    }
    actions.insert(
      PlanFixture.action(.restart, 3, "api", changes, causes: [.spec, .unfinished], interrupts: true), at: 3)
    let plan = PlanFixture.plan(
      actions + [7, 8].map { PlanFixture.action(.delete, $0) }
        + [
          Action(.scale, .workload, causes: [.spec]),
          Action(.delete, .volume("data", ordinal: 2), causes: [.spec]),
        ])
    #expect(
      text(plan) == """
        Plan for shop on local (namespace default), from release 4.

          instances 0–2, 4
            ↻ restart api
                ~ env.A  "1" → "2"

          instance 3
            ↻ restart api
                ~ env.A  "1" → "2"

          - delete instance 7

          - delete instance 8

          ⇅ scale the workload
          - delete volume data (instance 2)

        Plan: 5 to restart, 1 to scale, 1 to delete.
        Interrupts: api (instances 0–4).

        """)
  }

  @Test("A pod is replaced whole") func aPodIsReplacedWhole() {
    let changes = [PlanFixture.change("services[api].env.A", .value("1"), .absent)]
    var whole = PlanFixture.action(
      .replace, 0, nil, changes, reason: .changesWhole, alsoRestarts: ["envoy", "logs"], interrupts: true)
    whole.reach = ActionReach(instances: [InstanceID(0)], services: ["api", "envoy", "logs"])
    let plan = PlanFixture.plan([whole])
    #expect(
      text(plan) == """
        Plan for shop on local (namespace default), from release 4.

          ± replace instance 0
              because the engine changes an instance only as a whole
              also restarts envoy, logs
              - services[api].env.A  "1"

        Plan: 1 to replace.
        Interrupts: api (instance 0), envoy (instance 0), logs (instance 0).

        """)
  }

  @Test("A create mends without telling the spec again") func aCreateMendsWithoutTellingTheSpecAgain() {
    let plan = PlanFixture.plan(
      [PlanFixture.action(.create, 0, "api", causes: [.drift])],
      desired: PlanFixture.workload([PlanFixture.service("api")]))
    #expect(text(plan).contains("    + create api  (drift)\n\n"))
  }

  @Test("Long values stand below their path") func longValuesStandBelowTheirPath() {
    let plan = PlanFixture.plan([
      PlanFixture.action(
        .replace, 0, "api",
        [
          PlanFixture.change(
            "command", .value(["/bin/api", "--one", "--two"]), .value(["/bin/api", "--three"])),
          PlanFixture.change("image", .value("a"), .unknown),
          PlanFixture.change(
            "ports[80/tcp]", .absent, .value(["container": 80, "protocol": "tcp", "host": 8080])),
          PlanFixture.change("image", .unknown, .value("a")),
        ])
    ])
    #expect(
      text(plan, width: 48).contains(
        """
            ± replace api
                ~ command
                    - ["/bin/api", "--one", "--two"]
                    + ["/bin/api", "--three"]
                ~ image  "a" → (unknown)
                + ports[80/tcp]
                    + container: 80
                    + protocol: "tcp"
                    + host: 8080
                ~ image  (unknown) → "a"

        """))
  }

  @Test(
    "Texts of several lines are compared by line",
    arguments: [
      ("a\nb\n", "a\nc\n", ["  a", "- b", "+ c"]),
      ("a\n", "a", ["  a", "+ (no line break at the end)"]),
      ("", "a\nb\n", ["+ a", "+ b"]),
      ("a\n\nb\n", "", ["- a", "-", "- b"]),
      ("x: 1\n", "x: 1\ny: \u{1B}[31m\n", ["  x: 1", "+ y: \\u{1B}[31m"]),
      ("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\n4\n5\n6\n8\n", ["  … 4 lines stay", "  5", "  6", "- 7", "+ 8"]),
      ("1\n2\n3\n4\n", "1\n2\n3\n5\n", ["  1", "  2", "  3", "- 4", "+ 5"]),
      ("a\n\tb\n", "a\n    b\n", ["  a", "- \\tb", "+     b"]),
    ])
  func textsOfSeveralLinesAreComparedByLine(old: String, new: String, lines: [String]) {
    let plan = PlanFixture.plan([
      PlanFixture.action(
        .restart, 0, "api", [PlanFixture.change("content", .value(.string(old)), .value(.string(new)))])
    ])
    let expected = lines.map { "            \($0)\n" }.joined()
    #expect(text(plan).contains("        ~ content\n\(expected)\n"), "\(text(plan))")
  }

  @Test("Huge texts are compared in time") func hugeTextsAreComparedInTime() {
    func content(_ seed: Int) -> Value {
      .string((0..<20_000).map { "\(seed) \($0)\n" }.joined())
    }
    let plan = PlanFixture.plan([
      PlanFixture.action(
        .restart, 0, "api", [PlanFixture.change("content", .value(content(1)), .value(content(2)))])
    ])
    #expect(text(plan).count { $0 == "\n" } > 40_000)
  }

  @Test("Values cannot steer the terminal") func valuesCanNotSteerTheTerminal() {
    let evil = "\u{1B}[2K\r- nothing \u{202E}\u{9B}1m\u{200B}"
    let plan = PlanFixture.plan(
      [
        PlanFixture.action(
          .restart, 0, "api",
          [PlanFixture.change("labels[\(evil)]", .value(.string(evil)), .value([.string(evil)]))],
          reason: .isGone(message: evil), alsoRestarts: [evil])
      ], notes: [Diagnostic(.providerNote, evil, help: evil)], target: evil)
    for text in [
      text(plan), PlanMarkdown.render(plan), GraphDOT.render(Graph(of: [plan])),
      GraphMermaid.render(Graph(of: [plan])),
    ] {
      let unsafe = text.unicodeScalars.filter {
        $0.value < 0x20 && $0 != "\n" || [0x7F, 0x9B, 0x202E, 0x200B].contains($0.value)
      }
      #expect(unsafe.isEmpty)
    }
  }

  @Test("Colours change nothing else") func coloursChangeNothingElse() {
    let coloured = PlanText.render(PlanFixture.rich, style: TextStyle(colour: true))
    #expect(coloured.contains("\u{1B}[33m\"info\"") || coloured.contains("\u{1B}[31m\"info\""))
    #expect(coloured.replacing(#/\x1B\[[0-9;]*m/#, with: "") == text(PlanFixture.rich))
  }

  @Test("No line ends in spaces") func noLineEndsInSpaces() {
    #expect(!text(PlanFixture.rich).contains(" \n"))
    #expect(!PlanMarkdown.render(PlanFixture.rich).contains(" \n"))
  }

  // MARK: Several plans

  @Test("Those without changes are counted") func thoseWithoutChangesAreCounted() {
    let (style, same) = (TextStyle(), (1...3).map { PlanFixture.plan([], name: "same\($0)") })
    let change = PlanFixture.plan([PlanFixture.action(.restart, 0, "api"), PlanFixture.record])
    let noted = PlanFixture.plan([], notes: [Diagnostic(.providerNote, "look here")], name: "noted")
    let (changed, told) = (PlanText.render(change, style: style), PlanText.render(noted, style: style))
    #expect(
      PlanListText.render([same[0], change, same[1], noted, same[2]], style: style)
        == "\(changed)\n\(told)\nNo changes: 3 workloads match their specs.\n")
    let one = PlanText.render(same[0], style: style)
    #expect(PlanListText.render([same[0], change], style: style) == "\(one)\n\(changed)")
    #expect(PlanListText.render([same[0]], style: style) == one)
  }

  @Test("Below the plans stands what all do, what stops and which waits for which")
  func thoseThatChangeAreSummedUp() {
    func plan(_ name: String, after dependencies: [String] = []) -> Plan {
      var workload = PlanFixture.workload([PlanFixture.service("api")])
      workload.name = name
      workload.dependsOn = StringSet(dependencies)
      return PlanFixture.plan(
        [PlanFixture.action(.restart, 0, "api", interrupts: true)], desired: workload, name: name)
    }
    let quiet = ["one", "two"].map { PlanFixture.plan([], name: $0) }
    let text = PlanListText.render(
      [plan("db"), plan("web", after: ["db", "one"])] + quiet, style: TextStyle())
    #expect(
      text.hasSuffix(
        """

        2 workloads change: 2 to restart.
        Interrupts db/api, web/api.
        Order: db before web.
        No changes: 2 workloads match their specs.

        """))
    #expect(!PlanListText.render([plan("db")] + quiet, style: TextStyle()).contains("workload changes"))
  }
}
