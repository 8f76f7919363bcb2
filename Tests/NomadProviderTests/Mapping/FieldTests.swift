import Planning
import ProviderKit
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import NomadProvider
@testable import ProviderContract

@Suite("What becomes of each field on a cluster of Nomad")
struct FieldTests {
  /// Servers, with what a target chooses.
  static let facts: [EngineFacts] = [
    EngineFacts(nomad: MappingCase.older), EngineFacts(nomad: MappingCase.newer), EngineFacts(),
    EngineFacts(nomad: MappingCase.newer, target(.podman)),
    EngineFacts(nomad: MappingCase.newer, target(.exec)),
    EngineFacts(nomad: MappingCase.older, target(.rawExec)),
    EngineFacts(nomad: MappingCase.newer, target(.docker, .consul)),
    EngineFacts(nomad: MappingCase.newer, target(.docker, NomadRegistry.none)),
    EngineFacts(nomad: MappingCase.older, target(.docker, .consul)),
  ]

  private static func target(_ driver: NomadDriver, _ services: NomadRegistry? = nil) -> NomadTarget {
    var target = NomadTarget()
    (target.driver, target.services) = (driver, services)
    return target
  }

  @Test("Every field has a row, and every row a field", arguments: FieldTests.facts)
  func everyFieldHasARow(_ facts: EngineFacts) {
    let table = NomadTable.on(facts).table
    #expect(table.missing(of: [.services], on: NomadFields.all) == [])
    #expect(table.surplus(of: [.services], on: NomadFields.all) == [])
  }

  /// What a plan refuses before it could change anything, and what can't be stated beside the others.
  private static let left = ["security.seccomp", "ports.address"]

  private static func api(_ change: (inout Service) -> Void = { _ in }) -> Workload {
    let edits = FieldEdit.all.filter { !left.contains($0.path) }
    var api = FieldEdit.prepared(.script("api", "sleep 600", in: "busybox:local"), by: edits)
    change(&api)
    var workload = Workload.of(api, .script("proxy", "sleep 600", in: "busybox:local", role: .sidecar))
    workload.replicas = 1
    return workload
  }

  static let ofDocker = [facts[0], facts[1], facts[6], facts[8]]

  @Test(
    "A change of what the cluster is told is performed, as its row says, and of nothing else anything",
    arguments: FieldTests.ofDocker, FieldEdit.all.map(\.path).filter { !FieldTests.left.contains($0) })
  func changes(_ facts: EngineFacts, _ path: String) throws {
    let edit = try #require(FieldEdit.all.first { $0.path == path })
    let last = Self.api()
    let job = ServerDefaults.added(to: try WorkloadJob(.test(last, facts)).json)
    let desired = Self.api(edit.change)
    let plan = try MappingPlan(facts: facts).plan(desired, last: last, on: job)
    let row = try #require(NomadTable.on(facts).table["services." + path])
    let performed = plan.actions.filter(\.kind.isPerformed)
    #expect(!performed.isEmpty == row.treatment(in: desired.services[0]).isTold)
    #expect(performed.allSatisfy { ($0.kind == .replace) == (row.cost == .replace) })
    #expect(plan.actions.contains { $0.kind == .record })
  }

  @Test("What the cluster tells is read from it, and not from the stamp", arguments: FieldTests.ofDocker)
  func isToldByTheCluster(_ facts: EngineFacts) throws {
    let table = NomadTable.on(facts).table
    let edits = FieldEdit.all.filter { !Self.left.contains($0.path) && $0.path != "maxRestarts" }
    let stamped = Self.api()
    let made = Self.api { for edit in edits { edit.change(&$0) } }
    let marks = try WorkloadJob(.test(stamped, facts)).json.group(JobNames.marks)
    var job = ServerDefaults.added(to: try WorkloadJob(.test(made, facts)).json)
    job.changeGroup(JobNames.marks) { $0 = marks ?? [:] }
    let reading = try #require(
      JobReading(job, key: MappingCase.key(of: made), target: NomadTarget(), facts: facts))
    let live = try #require(reading.services.first { $0.name == "api" }).live.service
    for edit in edits {
      let row = try #require(table["services." + edit.path])
      guard row.treatment(in: made.services[0]) == .enforced(.engine) else { continue }
      #expect(edit.value(in: live) == edit.value(in: made.services[0]), "\(edit.path)")
      #expect(edit.value(in: stamped.services[0]) != edit.value(in: made.services[0]), "\(edit.path)")
    }
  }

  @Test("There is an edit for every field that only Nomad knows")
  func everyOwnFieldHasAnEdit() {
    let own = FieldTable.fields(of: [.services], on: NomadFields.all).filter(\.isCompared).map(\.path)
      .filter { $0.split(separator: ".").contains("on") }
    #expect(Set([EngineEdit].nomad.map(\.path)) == Set(own))
  }

  @Test(
    "What only Nomad knows is written, read back and changed", arguments: [EngineEdit].nomad.map(\.path))
  func ownFields(_ path: String) throws {
    let facts = EngineFacts(nomad: MappingCase.newer)
    let edit = try #require([EngineEdit].nomad.first { $0.path == path })
    let row = try #require(NomadTable.on(facts).table[path])
    var made = try MappingCase.load(
      """
      name: shop
      replicas: 1
      services:
        - name: api
          image: busybox:local
          ports: [{container: 8080}]
          volumes: [{name: data, mountPath: /data}]
      """)
    var changed = made
    edit.prepare(&made)
    edit.change(&changed)
    for workload in [made, changed] {
      let job = ServerDefaults.added(to: try WorkloadJob(.test(workload, facts)).json)
      let key = MappingCase.key(of: workload)
      let reading = try #require(JobReading(job, key: key, target: NomadTarget(), facts: facts))
      let live = reading.services[0].live
      var read = workload
      (read.on, read.services[0]) = (live.workloadBlocks, live.service)
      #expect(edit.value(in: read) == edit.value(in: workload))
      #expect(try MappingPlan(facts: facts).plan(workload, last: workload, on: job).actions == [])
    }
    let job = ServerDefaults.added(to: try WorkloadJob(.test(made, facts)).json)
    let plan = try MappingPlan(facts: facts).plan(changed, last: made, on: job)
    #expect(plan.actions.contains { $0.kind.isPerformed })
    #expect(plan.actions.flatMap(\.changes).contains { $0.path.contains("on.nomad.") })
    let kind = plan.actions.first { $0.kind.isPerformed }?.kind
    #expect((kind == .replace) == (row.cost == .replace))
  }

  @Test("A field that is changed by hand is drift")
  func drift() throws {
    let mappingCase = MappingCase(name: "web", version: MappingCase.newer)
    let workload = try mappingCase.workload()
    var job = ServerDefaults.added(to: try WorkloadJob(mappingCase.writing()).json)
    job.changeGroup(JobNames.group) { group in
      var tasks = group["Tasks"]?.array ?? []
      guard let index = tasks.firstIndex(where: { $0["Name"] == "api" }) else { return }
      tasks[index][["Config", "image"]] = "registry.example.com/shop/api:2.4.2"
      tasks[index][["Resources", "MemoryMB"]] = 300
      tasks[index]["Templates"] = .array(
        (tasks[index]["Templates"]?.array ?? []).filter { $0["DestPath"] != "local/config-app" })
      group["Tasks"] = .array(tasks)
    }
    let plan = try MappingPlan(facts: mappingCase.facts).plan(workload, last: workload, on: job)
    let changes = plan.actions.filter(\.kind.isPerformed).flatMap(\.changes)
    #expect(
      changes.map(\.path) == [
        "services[api].configFiles[app]", "services[api].image", "services[api].resources.memory",
      ])
    #expect(changes.allSatisfy { $0.causes == [.drift] })
  }
}
