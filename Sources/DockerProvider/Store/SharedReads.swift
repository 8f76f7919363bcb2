/// Has those who want to read the same at once share an answer. None gets one that was asked for before it came.
actor SharedReads<Key: Hashable & Sendable, Answer: Sendable> {
  private var running: [Key: Task<Answer, any Error>] = [:]
  private var next: [Key: Task<Answer, any Error>] = [:]

  /// Reads, as soon as who reads the same has its answer.
  func read(_ key: Key, _ ask: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
    if let next = next[key] { return try await next.value }
    let before = running[key]
    let task = Task {
      _ = await before?.result
      begin(key)
      return try await ask()
    }
    next[key] = task
    return try await task.value
  }

  private func begin(_ key: Key) {
    running[key] = next[key]
    next[key] = nil
  }
}
