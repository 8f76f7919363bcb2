import Diagnostics
import Planning
import ProviderKit
import Synchronization

/// A lock that this engine holds for a while: it must say at intervals that it is alive.
final class Lease: Sendable {
  let key: WorkloadKey
  let token: String
  /// Whether another run held the lock when it was asked for.
  let wasContended: Bool
  private let store: any ReleaseStore
  private let timeToLive: Duration
  private let environment: EngineEnvironment
  private let state: Mutex<State>

  private struct State {
    var lastBeat: Duration
    /// When it was made sure of last that the lock is ours.
    var lastSight: Duration
    var isLost = false
    /// Why it could not be kept, where it is not known to be another run's.
    var problem: String?
  }

  /// A lock that was just taken.
  ///
  /// - Parameter asked: when it was asked for, by ``EngineEnvironment/uptime``.
  init(
    _ key: WorkloadKey, token: String, asked: Duration, wasContended: Bool, store: any ReleaseStore,
    timeToLive: Duration, environment: EngineEnvironment
  ) {
    self.key = key
    self.token = token
    self.wasContended = wasContended
    self.store = store
    self.timeToLive = timeToLive
    self.environment = environment
    state = Mutex(State(lastBeat: asked, lastSight: asked))
  }

  /// Whether the lock is known to be another run's.
  var isLost: Bool { state.withLock { $0.isLost } }

  /// Makes sure, before something is changed, that the lock is still ours.
  ///
  /// - Parameter age: how long ago it may have been made sure of.
  /// - Throws: `DiagnosticError` if it is not.
  func verify(notOlderThan age: Duration = .zero) async throws {
    let (isLost, lastSight) = state.withLock { ($0.isLost, $0.lastSight) }
    let asked = environment.uptime()
    if !isLost, asked - lastSight < age { return }
    guard !isLost, try await store.lock(of: key)?.holder.token == token else { throw loseIt() }
    state.withLock { $0.lastSight = max($0.lastSight, asked) }
  }

  /// Says that the holder is alive until the task is cancelled.
  ///
  /// A store that does not answer is asked again, until the lock may have been broken for silence. It is told often enough
  /// that a store may be away for half of that time.
  ///
  /// - Throws: `DiagnosticError` when the lock is lost.
  func keepBeating() async throws {
    while true {
      do { try await environment.sleep(timeToLive / 5) } catch { return }
      let asked = environment.uptime()
      do {
        guard try await store.beat(key, token: token) else { throw loseIt() }
        state.withLock { $0.lastBeat = asked }
      } catch is CancellationError {
        return
      } catch let error as DiagnosticError {
        throw error
      } catch {
        let silence = environment.uptime() - state.withLock { $0.lastBeat }
        if silence >= timeToLive { throw loseIt(because: line(of: error)) }
      }
    }
  }

  private func loseIt(because problem: String? = nil) -> DiagnosticError {
    state.withLock { ($0.isLost, $0.problem) = (true, problem) }
    return lost()
  }

  /// The error that says that the lock is lost.
  func lost() -> DiagnosticError {
    let what =
      if let problem = state.withLock({ $0.problem }) {
        "the lock on `\(key.name)` could not be kept, since where it is kept does not answer: \(problem)"
      } else {
        "the lock on `\(key.name)` was taken away while it was being changed"
      }
    return DiagnosticError(
      Diagnostic(
        .lockLost, what,
        help: "another run may be changing it now: look at `berth history \(key.name)`, then apply again"))
  }
}
