import Diagnostics
import Planning
import ProviderKit
import WorkloadSpec

/// Taking over what is there already, and what must not happen beside it.
struct AdoptionRule {
  /// The target, for looking.
  let reader: any ProviderReader
  let key: WorkloadKey
  /// What is asked for; `nil` if nothing is to be taken over.
  let request: AdoptionRequest?

  /// Adds what is to be taken over to what was observed.
  ///
  /// - Throws: `DiagnosticError` if the provider can take over nothing, or not this; if nothing is there.
  func adopt(
    for workload: Workload, last: Release?, on facts: EngineFacts, into observation: inout Observation
  ) async throws -> Diagnostics {
    guard let request else { return Diagnostics() }
    guard reader.capabilities(on: facts).contains(.adopt) else {
      throw DiagnosticError(reader.missing(.adopt, for: "--adopt", on: facts))
    }
    let found = try await reader.adoptable(for: workload, as: key, request, given: observation)
    guard !found.notes.hasErrors else { throw DiagnosticError(found.notes) }
    if found.isEmpty, last?.snapshot == nil, observation.places.isEmpty, observation.controller == nil {
      throw DiagnosticError(
        Diagnostic(
          .nothingToAdopt,
          "nothing is there that `\(key.name)` could adopt"
            + (request.source.map { " from `\($0)`" } ?? ""),
          help: request.source == nil
            ? "`--adopt-from NAME` names a compose project or a Helm release that is not called `\(key.name)`; without `--adopt`, everything is made"
            : "is it on another target (`-t`)? Without `--adopt-from`, everything is made"))
    }
    observation.adopt(found)
    return found.notes
  }

  /// Looks whether a plan that takes nothing over makes something anew beside what it should rather take over.
  ///
  /// Where an adoption was broken off, that is an error: two of a service would work on the same data. Where there has
  /// been none, a first apply is told of what is there.
  func check(
    _ plan: Plan, for workload: Workload, given observation: Observation, hasHistory: Bool,
    on facts: EngineFacts
  ) async throws -> Diagnostics {
    var diagnostics = Diagnostics()
    let origins = Set(observation.adopted.compactMap(\.origin)).sorted()
    let made = Set(plan.actions.filter { $0.kind == .create }.compactMap(\.subject.service))
    guard request == nil, !made.isEmpty, !origins.isEmpty || (plan.intent == .apply && !hasHistory),
      reader.capabilities(on: facts).contains(.adopt)
    else { return diagnostics }
    for origin in origins.isEmpty ? [nil] : origins.map(Optional.some) {
      let found = try await reader.adoptable(
        for: workload, as: key, AdoptionRequest(from: origin), given: observation)
      // What is left and can't be taken over now goes on beside as well.
      if origin != nil, found.notes.hasErrors {
        diagnostics.append(contentsOf: found.notes)
        continue
      }
      let names = found.services.filter { made.contains($0.service.name) }
        .compactMap { $0.service.adoption?.name }.sorted().map { "`\($0)`" }
      guard !names.isEmpty else { continue }
      let list = names.joined(separator: ", ")
      if let origin {
        diagnostics.report(
          .adoptionUnfinished,
          "\(list) of `\(origin)` \(names.count == 1 ? "is" : "are") not adopted yet, and would go on beside what this plan makes",
          help:
            "`--adopt-from \(origin)` goes on where the adoption was broken off; or remove the containers that are not needed"
        )
      } else {
        diagnostics.report(
          .couldAdopt,
          "\(list) \(names.count == 1 ? "is" : "are") there and could be adopted; this plan makes others beside",
          help: "`--adopt` takes them over, with their data and without a restart")
      }
    }
    return diagnostics
  }
}

extension PreparedPlan {
  /// Why a failed run is not taken back: what was taken over was there before, and berth can't make it again as it was.
  var adoptionThatStays: Diagnostic? {
    let released = Set((last?.snapshot?.elements ?? []).map(\.name))
    let adopts = plan.actions.contains { $0.kind == .adopt }
    // Where all containers were made anew since, the data still tells of it.
    let holds = last == nil && observation.volumes.contains(where: \.isAdopted)
    guard adopts || holds || observation.adopted.contains(where: { !released.contains($0.name) }) else {
      return nil
    }
    return Diagnostic(
      .adoptionStays,
      "the run is not taken back: adopted services were there before it, and stay as they are",
      help: "fix the cause and run the command again: it goes on")
  }
}
