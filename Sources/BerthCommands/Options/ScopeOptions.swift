import ArgumentParser
import Planning

/// Which services of which instances are meant.
struct ScopeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only this service.", valueName: "name"), completion: .services)
  var service: String?

  @Option(
    help: ArgumentHelp("Only this instance, by its number from 0.", valueName: "number"),
    completion: .ordinals)
  var instance: Int?

  func validate() throws {
    if let instance, instance < 0 {
      throw ValidationError("invalid value '\(instance)' for --instance: expected 0 or more")
    }
  }

  /// The scope as plans know it.
  var scope: ServiceScope { ServiceScope(ordinal: instance, service: service) }
}
