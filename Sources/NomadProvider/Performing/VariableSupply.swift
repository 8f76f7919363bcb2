import NomadAPI
import ProviderKit

/// The variables of a job's tasks, which hold the values of secrets. Those of old instances stay until no instance needs them.
struct VariableSupply: Sendable {
  let client: NomadClient
  let namespace: String

  /// How often it is tried again where another client writes at the same time.
  private static let attempts = 5

  /// Adds what new tasks need.
  func add(_ variables: [String: [String: String]]) async throws {
    for (path, items) in variables.sorted(by: { $0.key < $1.key }) {
      try await change(path) { $0.merging(items) { $1 } }
    }
  }

  /// Takes away what no task of a job needs any more.
  ///
  /// - Parameter needed: what is needed, by path.
  func sweep(_ job: String, keeping needed: [String: [String: String]]) async throws {
    guard try await client.variables.areAvailable() else { return }
    for stub in try await client.variables.list(prefix: "nomad/jobs/\(job)/", .in(namespace)).value {
      guard stub.path.hasPrefix("nomad/jobs/\(job)/\(JobNames.group)/") else { continue }
      try await change(stub.path) { items in
        // What berth did not write there is none of its own.
        items.filter { !$0.key.hasPrefix(Self.own) || needed[stub.path]?[$0.key] != nil }
      }
    }
  }

  /// What the keys of berth's own items begin with.
  private static let own = "s_"

  private func change(_ path: String, _ edit: ([String: String]) -> [String: String]) async throws {
    for attempt in 1... {
      let live = try await client.variables.read(path, .in(namespace)).value
      let items = edit(live?.items ?? [:])
      if items == live?.items ?? [:] { return }
      let check: VariableCheck = live.map { .unchanged(since: $0.modifyIndex) } ?? .absent
      do {
        if items.isEmpty {
          try await client.variables.delete(path, check: check, in: namespace)
        } else {
          _ = try await client.variables.write(path, items, check: check, in: namespace)
        }
        return
      } catch let error as NomadError where error.isConflict && attempt < Self.attempts { continue }
    }
  }
}
