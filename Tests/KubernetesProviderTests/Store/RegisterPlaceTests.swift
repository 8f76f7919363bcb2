import ProviderKit
import Testing

@testable import KubernetesProvider

@Suite("Where a cluster keeps a register") struct RegisterPlaceTests {
  @Test(
    "each kind of register has an object that says what it is",
    arguments: [
      ("heads/shop_api", "ConfigMap", "shop", "berth.api.head"),
      ("locks/shop_api", "Lease", "shop", "berth.api.lock"),
      ("keys/shop_digests", "Secret", "shop", "berth.key.digests"),
      ("keys/shop_plans", "Secret", "shop", "berth.key.plans"),
    ])
  func namesObjects(_ register: String, _ kind: String, _ namespace: String, _ object: String) throws {
    let place = try RegisterPlace(register)
    #expect(place.type.kind == kind)
    #expect(place.namespace == namespace)
    #expect(place.object == object)
  }

  @Test("a record's object begins with what it is, and no two records have one object")
  func namesRecords() throws {
    let names = [
      "records/shop_api/releases/00000004_run-1", "records/shop_api/releases/00000004_run-2",
      "records/shop_api/runs/00000004_run-1_run-2", "records/shop_api/runs/00000004_run-1.2f.run_2",
      "records/shop_api/journals/run-1_b1", "records/shop_api/journals/run-1_m2-1-1",
      "records/shop_api/blobs/\(String(repeating: "a", count: 64))_run-1_1",
      "records/other_api/releases/00000004_run-1",
    ]
    let places = try names.map { try RegisterPlace($0) }
    #expect(places[0].object.hasPrefix("berth.api.releases.00000004."))
    #expect(places[6].object.hasPrefix("berth.api.blobs."))
    #expect(Set(places.map(\.object)).count == names.count)
  }

  @Test("every object has a name that a cluster takes, however long the workload's is")
  func keepsToTheRules() throws {
    let workload = String(repeating: "a", count: 63)
    let rule = /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/
    for register in [
      "heads/n_\(workload)", "records/n_\(workload)/journals/\(String(repeating: "r", count: 200))_b1",
      "records/n_\(workload)/runs/00000001_.2e.._-", "locks/n_\(workload)", "keys/n_plans",
    ] {
      let object = try RegisterPlace(register).object
      #expect(object.wholeMatch(of: rule) != nil, "\(object)")
      #expect(object.utf8.count <= 253)
    }
  }

  @Test(
    "what no store calls a register is refused",
    arguments: [
      "", "heads", "heads/shop", "heads/shop_api/x", "records/shop_api", "records/shop_api/runs", "x/a_b",
    ])
  func refusesOthers(_ register: String) {
    #expect(throws: StoreError.self) { try RegisterPlace(register) }
  }

  @Test("registers are listed by the labels of their objects, in one namespace or in all")
  func lists() throws {
    #expect(try RegisterScope("heads/").namespace == nil)
    let heads = try RegisterScope("heads/shop_")
    #expect(heads.namespace == "shop")
    #expect(heads.selection.labels == "app.kubernetes.io/managed-by=berth,berth/part=head")
    let records = try RegisterScope("records/shop_api/journals/run-1_")
    #expect(
      records.selection.labels
        == "app.kubernetes.io/managed-by=berth,berth/part=record,berth/workload=api")
    #expect(throws: StoreError.self) { try RegisterScope("records/shop_") }
    #expect(throws: StoreError.self) { try RegisterScope("locks/") }
  }
}
