import Testing

@testable import WorkloadSpec

/// What a text may refer to.
@Suite struct AddressRuleTests {
  /// A workload whose main service has one text, beside some others.
  private func load(_ text: String, beside others: String = "") -> Loaded {
    Loaded(
      """
      name: shop
      services:
        - name: api
          command: [/bin/api]
          env: {TEXT: "\(text)"}
          ports: [{container: 8080}, {container: 53, protocol: udp}]
        - {name: cache, role: sidecar, command: [x], ports: [{container: 6379}, {container: 9000-9002}]}
        - {name: tool, role: init, command: [x]}
      \(others)
      """)
  }

  @Test(
    "An address of a service that lists the port is taken",
    arguments: [
      "${address.cache.6379}", "redis://${address.cache.6379}/0", "${host.cache}:${port.cache.9001}",
      "${port.api.8080}", "${address.api.8080}", "$${address.nothing.1}", "${address.other/thing.1}",
    ])
  func whatIsThereIsTaken(_ text: String) {
    let loaded = load(text)
    #expect(loaded.problems.isEmpty, "\(loaded.messages)")
    #expect(loaded.workload?.service("api")?.env["TEXT"] == text)
  }

  @Test(
    "What is not there, or not reached, is refused where it stands",
    arguments: [
      ("${address.chache.6379}", "E0434", "did you mean `cache`"),
      ("${address.cache.6380}", "E0434", "its ports are 6379, 9000, 9001, 9002"),
      ("${address.api.53}", "E0434", "which is a port of UDP"),
      ("${address.tool.1}", "E0434", "runs to its end"),
      ("${host.tool}", "E0434", "runs to its end"),
      ("${address.shop/cache.6379}", "E0434", "write `${address.cache.6379}`"),
      ("${address.cache}", "E0504", "`${address.SERVICE.PORT}`"),
      ("${address.cache.6379-6380}", "E0504", "is not an address of one port"),
      ("${port.cache}", "E0504", "is not an address of one port"),
      ("${host.cache.6379}", "E0504", "is not an address of one port"),
    ])
  func whatIsNotThereIsRefused(_ text: String, _ code: String, _ words: String) {
    let loaded = load(text)
    #expect(loaded.problems == ["\(code) 0:5:17"], "\(loaded.messages)")
    #expect(loaded.messages.first?.contains(words) == true, "\(loaded.messages)")
  }

  @Test(
    "Addresses stand in texts that a service is handed, and nowhere else",
    arguments: [
      ("command: [x, '${address.b.1}']", true), ("args: ['${address.b.1}']", true),
      ("env: {A: '${address.b.1}'}", true),
      ("configFiles: [{name: c, path: /c, content: '${address.b.1}'}]", true),
      ("healthCheck: {command: [x, '${port.b.1}']}", true),
      ("workingDir: '/${address.b.1}'", false), ("annotations: {a: '${address.b.1}'}", false),
      ("image: 'x:${port.b.1}'", false), ("healthCheck: {path: '/${host.b}', port: 1}", false),
      ("configFiles: [{name: c, path: '/${host.b}', content: x}]", false),
    ])
  func theyStandInSomeFieldsOnly(_ field: String, _ isTaken: Bool) {
    let command = field.hasPrefix("command") ? "" : ", command: [x]"
    let loaded = Loaded(
      "name: a\nservices:\n  - {name: a, ports: [{container: 1}]\(command), \(field)}\n"
        + "  - {name: b, role: sidecar, command: [x], ports: [{container: 1}]}\n")
    #expect(
      loaded.result.diagnostics.map(\.code) == (isTaken ? [] : [.badInterpolation]), "\(loaded.messages)")
  }

  @Test("A reference is a dependency of services: order, cycles and roles follow")
  func aReferenceIsADependency() throws {
    let ordered = load("${address.cache.6379}")
    let workload = try #require(ordered.workload)
    #expect(ServiceOrder(workload.services).startOrder == ["tool", "cache", "api"])
    #expect(ServiceOrder(workload.services).dependencies(of: "api") == ["cache", "tool"])
    #expect(workload.service("api")?.dependsOn.isUnset == true)

    let cycle = load(
      "${address.cache.6379}",
      beside: "  - {name: b, role: sidecar, command: [x], dependsOn: [api], ports: [{container: 1}]}")
    #expect(cycle.problems.isEmpty, "\(cycle.messages)")
    let circle = Loaded(
      """
      name: a
      services:
        - {name: a, command: [x], ports: [{container: 1}], env: {B: "${address.b.1}"}}
        - {name: b, role: sidecar, command: [x], ports: [{container: 1}], env: {A: "${address.a.1}"}}
      """)
    #expect(circle.result.diagnostics.map(\.code) == [.dependencyCycle], "\(circle.messages)")
    let before = Loaded(
      """
      name: a
      services:
        - {name: a, command: [x], ports: [{container: 1}]}
        - {name: m, role: before, command: [x, "${address.a.1}"]}
        - {name: i, role: init, command: [x, "${address.a.1}"]}
      """)
    #expect(
      Set(before.result.diagnostics.map(\.code)) == [.beforeDependency, .initDependency],
      "\(before.messages)")
  }

  @Test(
    "Two services reach each other in one network only",
    arguments: [
      ("", "network: {mode: host}", true), ("network: {mode: host}", "", true),
      ("network: {mode: none}", "network: {mode: none}", true),
      ("network: {mode: host}", "network: {mode: host}", false),
      ("", "", false),
    ])
  func networksMustBeOne(_ first: String, _ second: String, _ isRefused: Bool) {
    func field(_ text: String) -> String { text.isEmpty ? "" : ", \(text)" }
    let ports = second.contains("none") ? "" : ", ports: [{container: 1}]"
    let reference = second.contains("none") ? "${host.b}" : "${address.b.1}"
    let loaded = Loaded(
      "name: a\nservices:\n  - {name: a, command: [x, '\(reference)']\(field(first))}\n"
        + "  - {name: b, role: sidecar, command: [x]\(ports)\(field(second))}\n")
    #expect(
      loaded.result.diagnostics.map(\.code) == (isRefused ? [.unreachableAddress] : []), "\(loaded.messages)")
  }

  // MARK: Other workloads

  private func loadTwo(_ text: String, web: String = "", db: String = "", services: String = "") -> Loaded {
    Loaded(
      """
      name: db
      \(db)
      services:
        - {name: server, command: [x], ports: [{container: 5432}]}
        - {name: migrate, role: init, command: [x]}
      ---
      name: web
      \(web)
      services:
        - {name: api, command: [x, "\(text)"]}
      \(services)
      """)
  }

  @Test(
    "What a workload refers to in another one of its files is checked there",
    arguments: [
      ("${address.db/server.5432}", "", "", "", nil), ("${address.elsewhere/x.1}", "", "", "", nil),
      ("${address.db/sever.5432}", "", "", "", "E0434"), ("${address.db/server.1}", "", "", "", "E0434"),
      ("${host.db/migrate}", "", "", "", "E0434"),
      ("${address.db/server.5432}", "", "network: {isolated: true}", "", "E0435"),
      ("${address.db/server.5432}", "network: {isolated: true}", "", "", "E0435"),
      (
        "${address.db/server.5432}", "", "", "  - {name: db, role: sidecar, command: [x]}", "E0436"
      ),
      ("${address.db/server.5432}", "", "dependsOn: [web]", "", "E0433"),
    ] as [(String, String, String, String, String?)])
  func otherWorkloadsAreChecked(
    _ text: String, _ web: String, _ db: String, _ services: String, _ code: String?
  ) throws {
    let loaded = loadTwo(text, web: web, db: db, services: services)
    #expect(loaded.result.diagnostics.map(\.code.rawValue) == (code.map { [$0] } ?? []), "\(loaded.messages)")
    let names = loaded.result.workloads.map(\.workload.name)
    #expect(names == (code == nil ? ["db", "web"] : code == "E0433" ? [] : ["db"]))
    guard code == nil else { return }
    let workload = try #require(loaded.result.workloads.last?.workload)
    #expect(workload.waitsFor.elements == [text.contains("db/") ? "db" : "elsewhere"])
    #expect(workload.dependsOn.isUnset)
  }

  @Test("A cycle that an address closes is told where the address stands")
  func aCycleHasItsPlaces() throws {
    let loaded = loadTwo("${address.db/server.5432}", db: "dependsOn: [web]")
    let diagnostic = try #require(loaded.result.diagnostics.first)
    #expect(diagnostic.location?.line == 2)
    #expect(diagnostic.related.first?.location.line == 10)
  }
}
