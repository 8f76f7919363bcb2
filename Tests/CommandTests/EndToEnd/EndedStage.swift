/// Something on an engine that outlives the folder of its test, and so has to be taken away.
protocol EndedStage {
  /// Takes away what was made.
  func end() async throws
}

extension EndedStage {
  /// Runs a body, and takes away what it made, whatever happens.
  func use(_ body: (Self) async throws -> Void) async throws {
    do {
      try await body(self)
    } catch {
      try? await end()
      throw error
    }
    try await end()
  }
}
