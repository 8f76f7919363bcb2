import WorkloadSpec

/// Where the name of an image leads that a plan makes services from, for whoever has to agree to it. A run looks again:
/// only a digest that is written down (`--pin`) holds.
public struct ImageLead: Sendable, Equatable {
  /// The image, as the spec names it: without a digest.
  public let image: String
  /// Where it leads, or why nobody could say.
  public let resolution: ImageResolution

  /// Where an image leads.
  public init(image: String, resolution: ImageResolution) {
    self.image = image
    self.resolution = resolution
  }

  /// Where the images lead that some actions make services from, each once, in the order of the services.
  static func list(of actions: [Action], in desired: Workload?, by knowledge: ImageKnowledge) -> [ImageLead] {
    guard !knowledge.resolutions.isEmpty else { return [] }
    let made = Set(actions.filter(\.kind.makesAnew).flatMap(\.services))
    var leads: [ImageLead] = []
    for service in desired?.elements ?? [] where made.contains(service.name) {
      guard let image = service.containerImage, ImageReference.split(image).digest == nil,
        let resolution = knowledge.resolutions[service.name]
      else { continue }
      let lead = ImageLead(image: image, resolution: resolution)
      if !leads.contains(lead) { leads.append(lead) }
    }
    return leads
  }
}
