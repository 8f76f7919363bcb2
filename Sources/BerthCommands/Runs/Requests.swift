import Engine
import Planning
import ProviderKit
import WorkloadSpec

/// What commands ask the engine for.
enum Requests {
  /// To reach what files say, or some services of them.
  static func apply(
    _ workloads: [Workload], services: [String], set: String? = nil, pauses: Bool = false, pins: Bool = false,
    runsBefore: Bool = false, adoption: AdoptionRequest? = nil, on target: Target
  ) throws -> [PlanRequest] {
    if !services.isEmpty, workloads.count > 1 {
      throw DiagnosticError(
        Diagnostic(
          .unknownService, "`--service` needs one workload, and the files have \(workloads.count)",
          help: "name the file of the one that is meant"))
    }
    return try workloads.map { workload in
      PlanRequest(
        key: try target.key(workload.name),
        goal: .spec(workload, services: services.isEmpty ? nil : Set(services)), setName: set,
        pause: pauses ? pause : nil, pins: pins, runsBefore: runsBefore, adoption: adoption)
    }
  }

  /// A pause that the user of this command asks for now.
  static var pause: Pause {
    let environment = EngineEnvironment.live
    return Pause(by: environment.user, since: environment.now())
  }
}

/// A workload that a target knows nothing of.
enum UnknownWorkload {
  /// Throws if a target has never heard of a workload: then its name is most likely misspelt.
  static func check(_ key: WorkloadKey, on target: Target) async throws {
    let head = try await target.reader.history.head(of: key)
    if head.release != nil || head.run != nil { return }
    let observation = try await target.reader.observe(key)
    if observation.places.isEmpty, observation.volumes.isEmpty, observation.gaps.isEmpty {
      throw error(key, on: target)
    }
  }

  static func error(_ key: WorkloadKey, on target: Target) -> DiagnosticError {
    DiagnosticError(
      Diagnostic(
        .unknownWorkload,
        "there is no workload `\(key.name)` in the namespace `\(key.namespace)` of `\(target.name)`",
        help: "is it on another target (`-t`) or in another namespace (`-n`)?"))
  }
}
