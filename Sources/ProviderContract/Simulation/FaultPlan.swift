import Planning

/// What goes wrong in a ``SimulatedProvider``, and when.
public struct FaultPlan: Sendable {
  /// What goes wrong, each at most as often as it says.
  public var faults: [Fault]

  /// What goes wrong; nothing, if nothing is said.
  public init(_ faults: [Fault] = []) { self.faults = faults }

  /// The fault that a call runs into, if there is one. It counts as having happened.
  mutating func next(where matches: (Fault.Trigger) -> Bool) -> Fault.Effect? {
    guard let index = faults.firstIndex(where: { $0.times > 0 && matches($0.trigger) }) else { return nil }
    faults[index].times -= 1
    return faults[index].effect
  }
}

/// One thing that goes wrong.
public struct Fault: Sendable {
  /// Which call goes wrong.
  public enum Trigger: Sendable, Equatable {
    /// The k-th action that is performed, from 1.
    case perform(Int)
    /// An action by its identity.
    case action(ActionID)
    /// The k-th observation, from 1. Whatever its effect is, it fails, or hangs.
    case observe(Int)
    /// The question which engine it is, or how it is. Whatever its effect is, it fails, or hangs.
    case info
  }

  /// How it goes wrong.
  public enum Effect: String, Sendable, CaseIterable {
    /// The call fails before it did anything.
    case fail
    /// The call does everything, and its answer is lost.
    case loseReply
    /// The call does half of it and fails.
    case halfSucceed
    /// The call does everything but never sees the service become ready, and gives up.
    case timeOut
    /// The call does nothing, and does not return until it is cancelled.
    case hang
  }

  /// Which call goes wrong.
  public var trigger: Trigger
  /// How it goes wrong.
  public var effect: Effect
  /// How many such calls go wrong.
  public var times: Int

  /// Something that goes wrong, once unless said otherwise.
  public init(_ effect: Effect, at trigger: Trigger, times: Int = 1) {
    self.effect = effect
    self.trigger = trigger
    self.times = times
  }
}
