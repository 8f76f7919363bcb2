/// Has those who want to read the same at once share an answer. None gets one that was asked for before it came.
actor SharedReads<Key: Hashable & Sendable, Answer: Sendable> {
  /// Those who wait for the next answer.
  private var readers: [Key: [AsyncThrowingStream<Answer, any Error>.Continuation]] = [:]
  /// What is asked for just now.
  private var running: Set<Key> = []

  /// Reads, as soon as who reads the same has its answer.
  ///
  /// - Throws: what `ask` throws; `CancellationError` if the task is cancelled, though others may still get their answer.
  func read(_ key: Key, _ ask: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
    let (answers, reader) = AsyncThrowingStream.makeStream(of: Answer.self)
    readers[key, default: []].append(reader)
    if running.insert(key).inserted { Task { await serve(key, ask) } }
    for try await answer in answers { return answer }
    throw CancellationError()
  }

  private func serve(_ key: Key, _ ask: @Sendable () async throws -> Answer) async {
    while let served = readers.removeValue(forKey: key) {
      let result: Result<Answer, any Error>
      do { result = .success(try await ask()) } catch { result = .failure(error) }
      for reader in served {
        reader.yield(with: result)
        reader.finish()
      }
    }
    running.remove(key)
  }
}
