import Diagnostics
import Planning
import WorkloadSpec

extension WorkloadRequest {
  /// What files ask for: that each workload becomes what they say. The repository of a file is asked where the specs of its
  /// services come from.
  ///
  /// - Parameters:
  ///   - services: only these services of the only workload; empty means all, and what belongs to the workloads themselves.
  ///   - environment: the variables by which a CI system tells of its run, which a release holds then.
  ///   - edit: sets what is asked for besides, the same for each.
  /// - Throws: `DiagnosticError` if services are named and there are several workloads.
  public static func applying(
    _ loaded: [LoadedWorkload], in namespace: String, services: some Collection<String>,
    environment: [String: String] = [:],
    _ edit: (inout WorkloadRequest) -> Void = { _ in }
  ) throws(DiagnosticError) -> [WorkloadRequest] {
    if !services.isEmpty, loaded.count > 1 {
      throw DiagnosticError(
        Diagnostic(
          .unknownService, "`--service` needs one workload, and the files have \(loaded.count)",
          help: "name the file of the one that is meant"))
    }
    return loaded.map { loaded in
      var request = WorkloadRequest(
        key: WorkloadKey(namespace: namespace, name: loaded.workload.name),
        goal: .spec(loaded.workload, services: services.isEmpty ? nil : Set(services)),
        provenance: { SpecProvenance.of(loaded, environment: environment) })
      request.place = { loaded.place(of: $0) }
      edit(&request)
      return request
    }
  }
}
