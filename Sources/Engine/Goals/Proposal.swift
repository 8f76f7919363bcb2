import Planning

/// A plan that may be carried out soon, with what it was made from.
public struct Proposal: Sendable {
  let preparation: Preparation
  /// When it was begun to look, on the engine's own clock.
  let start: Duration

  /// The plan that was made for the request.
  public var plan: Plan { preparation.plan }

  init(_ preparation: Preparation, since start: Duration) {
    self.preparation = preparation
    self.start = start
  }
}
