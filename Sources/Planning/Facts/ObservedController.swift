import WorkloadSpec

/// The engine's own object that stands for a workload and makes, rolls and mends its instances: a Deployment, a job.
///
/// Of an engine whose unit of change is the workload, it is what a spec is compared with: instances come and go as the
/// controller has them.
public struct ObservedController: Sendable, Equatable {
  /// How far the controller has come.
  public enum Progress: Sendable, Hashable {
    /// Every instance is as the template says, and ready.
    case settled
    /// Instances still come and go.
    case rolling
    /// It does not get on, with what the engine says of it.
    case stuck(String)
    /// It was told to change nothing, with instances of which some may be old.
    case held
    /// As many new instances as it was told to make first are ready beside the old ones, and it waits.
    case paused
    /// It is gone, and the instances that it made go on without it: the template is theirs, and how it rolled is not known.
    case orphaned
  }

  /// The template: each service as the controller makes it, with its stamp.
  public var template: [ObservedService]
  /// How many instances it keeps.
  public var replicas: Int
  /// How it rolls.
  public var strategy: Strategy
  /// How far it has come.
  public var progress: Progress
  /// What it takes to make it ours, of one that berth did not create and an apply is asked to take over; else `nil`.
  public var adoption: Adoption?

  public init(template: [ObservedService], replicas: Int, strategy: Strategy, progress: Progress) {
    self.template = template
    self.replicas = replicas
    self.strategy = strategy
    self.progress = progress
  }

  /// The service that the template has under a name; `nil` if it has none.
  public func service(_ name: String) -> ObservedService? { template.first { $0.name == name } }
}
