import Planning
import ProviderKit
import WorkloadSpec

/// Makes plans and never carries one out: it holds the half of a provider that can't write.
public struct Preview: Sendable {
  private let preparer: Preparer

  /// Plans for the workloads of one target.
  ///
  /// - Parameter secrets: where the values of secrets are looked up, to see whether they changed.
  public init(reader: any ProviderReader, target: String, secrets: SecretResolvers = .standard) {
    preparer = Preparer(reader: reader, target: target, resolvers: secrets)
  }

  /// What would be done to reach a goal.
  ///
  /// - Throws: `DiagnosticError` if there can be no plan, or if the engine or the history can't be read.
  public func plan(_ request: PlanRequest) async throws -> Plan {
    try await explaining { try await preparer.prepare(request).plan }
  }

  /// What would be done to reach a goal, with what is kept of it to carry it out later.
  ///
  /// - Parameter provenance: where each service's spec comes from.
  /// - Throws: `DiagnosticError` if there can be no plan, or if the engine or the history can't be read.
  public func savedPlan(
    _ request: PlanRequest, provenance: [String: Provenance] = [:]
  ) async throws -> (plan: Plan, saved: SavedPlan) {
    try await explaining {
      let prepared = try await preparer.prepare(request)
      let wanted = prepared.wanted
      let saved = SavedPlan(
        prepared.plan, services: wanted.services, deletesVolumes: wanted.deletesVolumes,
        setName: wanted.setName, provenance: provenance, fingerprint: prepared.fingerprint)
      return (prepared.plan, saved)
    }
  }

  /// What would be done to mend what differs from the last release without anybody having asked for it.
  ///
  /// - Throws: `DiagnosticError` if there is no release, or if the engine or the history can't be read.
  public func drift(of key: WorkloadKey) async throws -> Plan {
    try await explaining {
      guard let last = try await preparer.reader.history.lastRelease(of: key) else {
        throw DiagnosticError(
          Diagnostic(
            .noRelease, "`\(key.name)` has no release that it could differ from",
            help: "nothing was applied with success yet"))
      }
      return try await preparer.prepare(key, Wanted(.apply, last.snapshot), last: last).plan
    }
  }
}
