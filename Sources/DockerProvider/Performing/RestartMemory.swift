import Planning
import Synchronization

/// Which restarts this process has performed, so that performing one again changes nothing.
///
/// A container bears no trace of the run that started it last. It needs none: the command that comes after a run that was killed
/// plans a run of its own.
final class RestartMemory: Sendable {
  /// A restart of a service, in a run.
  struct Restart: Hashable {
    let run: RunID
    let key: WorkloadKey
    let instance: InstanceID
    let service: String
  }

  private let done = Mutex<Set<Restart>>([])

  /// Whether it was performed.
  func isDone(_ restart: Restart) -> Bool { done.withLock { $0.contains(restart) } }

  /// Writes down that it was performed.
  func note(_ restart: Restart) { done.withLock { _ = $0.insert(restart) } }
}
