import Foundation
import TestSupport
import Testing
import Values

/// The pipeline of GitLab CI, whose scripts are run here as they stand in the file.
struct GitLabPipeline {
  private let root: Value

  /// The path of the file.
  static let path = Sandbox.project + "/examples/gitops/gitlab/gitlab-ci.yml"
  private static let keywords: Set = ["variables", "default"]

  init() throws { root = try Workflow.read(Self.path) }

  /// Runs the jobs whose rules hold, in the order of the file.
  ///
  /// - Parameters:
  ///   - ref: what is checked out.
  ///   - variables: those of the pipeline.
  /// - Returns: what became of each, by name.
  static func run(
    ref: String, _ variables: [String: String], _ stage: PipelineStage
  ) throws -> [String: PipelineEnd] {
    let pipeline = try GitLabPipeline()
    var ends: [String: PipelineEnd] = [:]
    for member in pipeline.root.members ?? [] where !keywords.contains(member.key) {
      var variables = pipeline.variables(pipeline.root["variables"]).merging(variables) { $1 }
      guard
        try pipeline.field("rules", of: member.value)?.list?.contains(where: { rule in
          try holds(rule["if"]?.string ?? "", variables)
        }) ?? false
      else { continue }
      variables.merge(pipeline.variables(try pipeline.field("variables", of: member.value))) { $1 }
      let lines = try #require(try pipeline.field("script", of: member.value)?.list?.compactMap(\.string))
      ends[member.key] = try run(member.key, lines, ref, variables, stage)
    }
    return ends
  }

  private static func run(
    _ name: String, _ lines: [String], _ ref: String, _ variables: [String: String], _ stage: PipelineStage
  ) throws -> PipelineEnd {
    let job = try PipelineJob(stage)
    try job.checkOut(ref, into: "work")
    let kubeconfig = try stage.sandbox.write("\(job.name)/KUBECONFIG", PipelineStage.kubeconfig)
    job.environment = variables.merging([
      "PATH": "\(stage.sandbox.folder)/bin:\(ProcessInfo.processInfo.environment["PATH"] ?? "")",
      "HOME": job.folder + "/home", "TMPDIR": job.folder + "/home", "CI_PROJECT_DIR": job.folder + "/work",
      "KUBECONFIG": kubeconfig, "CI_PIPELINE_URL": "https://forge.example.com/pipelines/3",
      "CI_DEFAULT_BRANCH": "main",
    ]) { $1 }
    // The image has the program.
    let program = stage.sandbox.folder + "/bin/berth"
    if !FileManager.default.fileExists(atPath: program) {
      try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: Sandbox.program)
    }
    try job.run(name, lines.joined(separator: "\n"), in: "work")
    return job.end
  }

  /// A field of a job, or of the one that it extends.
  private func field(_ name: String, of job: Value) throws -> Value? {
    if let value = job[name] { return value }
    guard let parent = job["extends"]?.string else { return nil }
    return try #require(root[parent])[name]
  }

  /// Variables, written as texts or with a description.
  private func variables(_ value: Value?) -> [String: String] {
    var result: [String: String] = [:]
    for member in value?.members ?? [] {
      let text = member.value["value"] ?? member.value
      result[member.key] = text.string ?? CanonicalJSON.compact(text)
    }
    return result
  }

  /// Whether a rule's condition holds: terms that are joined by `&&`, each a comparison or a variable that is not empty.
  private static func holds(_ condition: String, _ variables: [String: String]) throws -> Bool {
    var variables = variables
    variables["CI_DEFAULT_BRANCH"] = "main"
    return try condition.components(separatedBy: " && ").allSatisfy { term in
      if let match = term.wholeMatch(of: /\$([A-Z_]+)/) {
        return variables[String(match.1)]?.isEmpty == false
      }
      if let match = term.wholeMatch(of: /\$([A-Z_]+) == "([^"]*)"/) {
        return variables[String(match.1)] == String(match.2)
      }
      if let match = term.wholeMatch(of: /\$([A-Z_]+) == \$([A-Z_]+)/) {
        return variables[String(match.1)] == variables[String(match.2)]
      }
      throw Workflow.Unknown(description: "the test does not know what the rule `\(term)` means: teach it")
    }
  }
}
