import Diagnostics
import Foundation
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import Policies

@Suite("Reading policies")
struct PolicyReadingTests {
  @Test(
    "What is wrong is told with its place, and with what was probably meant",
    arguments: [
      ("{field: services.resources.memry, set: true}", "E0682", "did you mean `memory`?"),
      ("{field: service.image, set: true}", "E0682", "did you mean `services`?"),
      ("{field: services.image.tags, set: true}", "E0682", "did you mean `tag`?"),
      ("{field: services.image.tag.digest, set: true}", "E0682", "end the path before it"),
      ("{field: replicas.count, set: true}", "E0682", "end the path before it"),
      ("{field: '', set: true}", "E0682", "name a field: `services.image`"),
      (
        "{field: services.resources.memory, atMost: lots}", "E0683",
        "write an amount of bytes with its unit, such as `256Mi`"
      ),
      (
        "{field: services.resources.memory, atMost: '4'}", "E0683",
        "write an amount of bytes with its unit, such as `256Mi`"
      ),
      (
        "{field: services.image, atMost: 4Gi}", "E0683",
        "what fits is `set`, `equals`, `oneOf`, `noneOf`, `matches`, `matchesNone`"
      ),
      ("{field: services.role, oneOf: [main, sidecart]}", "E0683", "did you mean `sidecar`?"),
      ("{field: services.security.privileged, equals: no}", "E0683", "write `true` or `false`"),
      ("{field: services.security.privileged, set: false}", "E0683", "what fits is `equals`"),
      (
        "{field: services.command, includes: [sh], atLeast: 2}", "E0683",
        "what fits is `set`, `oneOf`, `noneOf`, `matches`, `matchesNone`, `includes`"
      ),
      ("{field: labels, equals: a}", "E0683", "what fits is `set`"),
      ("{field: replicas, atLeast: two}", "E0683", "write a whole number"),
      ("{field: replicas}", "E0204", "say what the field must be like, such as `set: true`"),
      ("{fields: replicas, atLeast: 2}", "E0202", "did you mean `field`?"),
      ("{field: replicas, max: 2}", "E0202", "here it is called `atMost`"),
    ])
  func badConditions(_ condition: String, _ code: String, _ help: String) {
    let found = Scene.problems("policies: {rule: {fields: [\(condition)]}}")
    #expect(found.codes.contains { $0.hasPrefix(code) }, "\(found)")
    #expect(found.helps.contains(help), "\(found)")
  }

  @Test("Every mistake of a file is told in one run")
  func allAtOnce() {
    let found = Scene.problems(
      """
      policies:
        Tags:
          severity: fatal
          fields: [{field: services.imag.tag, noneOf: [latest]}]
        windows:
          windows: [{days: [monday], from: 9am, zone: Berlin}]
        empty: {description: nothing}
        excused:
          plan: {forbid: [destory]}
          exceptions:
            - {workloads: [shop], until: 2027-02-30}
      """)
    #expect(
      found.codes == [
        "E0302 3:15", "E0682 4:22", "E0302 6:23", "E0684 6:38", "E0684 6:49", "E0204 7:10", "E0302 9:21",
        "E0684 11:36", "E0204 11:9", "E0301 2:3",
      ], "\(found.codes) \(found.messages)")
  }

  @Test("A file that says nothing is no file of policies")
  func emptyFiles() {
    #expect(Scene.problems("").codes == ["E0111 1:1"])
    #expect(Scene.problems("name: shop\n").codes.contains("E0204 1:1"))
    #expect(Scene.problems("policies:\n").codes == ["E0204 1:1"])
  }

  @Test("A name has one policy, in all files together")
  func duplicateNames() throws {
    let text = "policies: {rule: {fields: [{field: replicas, atMost: 2}]}}"
    let files = ["a.yaml", "b.yaml"].map { SourceFile(name: $0, text: text) }
    let read = try PolicySet.read(files, on: [])
    let error = #expect(throws: DiagnosticError.self) { try PolicySet(read) }
    let diagnostic = try #require(error?.diagnostics.first)
    #expect(diagnostic.code == .duplicateElement && diagnostic.location?.file.name == "b.yaml")
    #expect(diagnostic.related.first?.location.file.name == "a.yaml")
  }

  @Test("What was read is written and read again as the same")
  func plain() throws {
    let text = """
      policies:
        rule:
          description: why
          severity: warning
          override: never
          scope: {workloads: [shop-*], kinds: [deployment], labels: {tier: web*}, roles: [main]}
          fields:
            - {field: services.image, matches: ["registry.example.com/*"]}
            - {field: services.resources.cpu, set: true, atMost: "2", atLeast: 100m}
          plan: {maxInterrupted: 1, forbid: [destroy, delete-volumes]}
          windows: [{days: [mon, fri], from: 09:00, to: "16:00", zone: Europe/Berlin}]
          exceptions: [{workloads: [a*], services: [b], reason: moves, until: 2027-05-31}]
      """
    let read = try PolicySet.read([SourceFile(name: "a.yaml", text: text)], on: [])
    let again = try PolicySet.read(
      [SourceFile(name: "b.yaml", text: CanonicalJSON.compact(["policies": read[0].plain]))], on: [])
    #expect(read == again)
  }

  @Test("Hostile files end in diagnostics")
  func hostile() {
    let deep = String(repeating: "[", count: 5000)
    for text in [
      "policies: {rule: {fields: \(deep)", "policies: &a {rule: *a}", "policies: [1, 2]",
      "policies: {rule: 7}",
      "policies: {rule: {fields: [{field: [a], set: {}}]}}", "policies: {rule: {fields: {a: b}}}",
      "policies: {rule: {fields: [{field: \"\(String(repeating: "a[", count: 5000))\", set: true}]}}",
      "policies: {rule: {plan: {maxInterrupted: 99999999999999999999}}}",
      "policies: {rule: {fields: [{field: \"\(String(repeating: "labels", count: 100))\", set: true}]}}",
      "\u{0}", "policies: \u{1B}[31m",
    ] { #expect(!Scene.problems(text).codes.isEmpty, "\(text.prefix(60))") }
  }
}

/// The folder of policies that the documentation shows.
@Suite("The example's policies")
struct ExamplePoliciesTests {
  private static let folder = URL(filePath: #filePath).appending(path: "../../../examples/policies")
    .standardizedFileURL

  private static func files() throws -> [SourceFile] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }
      .map { SourceFile(name: $0.lastPathComponent, bytes: [UInt8](try Data(contentsOf: $0))) }
  }

  @Test("They are read, each as what it is, and no two have one name")
  func areRead() throws {
    let files = try Self.files()
    #expect(files.count >= 4)
    #expect(try !PolicySet(try PolicySet.read(files, on: [])).isEmpty)
  }

  @Test("The JSON Schema takes them")
  func fitTheSchema() throws {
    let check = JSONSchemaCheck(PolicyFile.jsonSchema)
    for policies in try PolicySet.read(Self.files(), on: []) {
      #expect(check.problems(with: ["policies": policies.plain]) == [])
    }
    #expect(!check.problems(with: ["policies": ["rule": ["fields": [["set": true]]]]]).isEmpty)
  }
}
