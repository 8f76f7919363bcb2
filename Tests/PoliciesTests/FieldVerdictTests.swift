import Diagnostics
import Planning
import Testing
import Values
import WorkloadSpec
import YAMLNodes

@testable import Policies

@Suite("What policies say of fields")
struct FieldVerdictTests {
  static let shop = """
    name: shop
    replicas: 1
    labels: {team: checkout, example.com/tier: web}
    services:
      - name: api
        image: registry.example.com:5000/shop/api:2.4
        resources: {memory: 4Gi, cpu: 1500m}
        ports: [{container: 8080, host: 80}, {container: 9000-9002}]
        security: {capabilities: {add: [NET_ADMIN, SYS_TIME]}}
        healthCheck: {path: /, port: 8080, interval: 30s}
        stopGrace: 2m
      - name: envoy
        role: sidecar
        image: envoy
        security: {privileged: true}
    """

  @Test(
    "Each test, with the field's place",
    arguments: [
      (
        "{field: services.image.tag, noneOf: [latest]}",
        ["E0680 14:12 `services[envoy].image.tag` is `latest`, and must not be"]
      ),
      ("{field: services.image.tag, matches: ['[0-9]*', '2*', latest]}", []),
      (
        "{field: services.image.registry, oneOf: ['registry.example.com:5000']}",
        [
          "E0680 14:12 `services[envoy].image.registry` is `docker.io`, and must be `registry.example.com:5000`"
        ]
      ),
      (
        "{field: services.image.digest, set: true}",
        [
          "E0680 6:12 `services[api].image.digest` is not set",
          "E0680 14:12 `services[envoy].image.digest` is not set",
        ]
      ),
      (
        "{field: services.image, matchesNone: [env*]}",
        ["E0680 14:12 `services[envoy].image` is `envoy`, and must not be like `env*`"]
      ),
      (
        "{field: services.resources.memory, set: true, atMost: 4096Mi}",
        ["E0680 12:5 `services[envoy].resources.memory` is not set"]
      ),
      (
        "{field: services.resources.memory, atMost: 3Gi}",
        ["E0680 7:25 `services[api].resources.memory` is `4Gi`, and must be `3Gi` at most"]
      ),
      (
        "{field: services.resources.cpu, atLeast: 2}",
        ["E0680 7:35 `services[api].resources.cpu` is `1500m`, and must be `2` at least"]
      ),
      ("{field: services.resources.cpu, equals: '1.5'}", []),
      (
        "{field: 'services[envoy].security.privileged', equals: false}",
        ["E0680 15:28 `services[envoy].security.privileged` is `true`, and must be `false`"]
      ),
      (
        "{field: services.security.readOnlyRoot, equals: true}",
        [
          "E0680 9:15 `services[api].security.readOnlyRoot` is `false`, and must be `true`",
          "E0680 15:15 `services[envoy].security.readOnlyRoot` is `false`, and must be `true`",
        ]
      ),
      (
        "{field: services.security.capabilities.add, noneOf: [SYS_TIME]}",
        ["E0680 9:36 `services[api].security.capabilities.add` has `SYS_TIME`, and must not"]
      ),
      ("{field: services.security.capabilities.add, oneOf: [NET_ADMIN, SYS_TIME]}", []),
      (
        "{field: services.security.capabilities.drop, includes: [ALL]}",
        [
          "E0680 9:30 `services[api].security.capabilities.drop` is not set",
          "E0680 15:15 `services[envoy].security.capabilities.drop` is not set",
        ]
      ),
      (
        "{field: services.ports.host, set: false}",
        ["E0680 8:37 `services[api].ports[8080/tcp].host` is `80`, and must not be set"]
      ),
      ("{field: services.ports.container, atLeast: 8080}", []),
      (
        "{field: services.stopGrace, atMost: 60s}",
        ["E0680 11:16 `services[api].stopGrace` is `2m`, and must be `60s` at most"]
      ),
      (
        "{field: services.healthCheck.interval, atMost: 10s}",
        ["E0680 10:50 `services[api].healthCheck.interval` is `30s`, and must be `10s` at most"]
      ),
      ("{field: services.healthCheck, set: true}", ["E0680 12:5 `services[envoy].healthCheck` is not set"]),
      ("{field: replicas, atLeast: 3}", ["E0680 2:11 `replicas` is `1`, and must be `3` at least"]),
      (
        "{field: labels.team, oneOf: [search, billing]}",
        ["E0680 3:16 `labels.team` is `checkout`, and must be one of `search`, `billing`"]
      ),
      (
        "{field: 'labels[example.com/tier]', equals: db}",
        ["E0680 3:44 `labels[example.com/tier]` is `web`, and must be `db`"]
      ),
      ("{field: labels.owner, set: true}", ["E0680 3:9 `labels.owner` is not set"]),
      ("{field: services.volumes.type, noneOf: [bind]}", []),
      ("{field: services.network.mode, noneOf: [host]}", []),
      (
        "{field: kind, equals: stateful_set}",
        ["E0680 1:1 `kind` is `deployment`, and must be `stateful_set`"]
      ),
    ])
  func tests(_ condition: String, _ expected: [String]) throws {
    let found = try Scene.verdict(Scene.fields(condition), Scene.spec(Self.shop))
    #expect(found == expected)
  }

  @Test("A digest says which image it is, whatever the tag")
  func pinned() throws {
    let digest = "sha256:" + String(repeating: "0", count: 64)
    let spec = try Scene.spec("name: shop\nservices: [{name: api, image: 'shop/api:latest@\(digest)'}]")
    #expect(try Scene.verdict(Scene.fields("{field: services.image.tag, noneOf: [latest]}"), spec) == [])
    #expect(try Scene.verdict(Scene.fields("{field: services.image.digest, set: true}"), spec) == [])
  }

  @Test("A service without an image is none that a policy on images is about")
  func noImage() throws {
    let spec = try Scene.spec("name: shop\nservices: [{name: api, command: [/bin/api]}]")
    #expect(try Scene.verdict(Scene.fields("{field: services.image.tag, oneOf: ['1']}"), spec) == [])
  }

  @Test("The policy's own place stands beside, and what it says of itself is the help")
  func related() throws {
    let policies = try Scene.policies(
      """
      policies:
        tags:
          description: tags move
          fields:
            - {field: services.image.tag, noneOf: [latest]}
      """)
    let subject = PolicySubject(try Scene.spec(Self.shop), namespace: "default", target: "local")
    let note = try #require(policies.verdict(on: subject).notes().first)
    #expect(note.message == "policy `tags`: `services[envoy].image.tag` is `latest`, and must not be")
    #expect(note.help == "tags move")
    let place = try #require(note.related.first?.location)
    #expect(place.file.name == "policies.yaml" && place.line == 5 && place.column == 17)
  }

  @Test(
    "What a policy is for",
    arguments: [
      ("", 2), ("scope: {workloads: [shop]}", 2), ("scope: {workloads: [web, s*]}", 2),
      ("scope: {workloads: [web]}", 0),
      ("scope: {namespaces: [prod-*]}", 2), ("scope: {namespaces: [default]}", 0),
      ("scope: {targets: [cluster]}", 2),
      ("scope: {targets: [local]}", 0), ("scope: {kinds: [deployment]}", 2),
      ("scope: {kinds: [stateful_set]}", 0),
      ("scope: {labels: {team: check*}}", 2), ("scope: {labels: {team: check*, tier: web}}", 0),
      ("scope: {roles: [sidecar]}", 1), ("scope: {roles: [init, before]}", 0), ("scope: {}", 2),
    ])
  func scopes(_ scope: String, _ count: Int) throws {
    let policies = try Scene.policies(
      """
      policies:
        rule:
          \(scope.isEmpty ? "severity: error" : scope)
          fields: [{field: services.image, set: false}]
      """)
    let found = try Scene.verdict(
      policies, Scene.spec(Self.shop), target: "cluster", namespace: "prod-eu")
    #expect(found.count == count)
  }

  @Test("A warning refuses nothing, and an error does")
  func severities() throws {
    for (severity, code) in [("warning", DiagnosticCode.policyAdvises), ("error", .policyBroken)] {
      let policies = try Scene.policies(
        "policies: {rule: {severity: \(severity), fields: [{field: replicas, equals: '9'}]}}")
      let verdict = policies.verdict(
        on: PolicySubject(try Scene.spec(Self.shop), namespace: "default", target: "local"))
      #expect(verdict.notes().map(\.code) == [code])
      let refusals = verdict.refusals(at: Timestamp(milliseconds: 0), isOverriding: false)
      #expect(refusals.map(\.code) == (severity == "error" ? [.policyBroken] : []))
    }
  }

  @Test("An exception lets pass what it names, and until its day")
  func exceptions() throws {
    let policies = try Scene.policies(
      """
      policies:
        rule:
          fields: [{field: services.image, set: false}]
          exceptions:
            - {workloads: [shop], services: [env*], reason: short, until: 2026-11-29}
            - {workloads: [shop], services: [envoy], reason: long, until: 2026-11-30}
            - {workloads: [shop], services: [envoy], namespaces: [other], reason: elsewhere, until: 2030-01-01}
            - {workloads: [web], reason: another, until: 2030-01-01}
      """)
    let subject = PolicySubject(try Scene.spec(Self.shop), namespace: "default", target: "local")
    let verdict = policies.verdict(on: subject)
    #expect(
      verdict.notes().map(Scene.line) == [
        "E0680 6:12 `services[api].image` is `registry.example.com:5000/shop/api:2.4`, and must not be set",
        "W0681 14:12 `services[envoy].image` is `envoy`, and must not be set, and is excused until 2026-11-30: long",
      ])
    let during = verdict.refusals(at: TimeTests.moment(day: TimeTests.winter, 23), isOverriding: false)
    #expect(during.map(\.code) == [.policyBroken])
    let after = verdict.refusals(at: TimeTests.moment(day: TimeTests.winter + 1, 0), isOverriding: false)
    #expect(after.map(\.code) == [.policyBroken, .policyBroken])
    #expect(after.last?.help?.contains("its exception (long) ended on 2026-11-30") == true)
  }

  @Test("Fields that only one engine knows are fields like all others")
  func engineFields() throws {
    let engines = [EngineFields("test", TestService.self)]
    let policies = try Scene.fields("{field: services.on.test.speed, oneOf: [slow]}", on: engines)
    let spec = try Scene.spec(
      "name: shop\nservices: [{name: api, image: 'a:1', on: {test: {speed: fast}}}]", on: engines)
    #expect(
      Scene.verdict(policies, spec) == [
        "E0680 2:57 `services[api].on.test.speed` is `fast`, and must be `slow`"
      ])
    #expect(throws: DiagnosticError.self) {
      try Scene.fields("{field: services.on.tset.speed, oneOf: [slow]}", on: engines)
    }
  }

  /// What one engine knows of a service.
  private struct TestService: EngineObject {
    var speed: String?

    static let engine = "test"
    static let place = EnginePlace.service
    static let schema = ObjectSchema<TestService>(
      "test service", "What the engine of the test knows.",
      fields: [Field("speed", \.speed, "how fast it is")])
  }
}
