import Diagnostics
import Planning
import Policies
import ProviderKit

/// The half of an engine that makes plans and never carries one out: it holds the half of a provider that can't write.
public struct EngineReader: Sendable {
  private let preparer: Preparer

  var reader: any ProviderReader { preparer.reader }
  /// For how many workloads it plans at a time.
  var plansAtOnce: Int { preparer.plansAtOnce }

  /// Plans for the workloads of one target.
  ///
  /// - Parameters:
  ///   - secrets: where the values of secrets are looked up, to see whether they changed.
  ///   - limit: how many instances the namespace may have; shared by everything that one command plans.
  ///   - policies: what plans are held to. What they say stands in the plans' notes; an error there does not keep a plan from
  ///     being made, and keeps it from being carried out.
  public init(
    reader: any ProviderReader, target: String, secrets: SecretResolvers = .standard,
    limit: InstanceLimit? = nil, policies: PolicySet = PolicySet()
  ) {
    preparer = Preparer(
      reader: reader, target: target, resolvers: secrets, limit: limit, policies: policies)
  }

  /// Looks at workloads, all together, to plan for each of them.
  public func look(at requests: [WorkloadRequest]) async -> Sight {
    await preparer.look(at: requests, among: Companions(requests))
  }

  /// What would be done to reach a goal.
  ///
  /// - Parameter sight: what was seen of the workload; without it, it is looked at now.
  /// - Throws: `DiagnosticError` if there can be no plan, or if the engine or the history can't be read.
  public func plan(_ request: WorkloadRequest, given sight: Sight? = nil) async throws -> Plan {
    try await explaining { try await prepare(request, sight).plan }
  }

  /// What would be done to reach a goal, with what is kept of it to carry it out later.
  ///
  /// - Parameter sight: what was seen of the workload; without it, it is looked at now.
  /// - Throws: `DiagnosticError` if there can be no plan, or if the engine or the history can't be read.
  public func savedPlan(
    _ request: WorkloadRequest, given sight: Sight? = nil
  ) async throws -> (plan: Plan, saved: SavedPlan) {
    try await explaining {
      let prepared = try await prepare(request, sight)
      let wanted = prepared.wanted
      let saved = SavedPlan(
        prepared.plan, services: wanted.services, runsBefore: wanted.runsBefore,
        deletesVolumes: wanted.deletesVolumes,
        setName: wanted.setName, pauses: wanted.pause != nil, adoption: wanted.adoption,
        takesOwnership: wanted.takesOwnership,
        provenance: prepared.plan.isEmpty ? [:] : request.provenance(),
        fingerprint: prepared.fingerprint)
      return (prepared.plan, saved)
    }
  }

  /// Which workloads of a command can be planned for only at their turn, when those before them have changed what stands in
  /// the way now; by their places.
  ///
  /// - Parameter sight: what was seen of all of them.
  func postponed(
    _ plans: [Result<Plan, any Error>], of requests: [WorkloadRequest], given sight: Sight
  ) -> [Int: DiagnosticError] {
    Postponement.later(plans, WorkloadOrder(requests, sight.neighbourhood))
  }

  private func prepare(_ request: WorkloadRequest, _ sight: Sight?) async throws -> PreparedPlan {
    let seen = if let sight { sight } else { await look(at: [request]) }
    return try await preparer.prepare(request, given: seen, isShown: true)
  }

  /// The plan that undoes drift: the differences from the last release that no operator asked for.
  ///
  /// - Parameter deeply: whether to look at everything itself, however long that takes: also at files whose time of
  ///   change says that they are unchanged.
  /// - Throws: `DiagnosticError` if there is no release, or if the engine or the history can't be read.
  public func drift(of key: WorkloadKey, deeply: Bool = false) async throws -> Plan {
    try await explaining {
      let head = try await reader.history.head(of: key)
      guard let last = head.release else {
        throw DiagnosticError(
          Diagnostic(
            .noRelease, "`\(key.name)` has no release that it could differ from",
            help: "nothing was applied with success yet"))
      }
      var wanted = ResolvedRequest(.apply, last.snapshot)
      wanted.sparesRollout = true
      wanted.looksDeeply = deeply
      wanted.isOnlyCompared = true
      return try await preparer.prepare(key, wanted, head: head).plan
    }
  }
}
