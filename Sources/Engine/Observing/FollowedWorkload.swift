import Planning
import ProviderKit

/// A workload whose logs are followed: for as long as it is there.
public struct FollowedWorkload: Sendable {
  /// How often it is looked whether it is still there.
  private static let interval = Duration.seconds(1)

  private let key: WorkloadKey
  private let reader: any ProviderReader

  /// Follows a workload.
  public init(_ key: WorkloadKey, reader: any ProviderReader) {
    self.key = key
    self.reader = reader
  }

  /// Gives lines until the workload is destroyed, or until a release has none of the services any more. What was
  /// written until then is given as well.
  ///
  /// - Throws: what the provider's reading throws; `CancellationError`.
  public func follow(_ query: LogQuery, _ give: @escaping @Sendable (LogLine) -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for try await line in reader.logs(of: key, matching: query) { give(line) }
      }
      group.addTask {
        while await isThere(query.services) { try await Task.sleep(for: Self.interval) }
        // What was written last may still be on its way.
        try await Task.sleep(for: Self.interval)
      }
      try await group.next()
      group.cancelAll()
    }
  }

  /// Whether there is, or may be, anything that could still write: by the last release, or, where that is not so or
  /// not yet so, by what the engine shows.
  ///
  /// - Parameter services: the services whose lines are wanted; empty means all.
  private func isThere(_ services: Set<String>) async -> Bool {
    do {
      let wanted = { (names: [String]) in services.isEmpty || !services.isDisjoint(with: names) }
      if let workload = try await reader.history.lastRelease(of: key)?.snapshot,
        wanted(workload.elements.map(\.name))
      {
        return true
      }
      let observation = try await reader.observe(key)
      return !observation.gaps.isEmpty
        || observation.places.contains { wanted($0.services.map(\.name)) }
    } catch {
      // An engine that does not answer for a moment does not say that anything is gone.
      return true
    }
  }
}
