import Testing
import WorkloadSpec

@Suite struct WorkloadRulesTests {
  private func service(_ name: String, _ role: Role, after names: StringSet = []) -> Service {
    var service = Service()
    service.name = name
    service.role = role
    service.command = ["x"]
    service.dependsOn = names
    return service
  }

  @Test("A workload without a file is checked too") func aWorkloadWithoutAFileIsCheckedToo() {
    var workload = Workload()
    workload.name = "shop"
    workload.replicas = 2
    workload.services = [service("api", .main, after: ["logs"]), service("logs", .sidecar, after: ["api"])]
    workload.services[0].ports = [Port()]
    workload.services[0].ports[0].container = 80
    workload.services[0].ports[0].host = 8080
    let diagnostics = WorkloadRules.check(workload)
    #expect(diagnostics.map(\.code) == [.dependencyCycle, .hostPortReplicas])
    #expect(diagnostics.allSatisfy { $0.location == nil })
    #expect(diagnostics.first?.message.hasSuffix("api → logs → api") == true)
  }

  @Test("Nothing is wrong with a right one") func nothingIsWrongWithARightOne() {
    var workload = Workload()
    workload.name = "shop"
    workload.services = [service("api", .main), service("logs", .sidecar)]
    #expect(WorkloadRules.check(workload).isEmpty)
    workload.services.removeFirst()
    #expect(WorkloadRules.check(workload).map(\.code) == [.noMain])
    workload.services = []
    #expect(WorkloadRules.check(workload).map(\.code) == [.noMain])
  }
}
