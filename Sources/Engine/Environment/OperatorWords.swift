import Planning

extension EngineEnvironment {
  /// That its user lets nothing change a workload from now on.
  ///
  /// - Parameter reason: why; each refusal shows it.
  public func suspension(_ reason: String) -> Suspension {
    Suspension(reason: reason, by: user, since: now())
  }

  /// That its user asks now for a rollout to stop halfway.
  public var pause: Pause { Pause(by: user, since: now()) }
}
