import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

/// What a plan says of limits, by the facts of a machine.
@Suite struct LimitFindingsTests {
  private func notes(_ change: (inout Resources) -> Void, _ facts: EngineFacts) -> [String] {
    var workload = Workload.of(.script("api", "true"), .script("proxy", "true", role: .sidecar))
    change(&workload.services[0].resources)
    change(&workload.services[1].resources)
    return LocalFields.on(facts).findings(on: workload).map(\.message)
  }

  @Test("What cannot be limited is said once for each reason")
  func whatCanNotBeLimitedIsSaidOnceForEachReason() {
    let reason = "this system has no control groups that berth can see"
    let none = EngineFacts(cpuObstacle: reason, memoryObstacle: reason)
    #expect(notes({ _ in }, none) == [])
    #expect(
      notes({ $0.memory = ByteQuantity("1Gi") }, none)
        == ["`resources.memory` of `api` and `proxy` is only recorded: \(reason)"])
    let both = notes(
      {
        $0.memory = ByteQuantity("1Gi")
        $0.cpu = CPUQuantity("1")
      }, none)
    #expect(
      both == ["`resources.cpu` and `resources.memory` of `api` and `proxy` are only recorded: \(reason)"])
    let memoryOnly = EngineFacts(cpuObstacle: reason)
    #expect(notes({ $0.memory = ByteQuantity("1Gi") }, memoryOnly) == [])
    #expect(notes({ $0.cpu = CPUQuantity("1") }, memoryOnly).count == 1)
  }

  @Test(
    "Less memory needs a restart",
    arguments: [
      ("64Mi", "128Mi", .inPlace), ("128Mi", "64Mi", .restart), (nil, "64Mi", .restart),
      ("64Mi", nil, .inPlace), ("1Gi", "1024Mi", .inPlace),
    ] as [(String?, String?, Impact)])
  func lessMemoryNeedsARestart(_ old: String?, _ new: String?, _ impact: Impact) throws {
    func side(_ text: String?) -> ChangeValue { text.map { .value(.string($0)) } ?? .absent }
    let change = Change(
      path: "resources.memory", old: side(old), new: side(new), causes: [.spec], impact: .inPlace)
    let statement = LocalFields.on(EngineFacts()).table.impact(
      of: ServiceChange(desired: .script("api", "true"), changes: [change])
    ) { _ in nil }
    #expect(statement.impact == impact)
    #expect((statement.reason != nil) == (impact == .restart))
  }
}
