import Planning
import Testing
import WorkloadSpec

@Suite struct SnapshotDiffTests {
  let shop = Fixture.shop

  private func edited(_ edit: (inout Workload) -> Void) -> Workload {
    var workload = shop
    edit(&workload)
    return workload
  }

  @Test func theSameIsNoDifference() {
    #expect(SnapshotDiff(from: shop, to: shop).isEmpty)
    #expect(SnapshotDiff(from: shop, to: edited { $0.services.reverse() }).isEmpty)
    #expect(SnapshotDiff(from: nil, to: nil).isEmpty)
  }

  @Test func fieldsAreToldByPath() {
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

  @Test func servicesComeAndGo() {
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

  @Test func aTombstoneTakesEverythingAway() {
    #expect(SnapshotDiff(from: shop, to: nil).services.allSatisfy { $0.fate == .removed })
    #expect(SnapshotDiff(from: nil, to: shop).services.count == 4)
  }
}
