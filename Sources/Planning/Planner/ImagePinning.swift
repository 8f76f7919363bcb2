import Diagnostics
import WorkloadSpec

/// Turns the tags of images into digests, so that a release says which bytes it was.
///
/// A tag that a digest was recorded for keeps it for as long as it leads there, whether that is asked for again or not:
/// the same bytes are no change.
public struct ImagePinning: Sendable {
  /// Whether every tag shall get a digest.
  private let isAsked: Bool
  /// Whether a person is told where the tags lead that services are made from.
  private let isShown: Bool
  /// The services that are meant; `nil` means all.
  private let services: Set<String>?
  /// What may have recorded digests, the latest first.
  private let recorded: [Workload]
  private let observation: Observation

  /// What is known before the engine or a registry is asked.
  public init(
    isAsked: Bool, isShown: Bool = false, services: Set<String>?, recorded: [Workload],
    observation: Observation
  ) {
    self.isAsked = isAsked
    self.isShown = isShown
    self.services = services
    self.recorded = recorded
    self.observation = observation
  }

  /// The services of a workload of whose image it must be known where its name leads.
  public func questions(in desired: Workload) -> [Service] {
    desired.services.filter { service in
      guard let image = service.image, ImageReference.split(image).digest == nil,
        services?.contains(service.name) ?? true
      else { return false }
      return isAsked || !pins(of: service, in: recorded).isEmpty || isPinnedLive(service)
        || isToldToHoldersOfASecretOnly(service) || (isShown && !isLive(service))
    }
  }

  /// A workload with digests, as far as they are asked for or were recorded before.
  ///
  /// - Parameter resolutions: the answers to ``questions(in:)``, by service.
  /// - Returns: the workload, and the services whose digest is a new one.
  public func pin(
    _ desired: Workload, by resolutions: [String: ImageResolution]
  ) -> (workload: Workload, new: Set<String>) {
    var desired = desired
    var new: Set<String> = []
    for index in desired.services.indices {
      let service = desired.services[index]
      guard let image = service.image, let resolution = resolutions[service.name] else { continue }
      let known = pins(of: service, in: recorded)
      switch resolution {
      case .digests(let digests):
        if let kept = known.first(where: { digests.contains(ImageReference.split($0).digest ?? "") }) {
          desired.services[index].image = kept
        } else if isAsked, let digest = digests.first {
          desired.services[index].image = "\(image)@\(digest)"
          new.insert(service.name)
        }
      case .unknown:
        // Of what can't be looked up, nothing is known to have moved.
        if !isAsked, let kept = known.first { desired.services[index].image = kept }
      }
    }
    return (desired, new)
  }

  /// What is wrong with answers that leave an image without the digest that was asked for.
  public func problems(
    with resolutions: [String: ImageResolution], in desired: Workload
  ) -> [Diagnostic] {
    guard isAsked else { return [] }
    return questions(in: desired).compactMap { service in
      let image = service.image ?? ""
      switch resolutions[service.name] {
      case .digests: return nil
      case .unknown(let reason):
        return Diagnostic(
          .cannotPin, "the image `\(image)` of service `\(service.name)` can't be pinned: \(reason)",
          help:
            "`berth explain \(DiagnosticCode.cannotPin.rawValue)` says what it takes; or leave out `--pin`")
      case nil:
        return Diagnostic(
          .cannotPin,
          "the image `\(image)` of service `\(service.name)` can't be pinned: its digest was not looked up",
          help: "leave out `--pin`")
      }
    }
  }

  /// The references with a digest that some workloads have for the same name.
  private func pins(of service: Service, in workloads: [Workload]) -> [String] {
    workloads.compactMap { $0.service(service.name)?.image }.filter { isPin($0, of: service.image) }
  }

  /// Whether the registry decides what a service runs, and a look at the engine, which has no secrets, can't ask it.
  private func isToldToHoldersOfASecretOnly(_ service: Service) -> Bool {
    service.pullPolicy == .always && service.secrets.contains { $0.type == .registry }
  }

  /// Whether an instance runs what a service's image is called.
  private func isLive(_ service: Service) -> Bool {
    observation.instances.contains { $0.service(service.name)?.live.spec.containerImage == service.image }
  }

  private func isPinnedLive(_ service: Service) -> Bool {
    observation.instances.contains { instance in
      instance.service(service.name)?.live.spec.containerImage.map { isPin($0, of: service.image) } ?? false
    }
  }

  private func isPin(_ reference: String, of name: String?) -> Bool {
    let parts = ImageReference.split(reference)
    return parts.digest != nil && parts.name == name
  }
}
