import Planning
import ProviderContract
import Testing
import WorkloadSpec

@Suite struct SnapshotDiffTests {
  let shop = Fixture.shop

  private func edited(_ edit: (inout Workload) -> Void) -> Workload {
    var workload = shop
    edit(&workload)
    return workload
  }

  @Test("The same is no difference") func theSameIsNoDifference() {
    #expect(SnapshotDiff(from: shop, to: shop).isEmpty)
    #expect(SnapshotDiff(from: shop, to: edited { $0.services.reverse() }).isEmpty)
    #expect(SnapshotDiff(from: nil, to: nil).isEmpty)
  }

  @Test("What differs is told and nothing else", arguments: PlannerPropertyTests.seeds)
  func whatDiffersIsToldAndNothingElse(_ seeds: Range<UInt64>) {
    for seed in seeds {
      var pairs = SpecPairs(seed: seed)
      let (before, after) = pairs.next()
      let diff = SnapshotDiff(from: before, to: after)
      let back = SnapshotDiff(from: after, to: before)
      #expect(SnapshotDiff(from: after, to: after).isEmpty, "seed \(seed)")
      // It is the same on the way back, with old and new exchanged.
      #expect(diff.workloadChanges.map(\.path) == back.workloadChanges.map(\.path), "seed \(seed)")
      #expect(diff.workloadChanges.map(\.old) == back.workloadChanges.map(\.new), "seed \(seed)")
      #expect(diff.services.map(\.name) == back.services.map(\.name), "seed \(seed)")
      for (there, here) in zip(diff.services, back.services) {
        #expect(there.changes.map(\.path) == here.changes.map(\.path), "seed \(seed): \(there.name)")
        #expect(there.changes.map(\.old) == here.changes.map(\.new), "seed \(seed): \(there.name)")
      }
      // What it does not tell is the same, but for the order of the services.
      let told = Set(diff.services.map(\.name))
      for service in after.services where !told.contains(service.name) {
        #expect(before.service(service.name) == service, "seed \(seed): \(service.name)")
      }
    }
  }

  @Test("Fields are told by path") func fieldsAreToldByPath() {
    let diff = SnapshotDiff(
      from: shop,
      to: edited {
        $0.replicas = 3
        $0.strategy.type = .recreate
        $0.services[1].env = ["LEVEL": "debug", "MODE": "edge"]
        $0.services[1].pullPolicy = .always
      })
    #expect(diff.workloadChanges.map(\.path) == ["replicas", "strategy.type"])
    #expect(diff.services.map(\.name) == ["api"])
    #expect(diff.services[0].fate == .changed)
    #expect(diff.services[0].changes.map(\.path) == ["env.LEVEL", "env.MODE", "pullPolicy"])
    #expect(diff.services[0].changes[0].old == .value("info"))
    #expect(diff.services[0].changes[0].new == .value("debug"))
    #expect(diff.services[0].changes[1].old == .absent)
    #expect(diff.services[0].changes.allSatisfy { $0.causes == [.spec] })
  }

  @Test("Services come and go") func servicesComeAndGo() {
    let diff = SnapshotDiff(
      from: shop,
      to: edited {
        $0.services.removeAll { $0.name == "db" }
        $0.services.append(Fixture.service("cache", .sidecar))
      })
    #expect(diff.services.map(\.name) == ["cache", "db"])
    #expect(diff.services.map(\.fate) == [.added, .removed])
    #expect(diff.services.allSatisfy { $0.changes.isEmpty })
  }

  @Test("A tombstone takes everything away") func aTombstoneTakesEverythingAway() {
    #expect(SnapshotDiff(from: shop, to: nil).services.allSatisfy { $0.fate == .removed })
    #expect(SnapshotDiff(from: nil, to: shop).services.count == 4)
  }
}
