import Planning
import ProviderKit

/// What was seen of some workloads before they are planned for.
public struct Sight: Sendable {
  /// Their histories.
  let heads: Answers<HistoryHead>
  /// What is observed of them.
  let observations: Answers<Observation>
}
