import Planning

/// What is said of each of several workloads: an answer, or why there is none for this one. What goes wrong with one
/// keeps no answer about another back.
public struct Answers<Answer: Sendable>: Sendable {
  private var results: [WorkloadKey: Result<Answer, any Error>]

  /// Asks of each workload by itself, where that takes no longer than to ask of all together.
  ///
  /// - Parameter limit: of how many is asked at the same time.
  public init(
    of keys: [WorkloadKey], atOnce limit: Int = 16,
    each ask: @escaping @Sendable (WorkloadKey) async throws -> Answer
  ) async {
    let answered = await Set(keys).concurrentMap(atOnce: limit) {
      key -> (WorkloadKey, Result<Answer, any Error>) in
      do { return (key, .success(try await ask(key))) } catch { return (key, .failure(error)) }
    }
    results = Dictionary(uniqueKeysWithValues: answered)
  }

  /// Asks of all workloads together. What is thrown is said of each.
  public init(of keys: [WorkloadKey], together ask: () async throws -> Answers) async {
    do {
      self = try await ask()
    } catch {
      results = Dictionary(keys.map { ($0, .failure(error)) }) { first, _ in first }
    }
  }

  /// Adds what is said of other workloads.
  package mutating func add(_ others: Answers) { results.merge(others.results) { first, _ in first } }

  /// What is said of a workload.
  ///
  /// - Throws: why there is no answer; `ProviderError` if it was not asked of.
  public func answer(for key: WorkloadKey) throws -> Answer {
    guard let result = results[key] else { throw ProviderError("nothing is said of \(key)") }
    return try result.get()
  }
}
