import DockerAPI

/// Deletes volumes that nobody needs any more, while other things go on. What stays, because it failed or the
/// program was killed, is deleted by the next change of what it was a version of.
actor VolumeSweeper {
  private var sweeps: [Task<Void, Never>] = []

  /// Begins to delete volumes.
  func delete(_ names: [String], on client: DockerClient) {
    guard !names.isEmpty else { return }
    sweeps.append(Task { for name in names { try? await client.volumes.remove(name) } })
  }

  /// Waits until everything is deleted that was to be.
  func finish() async {
    let begun = sweeps
    sweeps = []
    for sweep in begun { await sweep.value }
  }
}
