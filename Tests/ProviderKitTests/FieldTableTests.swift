import ProviderKit
import Testing
import WorkloadSpec

@Suite struct FieldTableTests {
  @Test func everyLeafOfTheLanguageNeedsARow() {
    let fields = FieldTable.fields(on: EngineFields("none")).map(\.path)
    for path in ["name", "strategy", "services.env", "services.ports.host", "services.healthCheck.interval"] {
      #expect(fields.contains(path))
    }
    // What is never compared needs one as a whole, and what holds fields needs none.
    for path in ["strategy.type", "services", "services.ports", "services.healthCheck"] {
      #expect(!fields.contains(path))
    }
    #expect(Set(fields).count == fields.count)
  }

  @Test func whatIsMissingAndWhatIsTooMuchIsFound() {
    let engine = EngineFields("none")
    let fields = FieldTable.fields(on: engine).map(\.path)
    var rows = fields.dropFirst().map { FieldRow($0, .byBerth, cost: nil, "") }
    rows.append(FieldRow("services.colour", .byBerth, cost: nil, ""))
    rows.append(FieldRow("services.env", .byBerth, cost: nil, ""))
    let table = FieldTable(Array(rows))
    #expect(table.missing(on: engine) == [fields[0]])
    #expect(table.surplus(on: engine) == ["services.colour", "services.env"])
  }

  @Test func whatIsOnlyRecordedIsFoundWhereItIsSet() {
    let table = FieldTable([
      FieldRow("services.volumes.size", .recorded(because: "so it is"), cost: nil, ""),
      FieldRow("services.resources.disk", .recorded(because: "so it is"), cost: nil, ""),
    ])
    var service = Service()
    service.name = "api"
    var volume = Volume()
    volume.name = "data"
    service.volumes = [volume]
    var workload = Workload()
    workload.services = [service]
    #expect(table.recorded(in: workload).isEmpty)
    workload.services[0].volumes[0].size = ByteQuantity("1Gi")
    let found = table.recorded(in: workload)
    #expect(found.map(\.path) == ["volumes.size"])
    #expect(found.first?.services == ["api"])
  }

  @Test func aCheckThatBerthMakesHasATreatmentOfItsOwn() {
    let table = FieldTable([
      FieldRow("services.healthCheck.interval", .enforced(.engine), ofOwnChecks: .byBerth, cost: nil, ""),
      FieldRow("services.dependsOn", .byBerth, cost: nil, ""),
    ])
    var check = HealthCheck()
    check.port = 80
    #expect(table.untold(with: check) == ["healthCheck.interval", "dependsOn"])
    check.port = nil
    check.command = ["/bin/true"]
    #expect(table.untold(with: check) == ["dependsOn"])
  }
}
