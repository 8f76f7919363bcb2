import WorkloadSpec

/// What the name of an image that a plan makes services from resolves to, for the user who agrees to the plan. A run
/// looks again: only a digest that is written down (`--pin`) holds.
public struct ImageLead: Sendable, Equatable {
  /// The image, as the spec names it: without a digest.
  public let image: String
  /// What it resolves to, or why that is not known.
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
