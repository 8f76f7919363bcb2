import Diagnostics
import Planning
import Values
import WorkloadSpec

@testable import Policies

/// Policies and specs as texts, and what comes of them in short.
enum Scene {
  /// Reads policies.
  static func policies(_ text: String, on engines: [EngineFields] = []) throws -> PolicySet {
    try PolicySet(
      try PolicySet.read([SourceFile(name: "policies.yaml", text: text)], on: engines))
  }

  /// Policies of which one says this of fields.
  static func fields(_ conditions: String, on engines: [EngineFields] = []) throws -> PolicySet {
    try policies("policies: {rule: {fields: [\(conditions)]}}", on: engines)
  }

  /// What is wrong with policies: `E0682 3:12`, and the messages.
  static func problems(_ text: String) -> (codes: [String], messages: [String], helps: [String]) {
    do {
      _ = try policies(text)
      return ([], [], [])
    } catch {
      let diagnostics = (error as? DiagnosticError)?.diagnostics ?? Diagnostics()
      return (
        diagnostics.map { "\($0.code.rawValue) \($0.location.map { "\($0.line):\($0.column)" } ?? "-")" },
        diagnostics.map(\.message), diagnostics.map { $0.help ?? "" }
      )
    }
  }

  /// A spec.
  static func spec(_ text: String, on engines: [EngineFields] = []) throws -> LoadedWorkload {
    let result = WorkloadLoader.load(
      layers: [[SourceFile(name: "shop.yaml", text: text)]], options: LoadOptions(engines: engines))
    guard !result.diagnostics.hasErrors, let first = result.workloads.first else {
      throw DiagnosticError(result.diagnostics)
    }
    return first
  }

  /// What policies say of a spec: `W0680 4:5 \`services[api].image\` is …`.
  static func verdict(
    _ policies: PolicySet, _ spec: LoadedWorkload, target: String = "local", namespace: String = "default"
  ) -> [String] {
    policies.verdict(on: PolicySubject(spec, namespace: namespace, target: target)).notes().map(line)
  }

  /// A diagnostic in short.
  static func line(_ diagnostic: Diagnostic) -> String {
    let place = diagnostic.location.map { "\($0.line):\($0.column)" } ?? "-"
    let message = diagnostic.message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
    return "\(diagnostic.code.rawValue) \(place) \(message)"
  }

  /// A plan of actions.
  static func plan(
    _ actions: [Action], intent: RunIntent = .apply, desired: Workload?, target: String = "prod"
  ) -> Plan {
    Plan(
      key: WorkloadKey(name: "shop"), target: target,
      engine: EngineIdentity(provider: "simulated", id: "engine-1"),
      intent: intent, base: 1, desired: desired, workloadChanges: [], actions: actions, notes: Diagnostics(),
      detachedVolumes: [])
  }
}
