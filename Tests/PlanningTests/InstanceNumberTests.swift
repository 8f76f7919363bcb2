import Diagnostics
import Planning
import Testing
import WorkloadSpec

/// How many instances there will be.
@Suite struct InstanceNumberTests {
  private func workload(_ replicas: Int?, host: Int? = nil) -> Workload {
    Fixture.workload(
      replicas: replicas,
      [
        Fixture.service("api") { service in
          var port = Port()
          port.container = 80
          port.host = host
          service.ports = [port]
        }
      ])
  }

  private func observation(_ ordinals: [Int], run: RunID = Fixture.released) -> Observation {
    OneWriterPlanTests.observation(ordinals.map { (InstanceID($0), workload(nil)) }, run: run)
  }

  @Test("What the spec states comes first, then the last release, then what is there, then one")
  func order() {
    let cases: [(stated: Int?, last: Int??, there: [Int], number: Int, source: InstanceNumber.Source)] = [
      (2, 3, [0, 1, 2, 3], 2, .stated), (0, 3, [0], 0, .stated), (nil, 3, [0, 1], 3, .released),
      (nil, 0, [0], 0, .released), (nil, .some(nil), [0, 1], 2, .observed), (nil, nil, [0, 2], 3, .observed),
      (nil, .some(nil), [], 1, .first), (nil, nil, [], 1, .first),
    ]
    for (stated, last, there, number, source) in cases {
      let found = InstanceNumber(
        of: workload(stated), for: .apply, last: last.map { workload($0) }, observation: observation(there))
      #expect(found.value == number && found.source == source && found.givenUp == nil)
    }
  }

  @Test("What a run that did not end has made says nothing of the number")
  func unfinished() {
    let found = InstanceNumber(
      of: workload(nil), for: .apply, last: workload(nil),
      observation: observation([0, 1, 2], run: Fixture.broken), incompleteRuns: [Fixture.broken])
    #expect(found.value == 1)
  }

  @Test("A number that a release can't have is given up, and one that is asked for is not")
  func impossible() {
    let cases:
      [(RunIntent, stated: Int?, host: Int?, last: Int?, lastHost: Int?, number: Int, givenUp: Int?)] = [
        (.apply, nil, 80, 2, 80, 1, 2), (.apply, nil, nil, 2, 80, 2, nil), (.apply, 2, 80, 2, 80, 1, 2),
        (.rollback(to: 1), 2, 80, 3, nil, 1, 2), (.rollback(to: 1), nil, 80, 2, nil, 1, 2),
        (.start, 2, 80, 2, 80, 1, 2),
        // A spec that adds the port, and `scale`, ask for what can't be.
        (.apply, nil, 80, 2, nil, 2, nil), (.scale(to: 2), 2, 80, 1, 80, 2, nil),
        (.apply, 2, 80, 1, nil, 2, nil),
        (.rollback(to: 1), 1, 80, 2, 80, 1, nil),
      ]
    for (intent, stated, host, last, lastHost, number, givenUp) in cases {
      let found = InstanceNumber(
        of: workload(stated, host: host), for: intent, last: workload(last, host: lastHost),
        observation: observation([0, 1]))
      #expect(found.value == number && found.givenUp == givenUp, "\(intent)")
    }
  }

  @Test("The number that operators asked for stays wanted, also when an instance is lost")
  func staysWanted() throws {
    let last = workload(3)
    let lost = try Fixture.plan(workload(nil), observed: observation([0, 2]), last: last)
    #expect(lost.steps == ["create 1", "create 1.api"])
    #expect(lost.action("create 1")?.causes == [.drift])
    #expect(lost.desired?.replicas == 3)
    var new = workload(nil)
    new.services[0].env = ["A": "1"]
    #expect(try Fixture.plan(new, observed: observation([0, 1, 2]), last: last).desired?.replicas == 3)
    let none = try Fixture.plan(new, observed: observation([]), last: workload(0))
    #expect(none.steps == ["record workload"] && none.notes.map(\.code) == [.staysAtZero])
    #expect(try Fixture.plan(workload(2), observed: observation([]), last: workload(0)).steps.count == 5)
  }

  @Test("A release of before that states no number is no change where there is one instance")
  func openReleases() throws {
    #expect(try Fixture.plan(workload(nil), observed: observation([0]), last: workload(nil)).isEmpty)
    let three = try Fixture.plan(workload(nil), observed: observation([0, 1, 2]), last: workload(nil))
    #expect(three.steps == ["record workload"])
    #expect(three.workloadChanges.map(\.new) == [.value(.int(3))])
  }

  @Test("A host port has one instance, by whatever way there would be more")
  func hostPorts() throws {
    let one = workload(1, host: 80)
    let cases: [() throws -> Plan] = [
      {
        try Fixture.plan(self.workload(2, host: 80), observed: self.observation([0]), last: one) {
          $0.intent = .scale(to: 2)
        }
      },
      {
        try Fixture.plan(
          self.workload(nil, host: 80), observed: self.observation([0, 1]), last: self.workload(2))
      },
      {
        try Fixture.plan(
          self.workload(nil, host: 80), observed: self.observation([0, 1]), last: self.workload(nil))
      },
    ]
    for plan in cases {
      let error = try #require(throws: DiagnosticError.self) { try plan() }
      #expect(error.diagnostics.map(\.code) == [.hostPortReplicas])
    }
  }

  @Test("What got stuck with two instances on one host port comes back to one")
  func stuck() throws {
    let stuck = workload(2, host: 80)
    let there = OneWriterPlanTests.observation((0..<2).map { (InstanceID($0), stuck) })
    for (desired, intent) in [
      (workload(nil, host: 80), RunIntent.apply), (stuck, .rollback(to: 2)),
      (workload(nil, host: 80), .rollback(to: 1)),
    ] {
      for last in [stuck, workload(nil, host: 80)] {
        let plan = try Fixture.plan(desired, observed: there, last: last) { $0.intent = intent }
        #expect(plan.steps.filter { $0 != "record workload" } == ["delete 1.api", "delete 1"])
        #expect(plan.desired?.replicas == 1)
      }
    }
  }
}
