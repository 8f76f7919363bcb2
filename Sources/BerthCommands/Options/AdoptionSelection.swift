import ArgumentParser
import Planning

/// What is there already and is taken over, rather than made beside it.
struct AdoptionSelection: ParsableArguments {
  @Flag(
    help:
      "Take over what berth did not create: containers on the workload's names and the compose project of its name, or objects of its name on a cluster."
  )
  var adopt = false

  @Option(
    help: ArgumentHelp(
      "Take over what belongs to this compose project or Helm release; it means --adopt.", valueName: "name"))
  var adoptFrom: String?

  func validate() throws {
    if adoptFrom?.isEmpty == true {
      throw ValidationError(
        "--adopt-from needs the name of a compose project or a Helm release: --adopt-from shop")
    }
  }

  /// Refuses to take over a part of a workload: what is left would go on beside it.
  func check(services: [String]) throws {
    if request != nil, !services.isEmpty {
      throw ValidationError("A workload is taken over as a whole: --adopt takes no --service.")
    }
  }

  /// What is asked for; `nil` if nothing is to be taken over.
  var request: AdoptionRequest? { adopt || adoptFrom != nil ? AdoptionRequest(from: adoptFrom) : nil }
}
