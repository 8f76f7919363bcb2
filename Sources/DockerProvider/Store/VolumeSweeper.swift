import DockerAPI

/// Deletes volumes that are needed no more, when nothing waits for it: an engine that deletes one lists none
/// meanwhile. What stays, because it failed or the program was killed, is deleted by the next change of what it was a
/// version of.
actor VolumeSweeper {
  /// How long what is to be deleted waits. By then a run that begins is busy with its first actions.
  private static let patience = Duration.milliseconds(200)

  private var waiting: [String] = []
  private var reminder: Task<Void, Never>?
  private var sweeps: [Task<Void, Never>] = []

  /// Has volumes deleted, soon.
  func delete(_ names: [String], on client: DockerClient) {
    waiting += names
    guard !waiting.isEmpty, reminder == nil else { return }
    reminder = Task {
      try? await Task.sleep(for: Self.patience)
      reminder = nil
      sweep(on: client)
    }
  }

  private func sweep(on client: DockerClient) {
    let names = waiting
    waiting = []
    guard !names.isEmpty else { return }
    // The first of each thing before the others: what is left of a journal lacks its beginning, and is not taken for a
    // whole one.
    let things = Dictionary(grouping: names) { $0[..<($0.lastIndex(of: "_") ?? $0.endIndex)] }
    for names in things.values {
      sweeps.append(
        Task {
          try? await client.volumes.remove(names[0])
          await withTaskGroup { group in
            for name in names.dropFirst() { group.addTask { try? await client.volumes.remove(name) } }
          }
        })
    }
  }

  /// Deletes at once what still waits, and returns when everything is deleted that was to be.
  func finish(on client: DockerClient) async {
    sweep(on: client)
    let begun = sweeps
    sweeps = []
    for sweep in begun { await sweep.value }
  }
}
