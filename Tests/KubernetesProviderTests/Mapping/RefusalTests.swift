import Diagnostics
import KubernetesAPI
import Planning
import ProviderKit
import Testing

@testable import KubernetesProvider

@Suite("What a cluster can't be asked for")
struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: DiagnosticCode
    let spec: String

    /// - Parameter service: what is said of the main service, besides its name and image.
    init(_ description: String, _ code: DiagnosticCode, _ service: String) {
      self.init(
        description, code,
        spec: "name: shop\nservices:\n  - {name: api, image: busybox:local, \(service)}\n")
    }

    init(_ description: String, _ code: DiagnosticCode, spec: String) {
      (testDescription, self.code, self.spec) = (description, code, spec)
    }
  }

  static let cases: [Case] = [
    Case("no image", .providerRefuses, spec: "name: shop\nservices: [{name: api, command: [/bin/api]}]"),
    Case("a user with a name", .providerRefuses, "user: postgres"),
    Case("a group with a name", .providerRefuses, "groups: [wheel]"),
    Case("no network", .providerRefuses, "network: {mode: none}"),
    Case("a network of another engine", .providerRefuses, "network: {join: [{name: proxy}]}"),
    Case("a device", .providerRefuses, "security: {devices: [{source: /dev/kvm}]}"),
    Case("a filter of system calls in the spec", .providerRefuses, "security: {seccomp: '{}'}"),
    Case("a part of no label", .providerRefuses, "security: {selinux: [nested]}"),
    Case(
      "rights that contradict each other", .providerRefuses,
      "security: {noNewPrivileges: true, privileged: true}"),
    Case("the node's own address", .providerRefuses, "network: {extraHosts: {host.test: host-gateway}}"),
    Case("an alias in capitals", .providerRefuses, "network: {aliases: [DB]}"),
    Case("a host name of several labels", .providerRefuses, "hostname: a.b"),
    Case("a variant of a processor", .providerRefuses, "platform: linux/arm/v7"),
    Case("statuses of a check", .providerRefuses, "healthCheck: {path: /, port: 80, status: ['404']}"),
    Case("a check by gRPC on an older server", .providerRefuses, "healthCheck: {grpc: '', port: 80}"),
    Case("a service that is never started again", .providerRefuses, "restart: never"),
    Case(
      "a driver of volumes", .providerRefuses,
      "volumes: [{name: data, mountPath: /data, type: persistent, driver: {name: nfs}}]"),
    Case(
      "permissions beyond three digits", .providerRefuses,
      "configFiles: [{name: app, path: /a, content: x, mode: '4755'}]"),
    Case(
      "a reservation beyond the limit", .providerRefuses,
      "resources: {memory: 1Mi, reservations: {memory: 2Mi}}"),
    Case(
      "liveness without a check", .providerRefuses, "on: {kubernetes: {liveness: {interval: 5s}}}"),
    Case("an annotation that is berth's own", .providerRefuses, "annotations: {berth/services: x}"),
    Case("a path with a colon", .providerRefuses, "volumes: [{name: data, mountPath: '/a:b'}]"),
    Case(
      "a setting with slashes", .providerRefuses, "network: {sysctls: {net/core/somaxconn: '1'}}"),
    Case(
      "a bind that is relative to the file", .badBindSource,
      "volumes: [{name: data, mountPath: /data, type: bind, source: ./data}]"),
    Case(
      "two filters of system calls", .providerRefuses,
      "security: {seccomp: unconfined}, on: {kubernetes: {seccompProfile: RuntimeDefault}}"),
    Case(
      "huge pages without memory", .providerRefuses, "on: {kubernetes: {resources: {hugepages-2Mi: 4Mi}}}"),
    Case("an annotation with a bad name", .providerRefuses, "annotations: {a/b/c: x}"),
    Case(
      "a label that is berth's own", .providerRefuses,
      spec: "name: shop\nlabels: {berth/workload: x}\nservices: [{name: api, image: a:1}]"),
    Case(
      "a label with a bad name", .providerRefuses,
      spec: "name: shop\nlabels: {'a:b': x}\nservices: [{name: api, image: a:1}]"),
    Case(
      "a port of two services", .sharedByPod,
      spec:
        "name: shop\nservices: [{name: api, image: a:1, ports: [{container: 80}]}, {name: b, role: sidecar, image: b:1, ports: [{container: 80}]}]"
    ),
    Case(
      "two host names", .sharedByPod,
      spec:
        "name: shop\nservices: [{name: api, image: a:1, hostname: a}, {name: b, role: sidecar, image: b:1, hostname: b}]"
    ),
    Case(
      "two ways to find names", .sharedByPod,
      spec:
        "name: shop\nservices: [{name: api, image: a:1, network: {dns: {servers: [10.0.0.2]}}}, {name: b, role: sidecar, image: b:1, network: {dns: {servers: [10.0.0.3]}}}]"
    ),
    Case(
      "the node's network for one of two", .sharedByPod,
      spec:
        "name: shop\nservices: [{name: api, image: a:1, network: {mode: host}}, {name: b, role: sidecar, image: b:1}]"
    ),
    Case(
      "an annotation with two values", .sharedByPod,
      spec:
        "name: shop\nservices: [{name: api, image: a:1, annotations: {a: x}}, {name: b, role: sidecar, image: b:1, annotations: {a: y}}]"
    ),
    Case(
      "a node selector beside a platform", .sharedByPod,
      spec:
        "name: shop\non: {kubernetes: {nodeSelector: {kubernetes.io/arch: arm64}}}\nservices: [{name: api, image: a:1, platform: linux/amd64}]"
    ),
    Case(
      "a workload with two hyphens", .jointInName, spec: "name: a--b\nservices: [{name: api, image: a:1}]"),
    Case("a service with two hyphens", .jointInName, spec: "name: a\nservices: [{name: a--b, image: a:1}]"),
    Case("a volume with two hyphens", .jointInName, "volumes: [{name: a--b, mountPath: /a}]"),
    Case(
      "a stateful set with a long name", .nameTooLong,
      spec:
        "name: \(String(repeating: "a", count: 53))\nkind: stateful_set\nservices: [{name: api, image: a:1}]"),
    Case(
      "a Job with a long name", .nameTooLong,
      spec:
        "name: \(String(repeating: "a", count: 40))\nservices: [{name: api, image: a:1}, {name: \(String(repeating: "b", count: 22)), role: before, image: a:1}]"
    ),
    Case(
      "a service with a long name and files", .nameTooLong,
      spec:
        "name: a\nservices: [{name: \(String(repeating: "b", count: 60)), image: a:1, configFiles: [{name: a, path: /a, content: x}]}]"
    ),
    Case(
      "a Service that begins with a digit", .nameBeginsWithDigit,
      spec: "name: 2048\nservices: [{name: api, image: a:1, ports: [{container: 80}]}]"),
    Case(
      "an order that no older server keeps", .orderNotKept,
      spec:
        "name: shop\nservices: [{name: api, image: a:1, dependsOn: [b]}, {name: b, role: sidecar, image: b:1}]"
    ),
    Case(
      "config files that no object holds", .providerRefuses,
      "configFiles: [{name: app, path: /a, content: '\(String(repeating: "x", count: 1_030_000))'}]"),
    Case(
      "a stamp that no annotation holds", .providerRefuses,
      "env: {A: '\(String(repeating: "x", count: 250_000))'}"),
    Case("a limit that nodes set", .providerNote, "resources: {pids: 64}"),
    Case(
      "an owner of a file", .providerNote, "configFiles: [{name: app, path: /a, content: x, owner: '1000'}]"),
    Case(
      "a stateful set that is recreated", .providerNote,
      spec: "name: shop\nkind: stateful_set\nstrategy: {type: recreate}\nservices: [{name: api, image: a:1}]"),
  ]

  @Test("A plan says what can't be written, and why", arguments: RefusalTests.cases)
  func isTold(_ refusal: Case) throws {
    let workload = try MappingCase.load(refusal.spec)
    let facts = EngineFacts(kubernetes: MappingCase.older)
    let findings = KubernetesTable.on(facts).findings(
      on: workload, as: MappingCase.key(of: workload), facts: facts)
    #expect(findings.first?.code == refusal.code, "\(findings.map(\.message))")
  }

  @Test("What a newer server has is refused by none of them")
  func newerServers() throws {
    let facts = EngineFacts(kubernetes: MappingCase.newer)
    for text in [
      "name: shop\nservices: [{name: api, image: a:1, healthCheck: {grpc: '', port: 80}}]",
      "name: shop\nservices: [{name: api, image: a:1, dependsOn: [b]}, {name: b, role: sidecar, image: b:1}]",
    ] {
      let workload = try MappingCase.load(text)
      let findings = KubernetesTable.on(facts).findings(
        on: workload, as: MappingCase.key(of: workload), facts: facts)
      #expect(findings.isEmpty)
    }
  }

  @Test("What a plan refuses, no apply writes")
  func writesNothing() throws {
    let workload = try MappingCase.load("name: shop\nservices: [{name: api, image: a:1, user: postgres}]")
    #expect(throws: ActionFailure.self) {
      try WorkloadObjects(.test(workload, EngineFacts(kubernetes: MappingCase.older)))
    }
  }
}
