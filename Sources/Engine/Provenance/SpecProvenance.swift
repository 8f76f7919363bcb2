import Planning
import WorkloadSpec

/// Where the services of a file come from, as git knows it.
enum SpecProvenance {
  /// The last commit of the file that each service stands in.
  ///
  /// - Parameter environment: the variables by which a CI system tells of its run.
  static func of(_ loaded: LoadedWorkload, environment: [String: String]) -> [String: Provenance] {
    let pipeline = PipelineEnvironment(environment)
    var byFile: [String: Provenance?] = [:]
    var result: [String: Provenance] = [:]
    for element in loaded.root["services"]?.elements ?? [] {
      guard let name = element["name"]?.text else { continue }
      let file = element.location.file.name
      let provenance = byFile[file] ?? GitProvenance.of(file: file).map { pipeline?.adding(to: $0) ?? $0 }
      byFile[file] = .some(provenance)
      result[name] = provenance
    }
    return result
  }
}
