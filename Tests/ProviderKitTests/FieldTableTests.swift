import Planning
import ProviderKit
import Testing
import WorkloadSpec

@Suite struct FieldTableTests {
  @Test("Every leaf of the language needs a row") func everyLeafOfTheLanguageNeedsARow() {
    let fields = FieldTable.fields(of: [.services], on: EngineFields("none")).map(\.path)
    for path in ["name", "strategy", "services.env", "services.ports.host", "services.healthCheck.interval"] {
      #expect(fields.contains(path))
    }
    // What is never compared needs one as a whole, and what holds fields needs none.
    for path in ["strategy.type", "services", "services.ports", "services.healthCheck"] {
      #expect(!fields.contains(path))
    }
    #expect(Set(fields).count == fields.count)
  }

  @Test("What is missing and what is too much is found") func whatIsMissingAndWhatIsTooMuchIsFound() {
    let engine = EngineFields("none")
    let fields = FieldTable.fields(of: [.services], on: engine).map(\.path)
    var rows = fields.dropFirst().map { FieldRow($0, .byBerth, cost: nil, "") }
    rows.append(FieldRow("services.colour", .byBerth, cost: nil, ""))
    rows.append(FieldRow("services.env", .byBerth, cost: nil, ""))
    let table = FieldTable(Array(rows))
    #expect(table.missing(of: [.services], on: engine) == [fields[0]])
    #expect(table.surplus(of: [.services], on: engine) == ["services.colour", "services.env"])
  }

  // MARK: What a plan says

  @Test("What is only recorded is found where it is set") func whatIsOnlyRecordedIsFoundWhereItIsSet() {
    let table = FieldTable([
      FieldRow("services.volumes.size", .recorded(because: "so it is"), cost: nil, ""),
      FieldRow("services.resources.disk", .recorded(because: "so it is"), cost: nil, ""),
      FieldRow("services.pullPolicy", .recorded(because: "nothing is pulled"), cost: nil, ""),
      FieldRow("services.resources.gpu", .refused(.missingCapability), cost: nil, "there are none"),
      FieldRow("services.args", .refused(.providerRefuses), cost: nil, "nothing takes them"),
      FieldRow("services.image", .enforced(.stamp), cost: .replace, note: "is not run here", ""),
    ])
    var (workload, api, proxy) = (Workload(), Service(), Service())
    (api.name, proxy.name) = ("api", "proxy")
    var volume = Volume()
    volume.name = "data"
    api.volumes = [volume]
    workload.services = [api, proxy]
    #expect(Array(table.notes(on: workload)).isEmpty)

    workload.services[0].volumes[0].size = ByteQuantity("1Gi")
    #expect(
      table.notes(on: workload).map(\.message) == ["`volumes.size` of `api` is only recorded: so it is"])
    workload.services[0].resources.disk = ByteQuantity("1Gi")
    workload.services[0].resources.gpu = 1
    workload.services[1].args = ["--fast"]
    workload.services[1].pullPolicy = .always
    workload.services[0].image = "a:1"
    workload.services[1].image = "b:1"
    let notes = table.notes(on: workload)
    #expect(
      notes.map(\.message) == [
        "`volumes.size` and `resources.disk` of `api` are only recorded: so it is",
        "`pullPolicy` of `proxy` is only recorded: nothing is pulled",
        "`args` of `proxy` is refused here: nothing takes them",
        "`image` of `api` and `proxy` is not run here",
      ])
    #expect(notes.map(\.code) == [.providerNote, .providerNote, .providerRefuses, .providerNote])
  }

  // MARK: What a change costs

  @Test(
    "A change costs what its row says and no less than the language",
    arguments: [
      ("env.LEVEL", Impact.restart, Impact.restart), ("env[a.b]", .restart, .restart),
      ("volumes[data].size", .inPlace, .inPlace), ("volumes[data]", .inPlace, .replace),
      ("volumes[data].on.crane.tier", .inPlace, .replace), ("secrets[env/A].value", .restart, .restart),
      ("image.digest", .replace, .replace), ("labels.team", .inPlace, .restart),
      ("workload.on.crane.pool", .inPlace, .replace), ("on.crane.hook", .inPlace, .restart),
      ("resources.cpu", .inPlace, .inPlace), ("annotations.a", .replace, .replace),
      ("container.name", .inPlace, .inPlace), ("container.name", .restart, .restart),
    ])
  func aChangeCostsWhatItsRowSaysAndNoLessThanTheLanguage(_ path: String, _ least: Impact, _ cost: Impact) {
    let table = FieldTable([
      FieldRow("labels", .enforced(.engine), cost: .restart, ""),
      FieldRow("on.crane.pool", .enforced(.engine), cost: .replace, ""),
      FieldRow("services.image", .enforced(.engine), cost: .replace, ""),
      FieldRow("services.env", .enforced(.engine), cost: .inPlace, ""),
      FieldRow("services.volumes.size", .enforced(.engine), cost: .inPlace, ""),
      FieldRow("services.volumes.on.crane.tier", .enforced(.engine), cost: .replace, ""),
      FieldRow("services.secrets.key", .enforced(.engine), cost: .inPlace, ""),
      FieldRow("services.resources.cpu", .enforced(.engine), cost: .inPlace, ""),
      FieldRow("services.annotations", .enforced(.engine), cost: nil, ""),
      FieldRow("services.on.crane.hook", .enforced(.engine), cost: .restart, ""),
    ])
    let change = Change(path: path, old: .absent, new: .value("1"), causes: [.spec], impact: least)
    let statement = table.impact(of: ServiceChange(desired: Service(), changes: [change])) {
      .canNotChange(fields: $0, engine: .init("Crane", makes: "crate"))
    }
    #expect(statement.impact == cost)
    #expect((statement.reason != nil) == (cost > least))
  }

  @Test("What costs more than other changes says so") func whatCostsMoreThanOtherChangesSaysSo() {
    let table = FieldTable([
      FieldRow(
        "services.resources.memory", .enforced(.engine), cost: .inPlace,
        exception: { $0.new == .absent ? ImpactStatement(.restart, reason: .holdsMemory) : nil }, "")
    ])
    func statement(_ new: ChangeValue) -> ImpactStatement {
      let change = Change(
        path: "resources.memory", old: .value("1Gi"), new: new, causes: [.spec], impact: .inPlace)
      return table.impact(of: ServiceChange(desired: Service(), changes: [change])) { _ in nil }
    }
    #expect(statement(.value("2Gi")) == ImpactStatement(.inPlace))
    #expect(statement(.absent) == ImpactStatement(.restart, reason: .holdsMemory))
  }

  @Test("A list of which nothing is told is untold as a whole")
  func aListOfWhichNothingIsToldIsUntoldAsAWhole() {
    func table(_ permissions: FieldTreatment) -> FieldTable {
      FieldTable([
        FieldRow("services.security.devices.source", .byBerth, cost: nil, ""),
        FieldRow("services.security.devices.permissions", permissions, cost: nil, ""),
      ])
    }
    let nothing = table(.recorded(because: "of a reason")).untold(of: Service())
    #expect(
      nothing == ["security.devices", "security.devices.source", "security.devices.permissions"])
    #expect(table(.enforced(.engine)).untold(of: Service()) == ["security.devices.source"])
  }

  // MARK: Health checks

  @Test("A check that berth makes has a treatment of its own")
  func aCheckThatBerthMakesHasATreatmentOfItsOwn() {
    let table = FieldTable([
      FieldRow("services.healthCheck.interval", .enforced(.engine), ofOwnChecks: .byBerth, cost: nil, ""),
      FieldRow("services.dependsOn", .byBerth, cost: nil, ""),
    ])
    var service = Service()
    service.healthCheck = HealthCheck()
    service.healthCheck?.port = 80
    #expect(table.untold(of: service) == ["healthCheck.interval", "dependsOn"])
    service.healthCheck?.port = nil
    service.healthCheck?.command = ["/bin/true"]
    #expect(table.untold(of: service) == ["dependsOn"])
  }

  @Test("What elements are can change the treatment") func whatElementsAreCanChangeTheTreatment() {
    let table = FieldTable([
      FieldRow(
        "services.volumes.size", .recorded(because: "volumes have no size here"),
        unless: .init("type", "memory"), cost: .inPlace, "")
    ])
    var (workload, service, volume) = (Workload(), Service(), Volume())
    volume.size = ByteQuantity("1Gi")
    service.volumes = [volume]
    workload.services = [service]
    #expect(table.untold(of: service) == ["volumes", "volumes.size"])
    #expect(Array(table.notes(on: workload)).count == 1)
    workload.services[0].volumes[0].type = .memory
    #expect(table.untold(of: workload.services[0]) == [])
    #expect(Array(table.notes(on: workload)).isEmpty)
  }
}
