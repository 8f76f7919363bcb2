import Diagnostics
import Planning
import ProviderKit
import Secrets
import WorkloadSpec

/// The secrets of a workload, as far as their values are known, in memory only.
struct ResolvedSecrets: Sendable {
  /// The values, by the references' keys.
  private(set) var values: [String: SecretValue] = [:]
  /// The keyed digests of the values, by the same keys; empty as long as the target has no key for them.
  private(set) var digests: [String: String] = [:]
  /// What the digests are made with.
  private(set) var digestKey: [UInt8]?
  private var problems: [String: Problem] = [:]

  /// Why a value can't be handed over.
  private struct Problem {
    let code: DiagnosticCode
    /// The end of a sentence that begins with the secret.
    let message: String
    let help: String?
    /// Whether that is so wherever one looks.
    let isCertain: Bool
  }

  /// No secrets.
  init() {}

  /// Looks up what can be found. A missing value is a problem only for the actions that need it.
  ///
  /// - Throws: `DiagnosticError` if a source of secrets can't be used.
  init(
    of services: [AnyElement], in namespace: String, by resolvers: SecretResolvers, digestKey: [UInt8]?
  ) async throws {
    self.digestKey = digestKey
    let uses = Dictionary(grouping: services.flatMap(\.secretUses), by: \.key)
    for (key, uses) in uses.sorted(by: { $0.key < $1.key }) {
      do {
        let value = try await resolvers.value(of: key, in: namespace)
        for use in uses { try use.check(value) }
        values[key] = value
        digests[key] = digestKey.map {
          SecretDigest.text(of: value.bytes, named: key, digestKey: $0)
        }
      } catch let error as SecretError {
        problems[key] = Problem(
          code: .unresolvedSecret, message: "has no value: \(error.message)", help: error.help,
          isCertain: error.isCertain)
      } catch let error as MalformedSecret {
        problems[key] = Problem(
          code: .badSecretValue, message: "can't be handed over: \(error.message)",
          help: "`berth explain \(DiagnosticCode.badSecretValue.rawValue)` says what it must be",
          isCertain: true)
      }
    }
  }

  /// What a plan should say of secrets that no resolver could look up now.
  var notes: [Diagnostic] {
    problems.sorted { $0.key < $1.key }.map { key, problem in
      Diagnostic(
        .providerNote,
        problem.isCertain
          ? "the secret `\(key)` \(problem.message)"
          : "the value of the secret `\(key)` is checked at apply: here it \(problem.message)",
        help: problem.help)
    }
  }

  /// Checks that the values are there that the actions of a plan hand to services.
  ///
  /// - Parameter onlyCertain: whether a value may be missing that the user who applies the plan may have.
  /// - Throws: `DiagnosticError` that names every missing one.
  func check(for plan: Plan, onlyCertain: Bool = false) throws {
    guard !problems.isEmpty else { return }
    var needed: [String: Set<String>] = [:]
    for action in plan.actions {
      for service in Self.services(madeBy: action, of: plan) {
        for use in service.secretUses where problems[use.key] != nil {
          needed[use.key, default: []].insert(service.name)
        }
      }
    }
    let diagnostics = needed.sorted { $0.key < $1.key }.compactMap { key, services -> Diagnostic? in
      guard let problem = problems[key], problem.isCertain || !onlyCertain else { return nil }
      return Diagnostic(
        problem.code,
        "the secret `\(key)` of `\(services.sorted().joined(separator: "`, `"))` \(problem.message)",
        help: problem.help ?? "a key is `env:NAME`, `file:PATH` or one of the vault")
    }
    if !diagnostics.isEmpty { throw DiagnosticError(Diagnostics(diagnostics)) }
  }
  /// The services that an action hands secrets to.
  private static func services(madeBy action: Action, of plan: Plan) -> [AnyElement] {
    guard action.kind.handsSpecOver else { return [] }
    let services = plan.desired(for: action)?.elements ?? []
    return switch action.subject {
    case .service(_, let name): services.filter { $0.name == name }
    case .instance where action.kind == .create && action.reach == nil: []
    case .instance, .workload: services
    case .volume, .operatorState: []
    }
  }
}
