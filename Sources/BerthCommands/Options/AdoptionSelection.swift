import ArgumentParser
import Planning

/// What is there already and is taken over, rather than made beside it.
struct AdoptionSelection: ParsableArguments {
  @Flag(
    help:
      "Take over containers that berth did not create: those on the workload's names, and the compose project of its name."
  )
  var adopt = false

  @Option(
    help: ArgumentHelp(
      "Take over the containers of this compose project; it means --adopt.", valueName: "project"))
  var adoptFrom: String?

  func validate() throws {
    if adoptFrom?.isEmpty == true {
      throw ValidationError("--adopt-from needs the name of a compose project: --adopt-from shop")
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
