import KubernetesAPI
import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import KubernetesProvider
@testable import ProviderContract

@Suite("What becomes of each field on a cluster")
struct FieldTests {
  static let facts = [MappingCase.older, MappingCase.newer].map { EngineFacts(kubernetes: $0) }

  @Test("Every field has a row, and every row a field", arguments: FieldTests.facts + [EngineFacts()])
  func everyFieldHasARow(_ facts: EngineFacts) {
    let table = KubernetesTable.on(facts).table
    #expect(table.missing(of: [.services], on: KubernetesFields.all) == [])
    #expect(table.surplus(of: [.services], on: KubernetesFields.all) == [])
  }

  private static func api(_ change: (inout Service) -> Void = { _ in }) -> Workload {
    var api = FieldEdit.prepared(.script("api", "sleep 600", in: "busybox:local"))
    change(&api)
    var workload = Workload.of(api, .script("proxy", "sleep 600", in: "busybox:local", role: .sidecar))
    workload.replicas = 1
    return workload
  }

  @Test(
    "A change of what the cluster is told takes new pods, and of nothing else anything",
    arguments: FieldTests.facts, FieldEdit.all.map(\.path))
  func changes(_ facts: EngineFacts, _ path: String) throws {
    let edit = try #require(FieldEdit.all.first { $0.path == path })
    let table = KubernetesTable.on(facts)
    let last = Self.api()
    let objects = try WorkloadObjects(.test(last, facts)).all.map(ServerDefaults.added)
    let desired = Self.api(edit.change)
    let plan = try MappingPlan(facts).plan(desired, last: last, on: objects)
    let row = try #require(table.table["services." + path])
    let performed = plan.actions.filter(\.kind.isPerformed)
    #expect(!performed.isEmpty == row.treatment(in: desired.services[0]).isTold)
    #expect(performed.allSatisfy { $0.kind == .replace })
    #expect(plan.actions.contains { $0.kind == .record })
  }

  /// What a cluster refuses, alone or together with the others, and what is the same to it as what it was before.
  private static let left = ["security.seccomp", "security.privileged", "security.selinux"]

  @Test("What the cluster tells is read from it, and not from the stamp", arguments: FieldTests.facts)
  func isToldByTheCluster(_ facts: EngineFacts) throws {
    let table = KubernetesTable.on(facts).table
    let edits = FieldEdit.all.filter { !Self.left.contains($0.path) }
    let stamped = Self.api()
    let made = Self.api { for edit in edits { edit.change(&$0) } }
    let stamp = try WorkloadObjects(.test(stamped, facts)).controller
    let objects = try WorkloadObjects(.test(made, facts)).all.map { object in
      guard object.kind == "Deployment" else { return ServerDefaults.added(to: object) }
      var object = object
      object.metadata["annotations"]?[Mark.services] = stamp.metadata["annotations"]?[Mark.services]
      object.json[["spec", "template", "metadata", "annotations", Mark.services]] =
        stamp.json[["spec", "template", "metadata", "annotations", Mark.services]]
      return ServerDefaults.added(to: object)
    }
    let reading = try #require(ControllerReading.of(objects, made, facts))
    let live = try #require(reading.services.first { $0.name == "api" }).live.service
    for edit in edits {
      let row = try #require(table["services." + edit.path])
      guard row.treatment(in: made.services[0]) == .enforced(.engine), edit.path != "dependsOn" else {
        continue
      }
      #expect(edit.value(in: live) == edit.value(in: made.services[0]), "\(edit.path)")
      #expect(edit.value(in: stamped.services[0]) != edit.value(in: made.services[0]), "\(edit.path)")
    }
  }

  @Test("There is an edit for every field that only Kubernetes knows")
  func everyOwnFieldHasAnEdit() {
    let own = FieldTable.fields(of: [.services], on: KubernetesFields.all).filter(\.isCompared).map(\.path)
      .filter { $0.split(separator: ".").contains("on") }
    #expect(Set([EngineEdit].kubernetes.map(\.path)) == Set(own))
  }

  @Test(
    "What only Kubernetes knows is written, read back and changed",
    arguments: FieldTests.facts, [EngineEdit].kubernetes.map(\.path))
  func ownFields(_ facts: EngineFacts, _ path: String) throws {
    let edit = try #require([EngineEdit].kubernetes.first { $0.path == path })
    let row = try #require(KubernetesTable.on(facts).table[path])
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
      let objects = try WorkloadObjects(.test(workload, facts)).all.map(ServerDefaults.added)
      let live = try #require(ControllerReading.of(objects, workload, facts)).services[0].live
      var read = workload
      (read.on, read.services[0]) = (live.workloadBlocks, live.service)
      #expect(edit.value(in: read) == edit.value(in: workload))
      #expect(try MappingPlan(facts).plan(workload, last: workload, on: objects).actions == [])
    }
    let objects = try WorkloadObjects(.test(made, facts)).all.map(ServerDefaults.added)
    let plan = try MappingPlan(facts).plan(changed, last: made, on: objects)
    #expect(plan.actions.contains { $0.kind.isPerformed })
    #expect(plan.actions.flatMap(\.changes).contains { $0.path.contains("on.kubernetes.") })
    let kind = plan.actions.first { $0.kind.isPerformed }?.kind
    #expect((kind == .replace) == (row.cost == .replace))
  }

  @Test("A field that is changed by hand is drift")
  func drift() throws {
    let mappingCase = MappingCase(name: "web", version: MappingCase.older)
    let workload = try mappingCase.workload()
    let objects = try WorkloadObjects(mappingCase.writing()).all.map { object in
      guard object.kind == "Deployment" else { return object }
      var object = ServerDefaults.added(to: object)
      let path = ["spec", "template", "spec", "containers"]
      var containers = object.json[path]?.array ?? []
      let api = try #require(containers.firstIndex { $0["name"] == "api" })
      containers[api]["image"] = "registry.example.com/shop/api:2.4.2"
      containers[api][["resources", "limits", "memory"]] = "300Mi"
      containers[api]["volumeMounts"] = .array(
        (containers[api]["volumeMounts"]?.array ?? []).filter { $0["mountPath"] != "/etc/shop/app.yaml" })
      object.json[path] = .array(containers)
      return object
    }
    let plan = try MappingPlan(mappingCase.facts).plan(workload, last: workload, on: objects)
    let changes = plan.actions.filter(\.kind.isPerformed).flatMap(\.changes)
    #expect(
      changes.map(\.path) == [
        "services[api].configFiles[app]", "services[api].image", "services[api].resources.memory",
      ])
    #expect(changes.allSatisfy { $0.causes == [.drift] })
  }
}
