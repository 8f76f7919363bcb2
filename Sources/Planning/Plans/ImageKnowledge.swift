/// What a plan knows of where the names of images lead.
public struct ImageKnowledge: Sendable, Equatable {
  /// Where the names of images without a digest lead, by service, where somebody was asked.
  public var resolutions: [String: ImageResolution]
  /// The services whose image was given a digest that neither the spec nor the last release has.
  public var newPins: Set<String>

  /// What is known.
  public init(_ resolutions: [String: ImageResolution] = [:], newPins: Set<String> = []) {
    self.resolutions = resolutions
    self.newPins = newPins
  }

  /// The digests that the name of a service's image leads to; none if nobody could say, `nil` if nobody was asked.
  func leads(of service: String) -> [String]? { resolutions[service]?.digests }
}
