/// The kinds of what happens while a workload is changed, by the names that ``EventJSON`` has for them.
public enum EventKind: String, Sendable, CaseIterable {
  case planned, waiting, started, progress, succeeded, failed, recorded, goingBack, finished
}
