import Planning
import Rendering
import Testing
import Values
import WorkloadSpec

@Suite struct HistoryTests {
  static let key = WorkloadKey(name: "shop")

  static func moment(_ minutes: Int64) -> Timestamp {
    Timestamp(milliseconds: 1_795_225_620_000 + minutes * 60_000)
  }

  private static func release(
    _ number: Int, _ snapshot: Workload?, at minutes: Int64, commit: String? = nil, dirty: Bool = false,
    restoredFrom: Int? = nil
  ) -> Release {
    var release = Release(
      number: number, key: key, snapshot: snapshot, recordedAt: moment(minutes), by: "ada@build-7",
      run: RunID("run-\(number)"), restoredFrom: restoredFrom)
    if let commit {
      release.provenance["api"] = Provenance(
        commit: commit, isDirty: dirty, author: "Ada <ada@example.com>",
        repository: "https://example.com/shop.git")
    }
    return release
  }

  private static let one = PlanFixture.workload([
    PlanFixture.service("api") { $0.env = ["A": "1", "B": "1", "C": "1", "D": "1", "E": "1"] }
  ])

  private static let two: Workload = {
    var workload = one
    workload.replicas = 3
    workload.services[0].env = ["A": "2", "B": "2", "C": "2", "D": "2", "E": "2"]
    workload.services.append(PlanFixture.service("envoy"))
    return workload
  }()

  /// The newest first.
  private static let releases = [
    release(5, one, at: 50),
    release(4, nil, at: 40),
    release(3, one, at: 30, restoredFrom: 1),
    release(2, two, at: 20, commit: "9fceb02d0ae598e95dc970b74767f19372d61af8", dirty: true),
    release(1, one, at: 0, commit: "1b7e0c4d0ae598e95dc970b74767f19372d61af8"),
  ]

  private static let runs = [
    Run(id: RunID("r9"), key: key, intent: .destroy, startedAt: moment(60), by: "bob@laptop", summary: "…"),
    Run(
      id: RunID("r8"), key: key, intent: .rollback(to: 1), startedAt: moment(25), outcome: .abandoned,
      by: "bob@laptop", summary: "…"),
    Run(
      id: RunID("r7"), key: key, intent: .apply, startedAt: moment(20), outcome: .succeeded,
      by: "ada@build-7",
      summary: "…", release: 2),
    Run(
      id: RunID("r6"), key: key, intent: .apply, startedAt: moment(10), endedAt: moment(11), outcome: .failed,
      by: "ada@build-7", summary: "…", failure: "api of instance 0 \u{1B}exited with code 1"),
  ]

  @Test("Releases and failures are told in the order of time")
  func releasesAndFailuresAreToldInTheOrderOfTime() {
    #expect(
      HistoryText.render(Self.releases, older: nil, runs: Self.runs, active: 5, style: TextStyle()) == """
        RELEASE  WHEN (UTC)        BY           COMMIT    CHANGES
        ✗        2026-11-21 02:47  bob@laptop             destroy has not ended
        ● 5      2026-11-21 02:37  ada@build-7            + api
          4      2026-11-21 02:27  ada@build-7            destroyed
          3      2026-11-21 02:17  ada@build-7            restores release 1; api: env.A, env.B, env.C and 2 more; \
        - envoy; replicas
        ✗        2026-11-21 02:12  bob@laptop             rollback to 1 was killed
          2      2026-11-21 02:07  ada@build-7  9fceb02*  api: env.A, env.B, env.C and 2 more; + envoy; replicas
        ✗        2026-11-21 01:57  ada@build-7            apply failed: api of instance 0 \\u{1B}exited with code 1
          1      2026-11-21 01:47  ada@build-7  1b7e0c4   + api

        """)
  }

  @Test("A page tells only of its time") func aPageTellsOnlyOfItsTime() {
    let page = Array(Self.releases[2...3])
    #expect(
      HistoryText.render(page, older: Self.releases[4], runs: Self.runs, active: 5, style: TextStyle())
        .split(separator: "\n").map { $0.prefix(9) } == [
          "RELEASE  ", "✗        ", "  3      ", "✗        ", "  2      ", "✗        ",
        ])
    let unknown = HistoryText.render(
      [Self.releases[3]], older: nil, runs: [], active: nil, style: TextStyle())
    #expect(unknown.hasSuffix("9fceb02*\n"))
  }

  @Test("No history") func noHistory() {
    let text = HistoryText.render([], older: nil, runs: [Self.runs[2]], active: nil, style: TextStyle())
    #expect(text == "No releases yet.\n")
    #expect(HistoryJSON.render([], older: nil, active: nil) == "[]\n")
  }

  @Test("JSON") func json() throws {
    #expect(
      HistoryJSON.render([Self.releases[3]], older: Self.releases[4], active: 2) == """
        [
          {
            "number": 2,
            "recordedAt": "2026-11-21T02:07:00Z",
            "by": "ada@build-7",
            "active": true,
            "restoredFrom": null,
            "destroyed": false,
            "run": "run-2",
            "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "provenance": {
              "api": {
                "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
                "dirty": true,
                "author": "Ada <ada@example.com>",
                "repository": "https://example.com/shop.git",
                "branch": null,
                "review": null,
                "pipeline": null
              }
            },
            "policyOverride": null,
            "changes": [
              {
                "service": null,
                "change": "changed",
                "fields": [
                  "replicas"
                ]
              },
              {
                "service": "api",
                "change": "changed",
                "fields": [
                  "env.A",
                  "env.B",
                  "env.C",
                  "env.D",
                  "env.E"
                ]
              },
              {
                "service": "envoy",
                "change": "added",
                "fields": []
              }
            ]
          }
        ]

        """)
    let list = try #require(try Value(json: HistoryJSON.render(Self.releases, older: nil, active: 5)).list)
    #expect(list.map { $0["number"]?.int } == [5, 4, 3, 2, 1])
    #expect(list.map { $0["active"]?.bool } == [true, false, false, false, false])
    #expect(list.map { $0["destroyed"]?.bool } == [false, true, false, false, false])
    #expect(list[2]["restoredFrom"] == 1)
    #expect(list[0]["commit"] == .null)
  }

  // MARK: Differences

  @Test("Two releases are compared") func twoReleasesAreCompared() {
    var new = Self.two
    new.services[0].env = ["A": "1", "B": "2", "C": "1", "D": "1"]
    #expect(
      ReleaseDiffText.render(
        from: Self.one, to: new, title: "shop: release 1 → release 2", style: TextStyle())
          == """
          shop: release 1 → release 2

            workload
              ~ replicas  1 → 3

            ~ api
                ~ env.B  "1" → "2"
                - env.E  "1"

            + envoy
                + command  ["/bin/envoy"]

          """)
    #expect(
      ReleaseDiffText.render(from: Self.two, to: Self.two, title: "shop", style: TextStyle())
        == "shop\n\nNo differences.\n")
    #expect(
      ReleaseDiffText.render(from: Self.two, to: nil, title: "shop", style: TextStyle())
        == "shop\n\n  - api\n\n  - envoy\n")
  }

  @Test("Two releases are compared for programs") func twoReleasesAreComparedForPrograms() throws {
    let value = try Value(
      json: CanonicalJSON.compact(ReleaseDiffJSON.value(from: Self.one, to: Self.two, title: "shop")))
    #expect(value["workloadChanges"]?.list?.map { $0["path"]?.string } == ["replicas"])
    #expect(value["services"]?.list?.map { $0["change"]?.string } == ["changed", "added"])
    #expect(value["services"]?.list?[0]["changes"]?.list?.count == 5)
  }
}
