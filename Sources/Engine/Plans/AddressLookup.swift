import Diagnostics
import Planning
import ProviderKit
import WorkloadSpec

/// Finds what the addresses in a workload's texts stand for, and whether what it refers to in other workloads is there.
struct AddressLookup: Sendable {
  let reader: any ProviderReader
  /// What was seen before the plan is made; `nil` if nothing was.
  let sight: Sight?

  struct Findings: Sendable {
    let book: AddressBook
    /// The ports of the workload that others refer to, where one instance at a time can have them.
    let referredPorts: [ServicePort]
    /// What stands in the way of applying the workload.
    let problems: Diagnostics
  }

  /// Looks up the addresses of a workload.
  ///
  /// - Parameters:
  ///   - workload: the whole workload, with the number of its instances.
  ///   - observation: what is true of it now.
  ///   - isChecked: whether what it refers to has to be there. What was in force before, and what operators do, asks for no
  ///     other workload.
  /// - Throws: `StoreError` or `ProviderError` if what it refers to can't be looked at.
  func findings(
    for workload: Workload, as key: WorkloadKey, given observation: Observation, isChecked: Bool
  ) async throws -> Findings {
    let addressing = reader.traits.addressing
    let names = workload.addressedWorkloads.sorted()
    let keys = names.map { WorkloadKey(namespace: key.namespace, name: $0) }
    var problems = Diagnostics()
    var neighbours: [String: AddressBook.Neighbour] = [:]
    if !keys.isEmpty {
      let heads = try await heads(of: keys)
      let observations = try await observations(of: keys, by: addressing)
      for other in keys {
        guard let future = try future(of: other, heads) else { continue }
        neighbours[other.name] = AddressBook.Neighbour(future, observations[other])
        guard isChecked else { continue }
        let found = AddressRule.check(workload, against: future)
        problems.append(contentsOf: found)
        if found.isEmpty, addressing.leadsToOneInstance, let count = future.replicas, count > 1 {
          problems.append(
            Self.several(
              count, of: other.name, "`\(workload.name)` refers to an address of `\(other.name)`"))
        }
      }
    }
    let referrers = try await referrers(of: workload, as: key, given: observation)
    if let count = workload.replicas, count > 1, let (port, referrer) = referrers.first {
      problems.append(
        Self.several(
          count, of: workload.name,
          "`\(referrer)` refers to port \(port.container) of `\(port.service)`"))
    }
    return Findings(
      book: AddressBook(
        of: workload, by: addressing, given: observation, neighbours: neighbours),
      referredPorts: referrers.map(\.port), problems: problems)
  }

  /// The ports of a workload without a `host` of their own that others refer to, by what becomes of those, each with one of
  /// them; none on an engine on which an address leads to all instances.
  private func referrers(
    of workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> [(port: ServicePort, referrer: String)] {
    guard reader.traits.addressing.leadsToOneInstance else { return [] }
    var names = Set(observation.heldPorts.flatMap(\.referrers))
    names.formUnion(sight?.neighbourhood.companions.names(in: key.namespace) ?? [])
    let keys = names.subtracting([key.name]).sorted().map {
      WorkloadKey(namespace: key.namespace, name: $0)
    }
    guard !keys.isEmpty else { return [] }
    let heads = try await heads(of: keys)
    var found: [ServicePort: String] = [:]
    for other in keys {
      guard let future = try future(of: other, heads) else { continue }
      for port in future.ports(of: key.name) where found[port] == nil { found[port] = other.name }
    }
    return found.filter { port, _ in workload.port(port).map { $0.host == nil } ?? false }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func several(_ count: Int, of name: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      .addressOfSeveral,
      "`\(name)` can't have \(count) instances on this engine: \(reason), and a port of the machine leads to one instance",
      help: "have one instance of `\(name)`: `berth scale \(name) --replicas 1`, or `replicas: 1` in its spec"
    )
  }

  /// The workload as it will be, with the number of its instances; `nil` if there will be none.
  private func future(of key: WorkloadKey, _ heads: Answers<HistoryHead>) throws -> Workload? {
    let head = try heads.answer(for: key)
    let released = head.release?.snapshot
    switch sight?.neighbourhood.companions[key] ?? .released {
    case .gone: return nil
    case .released: return released
    case .stated(var workload):
      workload.replicas = workload.replicas ?? released?.replicas
      return workload
    }
  }

  private func heads(of keys: [WorkloadKey]) async throws -> Answers<HistoryHead> {
    if let known = sight?.neighbourhood.heads, keys.allSatisfy({ (try? known.answer(for: $0)) != nil }) {
      return known
    }
    return await reader.history.heads(of: keys)
  }

  /// What is true of other workloads, where addresses depend on it.
  private func observations(
    of keys: [WorkloadKey], by addressing: Addressing
  ) async throws -> [WorkloadKey: Observation] {
    guard addressing.leadsToOneInstance else { return [:] }
    let known = keys.reduce(into: [:]) { $0[$1] = try? sight?.observations.answer(for: $1) }
    let missing = keys.filter { known[$0] == nil }
    guard !missing.isEmpty else { return known }
    let answers = await reader.observe(missing, deeply: false)
    return try missing.reduce(into: known) { $0[$1] = try answers.answer(for: $1) }
  }
}
