import Planning
import ProviderKit

extension EngineReader {
  /// The workloads that were last applied under a named set and were not destroyed since, in order.
  ///
  /// - Throws: `DiagnosticError` if the history can't be read.
  public func workloads(inSet name: String, namespace: String) async throws -> [WorkloadKey] {
    try await explaining {
      var members: [WorkloadKey] = []
      for key in try await reader.history.workloads(in: namespace) {
        let release = try await reader.history.lastRelease(of: key)
        if let release, release.snapshot != nil, release.setName == name { members.append(key) }
      }
      return members
    }
  }
}
