import Planning
import ProviderKit
import WorkloadSpec

/// The secrets of a workload, as far as their values are known, in memory only.
struct ResolvedSecrets: Sendable {
  /// The values, by the references' keys.
  private(set) var values: [String: SecretValue] = [:]
  /// The keyed digests of the values, by the same keys; empty as long as the target has no key for them.
  private(set) var digests: [String: String] = [:]
  private var problems: [String: SecretError] = [:]

  /// No secrets.
  init() {}

  /// Looks up what can be found. What can't is a problem only for whoever needs it.
  init(_ keys: Set<String>, by resolvers: SecretResolvers, digestKey: [UInt8]?) async throws {
    for key in keys.sorted() {
      do {
        let value = try await resolvers.value(of: key)
        values[key] = value
        digests[key] = digestKey.map { SecretDigest.text(of: value, key: key, digestKey: $0) }
      } catch let error as SecretError {
        problems[key] = error
      }
    }
  }

  /// Checks that the values are there that the actions of a plan hand to services.
  ///
  /// - Throws: `DiagnosticError` that names every missing one.
  func check(for plan: Plan) throws {
    var services: Set<String> = []
    for action in plan.actions where ![.delete, .stop, .record].contains(action.kind) {
      switch action.subject {
      case .service(_, let name): services.insert(name)
      case .instance where action.kind == .create: break
      case .instance, .workload: services.formUnion((plan.desired?.services ?? []).map(\.name))
      case .volume, .operatorState: break
      }
    }
    var missing: [String: [String]] = [:]
    for service in plan.desired?.services ?? [] where services.contains(service.name) {
      for key in service.secrets.map(\.key) where problems[key] != nil {
        missing[key, default: []].append(service.name)
      }
    }
    guard !missing.isEmpty else { return }
    throw DiagnosticError(
      Diagnostics(
        missing.keys.sorted().map { key in
          Diagnostic(
            .unresolvedSecret,
            "the secret `\(key)` of `\(missing[key, default: []].joined(separator: "`, `"))` has no value: \(problems[key]?.message ?? "")",
            help: "a key is `env:NAME` for an environment variable or `file:PATH` for a file")
        }))
  }
}
