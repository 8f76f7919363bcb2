import Planning
import ProviderKit
import Testing
import WorkloadSpec

@testable import LocalProvider

@Suite struct ServiceLifeTests {
  @Test func aServiceStartsBecomesReadyAndOutlivesTheCommand() async throws {
    try await withWorld { world in
      let workload = Workload.of(.shell("api", "echo hello; exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      let service = try await world.service("api")
      #expect(service.state == .running)
      #expect(service.isReady)
      #expect(service.restarts == 0)
      #expect(service.processID != nil)
      #expect(service.stamp.run == RunID("run-1"))
      #expect(service.live.spec == workload.services[0])
      #expect(try await world.lines("api") == ["hello"])
    }
  }
}
