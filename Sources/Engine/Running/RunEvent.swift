import Planning
import ProviderKit

/// What happens while an engine works, for output and webhooks.
public enum RunEvent: Sendable {
  /// Another run holds the lock.
  case waitingForLock(LockRecord)
  /// Workloads that this one depends on are not ready yet.
  case waitingForWorkloads([WorkloadKey])
  /// This is what will be done. A second plan takes the place of the first if things changed meanwhile.
  case planned(Plan)
  /// An action begins.
  case started(Action)
  /// What a provider has to say on an action that is under way.
  case progress(Action, String)
  /// An action succeeded, after so long.
  case succeeded(Action, Duration)
  /// An action failed; the last lines that its service wrote are there if there are any.
  case failed(Action, message: String, logTail: [LogLine])
  /// The run succeeded, and the store holds this release of it.
  case recorded(Release)
  /// The run failed, and the workload goes back to a release or, without one, away.
  case goingBack(toRelease: Int?)
}
