/// What an asynchronous function returned or threw.
package func catching<Success>(_ body: () async throws -> Success) async -> Result<Success, any Error> {
  do { return .success(try await body()) } catch { return .failure(error) }
}
