import Foundation
import ProviderKit
import Testing
import Values

/// The composite action of the project, run as it stands in the repository that a job has checked out.
enum ActionStep {
  /// The platform of this machine, as release archives name it.
  static let platform: String = {
    #if arch(x86_64)
      "linux-x86_64"
    #else
      "linux-arm64"
    #endif
  }()

  /// Runs its step, with a server that has the release in place of the real one.
  ///
  /// - Parameter action: the folder of the action in the job's work.
  static func run(_ action: String, _ inputs: [String: String], _ runner: PipelineJob) throws {
    let root = try Workflow.read("\(runner.folder)/work/\(action)/action.yml")
    let steps = try #require(root["runs"]?["steps"]?.list)
    #expect(root["runs"]?["using"]?.string == "composite" && steps.count == 1)
    var names: [String: String] = [:]
    for input in root["inputs"]?.members ?? [] {
      #expect(inputs[input.key] != nil || input.value["default"] != nil, "\(input.key) is not given")
      names["inputs.\(input.key)"] = inputs[input.key] ?? input.value["default"]?.string ?? ""
    }
    for input in inputs.keys { #expect(names["inputs.\(input)"] != nil, "the action has no input \(input)") }
    // As `a || b` chooses: the first that is not empty.
    names["inputs.repository || github.action_repository"] = names["inputs.repository"]
    try offer(inputs["version"] ?? "", runner)
    var variables: [String: String] = [:]
    for member in steps[0]["env"]?.members ?? [] {
      variables[member.key] = try Workflow.fill(member.value.string ?? "", names)
    }
    let files = ["GITHUB_PATH", "GITHUB_OUTPUT"]
    for file in files {
      variables[file] = try runner.stage.sandbox.write("\(runner.name)/\(file)", "")
    }
    variables["PATH"] = "\(runner.folder)/server:\(runner.environment["PATH"] ?? "")"
    try runner.run("Install berth", try #require(steps[0]["run"]?.string), in: "work", variables)
    let added = runner.stage.sandbox.contents("\(runner.name)/GITHUB_PATH")?.split(separator: "\n") ?? []
    for folder in added { runner.environment["PATH"] = "\(folder):\(runner.environment["PATH"] ?? "")" }
  }

  /// Puts a release where the stand-in of curl finds it: the archive has the program that was built.
  static func offer(_ version: String, _ runner: PipelineJob) throws {
    let sandbox = runner.stage.sandbox
    let archive = "berth-\(version)-\(platform)"
    let program = try sandbox.make(
      "\(runner.name)/\(archive)/bin/berth", "#!/bin/sh\nexec '\(Sandbox.program)' \"$@\"\n")
    chmod(program, 0o755)
    let curl = try sandbox.make(
      "\(runner.name)/server/curl",
      """
      #!/bin/bash
      # The last word is the address; what it names is beside this file.
      while [ $# -gt 1 ]; do
        if [ "$1" = --output ]; then output=$2; fi
        shift
      done
      echo "$1" >>"$(dirname "$0")/asked"
      cp "$(dirname "$0")/$(basename "$1")" "$output"

      """)
    chmod(curl, 0o755)
    let packed = try sandbox.shell(
      "cd '\(runner.name)' && tar -czf server/\(archive).tar.gz \(archive) && cd server && sha256sum \(archive).tar.gz >SHA256SUMS"
    )
    try #require(packed.status == 0, "\(packed.errors)")
  }
}
