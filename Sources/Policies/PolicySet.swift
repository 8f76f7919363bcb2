import Diagnostics
import Values
import WorkloadSpec

/// The policies that a command is held to.
public struct PolicySet: Sendable {
  private var policies: [(name: String, policy: Policy)] = []

  /// No policies.
  public init() {}

  /// The policies of several sources.
  ///
  /// - Throws: `DiagnosticError` if two have one name.
  public init(_ sources: [NamedObjects<Policy>]) throws(DiagnosticError) {
    var known: [String: Policy] = [:]
    var diagnostics = Diagnostics()
    for entry in sources.flatMap(\.entries) {
      if let first = known[entry.name] {
        diagnostics.report(
          .duplicateElement, "there are two policies `\(entry.name)`", at: entry.object.location,
          help: "rename one of the two, or delete it",
          related: first.location.map { [RelatedLocation(message: "the first is here", location: $0)] } ?? [])
      }
      known[entry.name] = entry.object
    }
    guard !diagnostics.hasErrors else { throw DiagnosticError(diagnostics) }
    policies = known.sorted { $0.key < $1.key }.map { (name: $0.key, policy: $0.value) }
  }

  /// Whether there are none.
  public var isEmpty: Bool { policies.isEmpty }

  /// Reads files of policies.
  ///
  /// - Parameter engines: what engines declare for `on`.
  /// - Throws: `DiagnosticError` with everything that is wrong with them.
  public static func read(
    _ files: [SourceFile], on engines: [EngineFields]
  ) throws(DiagnosticError) -> [NamedObjects<Policy>] {
    try PolicyReader(engines: engines).read(files)
  }

  /// What the policies say.
  public func verdict(on subject: PolicySubject) -> PolicyVerdict {
    var verdict = PolicyVerdict()
    // Made once for all of them, and only where one asks for it.
    lazy var plain = subject.workload?.plain
    for (name, policy) in policies {
      let isMeant = policy.scope?.contains(subject.key, on: subject.target, subject.versions) ?? true
      guard isMeant else { continue }
      let judge = PolicyJudge(name: name, policy: policy, subject: subject)
      if judge.looksAtFields, let plain { verdict.findings += judge.fieldFindings(in: plain) }
      if let plan = subject.plan { verdict.findings += judge.planFindings(in: plan) }
    }
    return verdict
  }
}
