import Diagnostics
import Planning
import ProviderKit
import Testing

@testable import NomadProvider

@Suite("What a cluster of Nomad can't be asked for")
struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: DiagnosticCode
    let spec: String
    var version = MappingCase.newer
    var target = NomadTarget()

    /// - Parameter service: what is said of the main service, besides its name, image and memory.
    init(
      _ description: String, _ code: DiagnosticCode, _ service: String,
      on version: String = MappingCase.newer,
      driver: NomadDriver = .docker, services: NomadRegistry? = nil
    ) {
      self.init(
        description, code,
        spec:
          "name: shop\nservices:\n  - {name: api, image: busybox:local, command: [/bin/api], resources: {memory: 64Mi}, \(service)}\n",
        on: version, driver: driver, services: services)
    }

    init(
      _ description: String, _ code: DiagnosticCode, spec: String, on version: String = MappingCase.newer,
      driver: NomadDriver = .docker, services: NomadRegistry? = nil
    ) {
      (testDescription, self.code, self.spec, self.version) = (description, code, spec, version)
      (target.driver, target.services) = (driver, services)
    }
  }

  static let cases: [Case] = [
    Case(
      "no image", .providerRefuses, spec: "name: shop\nservices: [{name: api, command: [/bin/api]}]"),
    Case(
      "no command for a process", .providerRefuses, spec: "name: shop\nservices: [{name: api, image: a:1}]",
      driver: .rawExec),
    Case("a network of another engine", .providerRefuses, "network: {join: [{name: proxy}]}"),
    Case("a filter of system calls in the spec", .providerRefuses, "security: {seccomp: '{}'}"),
    Case("the node's own address", .providerRefuses, "network: {extraHosts: {host.test: host-gateway}}"),
    Case("a variant of a processor", .providerRefuses, "platform: linux/arm/v7"),
    Case("statuses of a check", .providerRefuses, "healthCheck: {path: /, port: 80, status: ['404']}"),
    Case("a check by gRPC without Consul", .providerRefuses, "healthCheck: {grpc: '', port: 80}"),
    Case("a service that is never started again", .providerRefuses, "restart: never"),
    Case(
      "a driver of volumes", .providerRefuses,
      "volumes: [{name: data, mountPath: /data, type: persistent, driver: {name: nfs}}]"),
    Case(
      "a part of a volume", .providerRefuses,
      "volumes: [{name: data, mountPath: /data, type: persistent, subPath: a}]"),
    Case(
      "a reservation beyond the limit", .providerRefuses,
      spec:
        "name: a\nservices: [{name: api, image: a:1, resources: {memory: 1Mi, reservations: {memory: 2Mi}}}]"),
    Case("an address of the node", .providerRefuses, "ports: [{container: 80, address: 127.0.0.1}]"),
    Case(
      "a bind that is relative to the file", .badBindSource,
      "volumes: [{name: data, mountPath: /data, type: bind, source: ./data}]"),
    Case(
      "an init that waits for another", .providerRefuses,
      spec:
        "name: shop\nservices: [{name: api, image: a:1}, {name: one, role: init, image: a:1}, {name: two, role: init, image: a:1, dependsOn: [one]}]"
    ),
    Case(
      "an option that the spec's own field is", .providerRefuses,
      "tty: true, on: {nomad: {config: {tty: false}}}"),
    Case(
      "an address of another workload among arguments", .providerRefuses, "args: ['${address.orders/db.1}']"),
    Case(
      "a host of another workload", .providerRefuses, "env: {A: '${host.orders/db}'}"),
    Case(
      "an address of another workload, and nothing that keeps names", .providerRefuses,
      "env: {A: '${address.orders/db.1}'}", services: NomadRegistry.none),
    Case(
      "a variable that no template has", .providerRefuses, "env: {A-B: '${secret.db}'}"),
    Case(
      "rights of a process", .providerRefuses,
      spec:
        "name: a\nservices: [{name: api, command: [/a], resources: {memory: 1Mi}, security: {privileged: true}}]",
      driver: .rawExec),
    Case(
      "a user by number for a process of the node", .providerRefuses, "user: '1000:1000'", driver: .rawExec),
    Case("a group for a process of the node", .providerRefuses, "user: 'www:www'", driver: .rawExec),
    Case(
      "a volume of the cluster for a process", .providerRefuses,
      "volumes: [{name: data, mountPath: /data, type: persistent}]", driver: .rawExec),
    Case(
      "a folder of a process", .providerRefuses, "volumes: [{name: data, mountPath: /data}]", driver: .exec),
    Case(
      "a file for podman", .providerRefuses, "configFiles: [{name: app, path: /etc/app.conf, content: x}]",
      driver: .podman),
    Case(
      "where a process starts on older servers", .providerRefuses,
      spec: "name: a\nservices: [{name: api, command: [/a], resources: {memory: 1Mi}, workingDir: /srv}]",
      on: MappingCase.older, driver: .rawExec),
    Case(
      "two registries", .providerRefuses,
      "secrets: [{key: login, type: registry, as: a.test}, {key: login, type: registry, as: b.test}]"),
    Case(
      "a port of two services", .sharedByPod,
      spec:
        "name: shop\nservices: [{name: api, image: a:1, ports: [{container: 80}]}, {name: b, role: sidecar, image: b:1, ports: [{container: 80}]}]"
    ),
    Case(
      "two ways to find names", .sharedByPod,
      spec:
        "name: shop\nservices: [{name: api, image: a:1, network: {dns: {servers: [10.0.0.2]}}}, {name: b, role: sidecar, image: b:1, network: {dns: {servers: [10.0.0.3]}}}]"
    ),
    Case(
      "a workload with two hyphens", .jointInName,
      spec: "name: a--b\nservices: [{name: api, image: a:1, ports: [{container: 80}]}]"),
    Case(
      "a name of a service that is too long", .nameTooLong,
      spec:
        "name: \(String(repeating: "a", count: 40))\nservices: [{name: \(String(repeating: "b", count: 22)), image: a:1, ports: [{container: 80}]}]"
    ),
    Case("a service called alloc", .badName, spec: "name: a\nservices: [{name: alloc, image: a:1}]"),
    Case(
      "an order that is not kept", .orderNotKept,
      spec:
        "name: shop\nservices: [{name: api, image: a:1, dependsOn: [b]}, {name: b, role: sidecar, image: b:1, healthCheck: {port: 80}}]"
    ),
    Case(
      "secrets on servers without variables", .providerNote, "env: {A: '${secret.db}'}", on: MappingCase.older
    ),
    Case(
      "a limit that nodes set", .providerNote,
      spec: "name: a\nservices: [{name: api, image: a:1, resources: {memory: 1Mi, swap: 1Mi}}]"),
    Case(
      "memory that is left open", .providerNote, spec: "name: a\nservices: [{name: api, image: a:1}]"),
  ]

  @Test("A plan says what can't be written, and why", arguments: RefusalTests.cases)
  func isTold(_ refusal: Case) throws {
    let workload = try MappingCase.load(refusal.spec)
    let facts = EngineFacts(nomad: refusal.version, refusal.target)
    let findings = NomadTable.on(facts).findings(on: workload, .test(workload, facts, refusal.target))
    #expect(findings.first?.code == refusal.code, "\(findings.map(\.message))")
  }

  @Test("A spec that states what it needs is told nothing")
  func isFine() throws {
    let workload = try MappingCase.load(
      """
      name: shop
      services:
        - {name: api, image: a:1, resources: {memory: 64Mi}, ports: [{container: 80}], healthCheck: {port: 80}}
        - {name: b, role: sidecar, image: b:1, resources: {memory: 64Mi}}
      """)
    let facts = EngineFacts(nomad: MappingCase.newer)
    #expect(NomadTable.on(facts).findings(on: workload, .test(workload, facts)).isEmpty)
  }

  @Test("What a plan refuses, no apply writes")
  func writesNothing() throws {
    let workload = try MappingCase.load("name: shop\nservices: [{name: api, image: a:1, restart: never}]")
    #expect(throws: ActionFailure.self) {
      try WorkloadJob(.test(workload, EngineFacts(nomad: MappingCase.older)))
    }
  }
}
