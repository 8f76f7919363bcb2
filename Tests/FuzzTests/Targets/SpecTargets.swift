import Diagnostics
import Policies
import Rendering
import Secrets
import WorkloadSpec

extension FuzzTarget {
  /// Spec files: they end in diagnostics that can be shown, or in workloads that survive being rendered.
  static let spec = FuzzTarget(
    name: "spec",
    seeds: ["specs/conformance/valid", "specs/conformance/invalid", "specs/mistakes", "examples"]
  ) { bytes in
    try checkWorkloads(of: [[SourceFile(name: "fuzz.yaml", bytes: bytes)]])
  }

  /// Two spec files, one over the other: what stands before and behind a line of five `=`.
  static let layers = FuzzTarget(name: "layers", seeds: ["specs/conformance/valid"]) { bytes in
    let separator = Array("=====\n".utf8)
    let end = bytes.firstRange(of: separator) ?? bytes.endIndex..<bytes.endIndex
    try checkWorkloads(of: [
      [SourceFile(name: "base.yaml", bytes: Array(bytes[..<end.lowerBound]))],
      [SourceFile(name: "over.yaml", bytes: Array(bytes[end.upperBound...]))],
    ])
  }

  /// Files of policies: they end in diagnostics that can be shown, or in policies that say the same of a workload each time.
  static let policies = FuzzTarget(name: "policies", seeds: ["examples/policies"]) { bytes in
    do {
      let policies = try PolicySet(
        try PolicySet.read([SourceFile(name: "fuzz.yaml", bytes: bytes)], on: []))
      for workload in judged {
        let notes = try checkVerdict(of: policies, on: workload)
        try promise(try checkVerdict(of: policies, on: workload) == notes, "a second verdict differs")
      }
    } catch let error as DiagnosticError {
      try checkShown(DiagnosticsText.render(error.diagnostics, style: TextStyle()))
    }
  }

  /// What policies are held against.
  private static let judged = WorkloadLoader.load(layers: [
    [
      SourceFile(
        name: "shop.yaml",
        text: """
          name: shop
          labels: {team: checkout, example.com/tier: web}
          services:
            - name: api
              image: registry.example.com:5000/shop/api:2.4
              ports: [{container: 8080}]
              security: {capabilities: {add: [NET_ADMIN]}}
            - {name: envoy, role: sidecar, image: envoy, resources: {memory: 64Mi, cpu: 500m}}
          """)
    ]
  ]).workloads

  private static func checkVerdict(of policies: PolicySet, on workload: LoadedWorkload) throws -> String {
    let verdict = policies.verdict(on: PolicySubject(workload, namespace: "default", target: "local"))
    let text = DiagnosticsText.render(verdict.notes(), style: TextStyle())
    try checkShown(text)
    return text
  }

  private static func checkWorkloads(of layers: [[SourceFile]]) throws {
    let result = WorkloadLoader.load(layers: layers)
    try checkShown(DiagnosticsText.render(result.diagnostics, style: TextStyle()))
    let workloads = result.workloads.map(\.workload)
    guard !workloads.isEmpty, !result.diagnostics.hasErrors else { return }
    let text = SpecRendering.yaml(workloads)
    let again = WorkloadLoader.load(layers: [[SourceFile(name: "again.yaml", text: text)]])
    try promise(!again.diagnostics.hasErrors, "what was rendered can't be read: \(text)")
    try promise(
      again.workloads.map(\.workload) == workloads, "what was rendered is read as something else: \(text)")
    try promise(
      SpecRendering.yaml(again.workloads.map(\.workload)) == text, "rendered again, it differs: \(text)")
    for workload in workloads {
      try promise(try Workload(json: workload.json) == workload, "a snapshot is read as something else")
      for service in workload.services {
        for text in service.env.entries.map(\.value) + service.configFiles.map(\.content) {
          let keys = SecretText(text).keys
          try promise(keys.allSatisfy(SecretKey.isValid), "\(text) refers to a secret that can't be")
        }
      }
    }
  }
}

/// Checks that a text that is shown to a person has nothing in it that a terminal would obey.
func checkShown(_ text: String) throws {
  let isHarmless = text.unicodeScalars.allSatisfy { scalar in
    scalar == "\n" || scalar == "\t" || (scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
  }
  try promise(isHarmless, "a control character would reach the terminal: \(text.debugDescription)")
}
