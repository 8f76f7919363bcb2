/// Runs something that must end within a time; if it does not, it is cancelled.
///
/// - Parameter limit: `nil` means that it may take for ever.
/// - Throws: what `late` makes, if the time is over.
package func within<Result: Sendable>(
  _ limit: Duration?, orThrow late: @autoclosure @Sendable () -> any Error,
  _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  guard let limit else { return try await body() }
  return try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    guard let result = try await group.next() ?? nil else { throw late() }
    return result
  }
}
