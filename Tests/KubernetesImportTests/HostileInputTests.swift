import Diagnostics
import Foundation
import KubernetesImport
import SpecImport
import Testing

/// Manifests that are made to hurt: refused or read, soon and without a crash.
@Suite struct HostileInputTests {
  private func result(_ text: String) -> ImportResult {
    let result = KubernetesImporter.run(SourceFile(name: "m.yaml", text: text))
    #expect(result.diagnostics.hasErrors == result.workloads.isEmpty)
    return result
  }

  private func codes(_ text: String) -> Set<DiagnosticCode> { Set(result(text).diagnostics.map(\.code)) }

  private static func pod(_ container: String, rest: String = "") -> String {
    "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, image: \"web:1.0\", \(container)}]\(rest)}}\n"
  }

  /// What is wrong is told with its place.
  @Test(
    "What is wrong has a place",
    arguments: [
      ("spec: x", "1:1"), ("[]", "1:1"), ("{apiVersion: v1, metadata: {name: a}}", "1:1"),
      ("{apiVersion: v1, kind: Pod, metadata: {}}", "1:18"),
      ("{apiVersion: v1, kind: Pod, metadata: {name: a}}", "1:40"),
      ("{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: []}", "1:56"),
      ("{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: {}}}", "1:69"),
      ("{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [x]}}", "1:70"),
      ("{apiVersion: v1, kind: List, items: {}}", "1:37"),
      (pod("ports: [{containerPort: http}]"), "1:"), (pod("ports: [{containerPort: 70000}]"), "1:"),
      (pod("command: sh"), "1:"), (pod("env: [{value: x}]"), "1:"), (pod("volumeMounts: [{name: v}]"), "1:"),
      (pod("volumeMounts: [{name: v, mountPath: /v}]"), "1:"),
      (pod("readinessProbe: {httpGet: {port: web}}"), "1:"),
      (pod("readinessProbe: {periodSeconds: 1}"), "1:"), (pod("resources: {limits: {memory: lots}}"), "1:"),
      (pod("tty: perhaps"), "1:"), (pod("imagePullPolicy: Sometimes"), "1:"),
      (pod("env: [{name: A}]}, {name: web, image: \"web:2.0\""), "1:"),
    ])
  func whatIsWrongHasAPlace(_ text: String, _ place: String) {
    let errors = result(text).diagnostics.filter { $0.severity == .error }
    #expect(
      errors.map(\.code).allSatisfy { $0 == .manifestInvalid } && !errors.isEmpty, "\(errors.map(\.message))")
    #expect(errors.contains { "\($0.location?.line ?? 0):\($0.location?.column ?? 0)".hasPrefix(place) })
  }

  @Test("Variables that double are not filled in for ever") func variablesThatDoubleAreNotFilledInForEver() {
    var variables = "{name: A0, value: \"\(String(repeating: "x", count: 1000))\"}"
    for number in 1...60 {
      variables += ", {name: A\(number), value: \"$(A\(number - 1))$(A\(number - 1))\"}"
    }
    let result = result(Self.pod("env: [\(variables)]"))
    #expect(result.text.utf8.count < 8 << 20)
    #expect(result.diagnostics.contains { $0.code == .notCarriedOver })
  }

  @Test("A config map that many mount is refused") func aConfigMapThatManyMountIsRefused() {
    let data = String(repeating: "x", count: 1 << 20)
    let containers = (0..<100).map { number in
      "{name: c\(number), image: \"a:1\", volumeMounts: [{name: v, mountPath: /v}]}"
    }
    let text = """
      {apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {a: \(data)}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {volumes: [{name: v, configMap: {name: m}}], containers: [\(containers.joined(separator: ", "))]}}
      """
    #expect(codes(text).contains(.fileTooLarge))
  }

  @Test("Lists within lists end") func listsWithinListsEnd() {
    let text =
      String(repeating: "{apiVersion: v1, kind: List, items: [", count: 20)
      + String(repeating: "]}", count: 20)
    #expect(codes(text) == [.manifestInvalid])
  }

  @Test("Thousands of objects are read") func thousandsOfObjectsAreRead() {
    var text = ""
    for number in 0..<1500 {
      text +=
        "---\n"
        + Self.pod("env: [{name: NEXT, value: \"http://s\(number + 1):80\"}]").replacing(
          "metadata: {name: web}",
          with: "metadata: {name: p, namespace: n\(number), labels: {n: \"\(number)\"}}")
      text +=
        "---\n{apiVersion: v1, kind: Service, metadata: {name: s\(number), namespace: n\(number)}, spec: {selector: {n: \"\(number)\"}, ports: [{port: 80}]}}\n"
    }
    let start = ContinuousClock.now
    #expect(result(text).workloads.count == 1500)
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test("Names that are alike are told apart soon") func namesThatAreAlikeAreToldApartSoon() {
    let keys = (0..<9000).map {
      "\"" + String($0, radix: 2).replacing("0", with: "-").replacing("1", with: "_") + "\": x"
    }
    let text = """
      {apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {\(keys.joined(separator: ", "))}}
      ---
      \(Self.pod("volumeMounts: [{name: v, mountPath: /v}]", rest: ", volumes: [{name: v, configMap: {name: m}}]"))
      """
    let start = ContinuousClock.now
    #expect(result(text).workloads.first?.text.contains("name: x-9000") == true)
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test("Services that all lead to all pods are refused") func servicesThatAllLeadToAllPodsAreRefused() {
    let text = (0..<400).map { number in
      "{apiVersion: v1, kind: Service, metadata: {name: s\(number)}, spec: {selector: {a: b}, ports: [{port: 80}]}}\n---\n"
        + Self.pod("").replacing(
          "metadata: {name: web}", with: "metadata: {name: p\(number), labels: {a: b}}")
    }.joined(separator: "---\n")
    #expect(codes(text).contains(.fileTooLarge))
  }

  /// What is written into a comment can't end it.
  @Test("Comments hold what they tell", arguments: ["\\n", "\\r", "\\u2028", "\\u0085", "\\e"])
  func commentsHoldWhatTheyTell(_ escape: String) {
    let result = result(Self.pod("\"key\(escape)name: injected\": x"))
    #expect(result.diagnostics.contains { $0.code == .importUnknownKey })
    #expect(result.text.split(separator: "\n").allSatisfy { !$0.hasPrefix("name: injected") })
  }

  /// A Secret on one line with what is wrong: its values are not among what a message shows.
  @Test("No message points to a line with a secret") func noMessagePointsToALineWithASecret() {
    let text = """
      {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, \
      "stringData": {"key": "s3cr3t"}}, \
      {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"odd": 1, "containers": [{"name": "c", \
      "image": "a:1", "env": [{"name": "K", "valueFrom": {"secretKeyRef": {"name": "a", "key": "kee"}}}]}]}}]}
      """
    let diagnostics = result(text).diagnostics
    #expect(
      diagnostics.contains { $0.code == .manifestInvalid }
        && diagnostics.contains { $0.code == .importUnknownKey })
    for item in diagnostics { #expect(item.location == nil && item.message.contains("m.yaml:1")) }
  }

  @Test(
    "Odd manifests are no crash",
    arguments: [
      "", "\0", "---\n---\n", "apiVersion: v1\nkind:", "{apiVersion: v1, kind: List, items: []}",
      "{apiVersion: [], kind: {}}",
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: [{}]}}}}",
      "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{}]}}",
      "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {volumeClaimTemplates: [{}], template: {spec: {containers: [{name: a, image: a}]}}}}",
      pod("env: [{name: \"\", value: x}, {name: \"=\", value: y}]"),
      pod("args: [\"$(\", \"$\", \"$$\", \"$()\"]"),
      pod("securityContext: {runAsUser: -1, capabilities: {add: [\"\"]}}"),
      pod("volumeMounts: [{name: v, mountPath: /}]", rest: ", volumes: [{name: v}]"),
      pod(
        "volumeMounts: [{name: v, mountPath: ../x, subPath: ../..}]",
        rest: ", volumes: [{name: v, hostPath: {path: /}}]"),
      pod("resources: {limits: {cpu: 1e18, memory: 9e18, nvidia.com/gpu: 99999999}}"),
      pod(
        "readinessProbe: {httpGet: {port: 1, path: \" \"}, failureThreshold: 99999999, periodSeconds: 99999999999}"
      ),
      pod(
        "startupProbe: {grpc: {port: 1}, failureThreshold: 9223372036854775807, periodSeconds: 9223372036854775807}"
      ),
    ])
  func oddManifestsAreNoCrash(_ text: String) { _ = result(text) }
}
