/// What a plan knows of where the names of images lead.
public struct ImageKnowledge: Sendable, Equatable {
  /// The digests that the names of images without one lead to, by service, where somebody was asked; none if nobody
  /// could say.
  public var leads: [String: [String]]
  /// The services whose image was given a digest that neither the spec nor the last release has.
  public var newPins: Set<String>

  /// What is known.
  public init(leads: [String: [String]] = [:], newPins: Set<String> = []) {
    self.leads = leads
    self.newPins = newPins
  }

  /// What is known from some answers, by service.
  public init(_ resolutions: [String: ImageResolution], newPins: Set<String>) {
    self.init(leads: resolutions.mapValues(\.digests), newPins: newPins)
  }
}
