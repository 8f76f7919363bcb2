import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

@Suite struct HealthCheckTests {
  @Test("Readiness follows the check") func readinessFollowsTheCheck() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "touch up; exec sleep 1000") {
          var check = HealthCheck()
          check.command = ["/bin/sh", "-c", "test -e up"]
          check.interval = SpecDuration(milliseconds: 20)
          check.retries = 2
          $0.healthCheck = check
        })
      try await world.perform(.create, "api", of: workload)
      let up = world.folder().root(of: "api") + "/up"
      let process = try await world.service("api").processID
      try Files.remove(up)
      try await world.eventually("it is unready") { try await !world.service("api").isReady }
      let service = try await world.service("api")
      #expect(service.state == .running)
      #expect(service.message == "the health check's command exited with code 1")
      try Files.replace(up, with: [], durably: false)
      try await world.eventually("it is ready again") { try await world.service("api").isReady }
      #expect(try await world.service("api").processID == process)
    }
  }

  @Test("A port of the spec is checked where it is on the host")
  func aPortOfTheSpecIsCheckedWhereItIsOnTheHost() {
    var check = HealthCheck()
    check.path = "/healthz"
    check.port = 8080
    let ports = [AssignedPort(container: 8080, transport: .tcp, host: 20_417)]
    let definition = DefinitionBuilder.check(check, ports: ports, ServiceTexts(root: "/r"))
    #expect(definition?.question == .http(path: "/healthz", port: 20_417))
  }
}
