/// What a plan knows of the digests that the names of images resolve to.
public struct ImageKnowledge: Sendable, Equatable {
  /// What the names of images without a digest resolve to, by service, where it was looked up.
  public var resolutions: [String: ImageResolution]
  /// The services whose image was given a digest that neither the spec nor the last release has.
  public var newPins: Set<String>

  public init(_ resolutions: [String: ImageResolution] = [:], newPins: Set<String> = []) {
    self.resolutions = resolutions
    self.newPins = newPins
  }

  /// The digests that the name of a service's image resolves to; none if they are not known, `nil` if they were not
  /// looked up.
  func leads(of service: String) -> [String]? { resolutions[service]?.digests }
}
