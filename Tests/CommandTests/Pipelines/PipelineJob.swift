import Foundation
import TestSupport
import Testing
import Values

/// What a job came to.
struct PipelineEnd {
  /// The name of the step that failed; `nil` if none did.
  var failed: String?
  /// All that the steps printed.
  var output = ""

  var succeeded: Bool { failed == nil }
}

/// One job, as the machine of a runner has it: its files, its variables, its programs.
final class PipelineJob {
  let stage: PipelineStage
  /// The name of its folder in the sandbox.
  let name: String
  var environment: [String: String] = [:]
  private(set) var end = PipelineEnd()

  init(_ stage: PipelineStage) throws {
    self.stage = stage
    name = try stage.folder()
  }

  /// The path of its folder.
  var folder: String { stage.sandbox.folder + "/" + name }

  /// Clones the repository as a runner does, without its credentials.
  ///
  /// - Parameter ref: a commit, a branch or any other ref.
  func checkOut(_ ref: String, into path: String) throws {
    try stage.git("clone --quiet --no-local --no-checkout origin.git '\(name)/\(path)'")
    try stage.git("fetch --quiet origin '\(ref)'", in: "\(name)/\(path)")
    try stage.git("checkout --quiet --detach FETCH_HEAD", in: "\(name)/\(path)")
  }

  /// Runs a script with bash, as runners do.
  ///
  /// - Returns: its exit status.
  @discardableResult
  func run(
    _ step: String, _ script: String, in path: String, _ variables: [String: String] = [:]
  ) throws -> Int32 {
    try stage.sandbox.write("\(name)/step.sh", script)
    stage.sandbox.environment = environment.merging(variables) { $1 }
    defer { stage.sandbox.environment = [:] }
    let result = try stage.sandbox.shell(
      "cd '\(name)/\(path)' && exec bash --noprofile --norc -eo pipefail '\(folder)/step.sh' 2>&1")
    end.output += "--- \(step)\n\(result.output)\(result.errors)"
    if result.status != 0 { end.failed = end.failed ?? step }
    stage.check(end.output)
    return result.status
  }
}
