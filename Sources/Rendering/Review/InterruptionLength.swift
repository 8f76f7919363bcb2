import Planning
import WorkloadSpec

/// For how long services stop working at most.
enum InterruptionLength {
  /// How long an apply waits for a service to become ready, if it is told nothing else.
  static let readiness = Duration.seconds(120)

  /// In words, for services that come back: `Each for at most 2m10s.`; `nil` if none does.
  ///
  /// It is the longest of the times that they have to stop, and the time to become ready: a service that takes longer fails the
  /// run.
  static func words(of plans: [Plan]) -> String? {
    let stops = plans.flatMap { plan in
      plan.interruptions.filter { !$0.isForGood }.map { interruption in
        (plan.desired?.element(interruption.service)?.as(Service.self)?.stopGrace ?? .seconds(10)).duration
      }
    }
    guard let longest = stops.max() else { return nil }
    let least = stops.count == 1 ? "For" : "Each for"
    return "\(least) at most \(DurationText.short(longest + readiness))."
  }
}
