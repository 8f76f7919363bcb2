import DockerAPI

/// Sees the moment at which nothing of a container that is being stopped runs any more. The engine then takes its
/// network and its file system away, which takes as long again.
struct EndWatch: Sendable {
  private let events: JSONLines<EngineEvent>

  /// Begins to watch, before the container is stopped; `nil` if the engine does not let, or if it is reached by ssh, where
  /// another connection costs more than is won.
  init?(of container: String, on client: DockerClient) async {
    if case .ssh = client.endpoint { return nil }
    let events = try? await client.system.events(
      filters: ["type": ["container"], "container": [container], "event": ["kill", "die"]])
    guard let events else { return nil }
    self.events = events
  }

  /// Waits for the end. One that comes by itself, before the container is told to stop, is none: the engine may start
  /// it again.
  ///
  /// - Returns: whether it was seen.
  func sawEnd() async -> Bool {
    var isTold = false
    do {
      for try await event in events {
        if event.action == "kill" { isTold = true }
        if event.action == "die", isTold { return true }
      }
    } catch {
      // What can't be seen is waited for otherwise.
    }
    return false
  }
}
