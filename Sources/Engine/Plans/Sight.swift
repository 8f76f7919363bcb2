import Planning
import ProviderKit

/// What was seen of some workloads before they are planned for.
public struct Sight: Sendable {
  /// Their histories, and those of the workloads that they have to do with.
  let neighbourhood: Neighbourhood
  /// What is observed of them.
  let observations: Answers<Observation>
}
