import Diagnostics
import Foundation
import TestSupport
import Testing
import Values
import YAMLNodes

/// A workflow of GitHub Actions, Gitea Actions or Forgejo Actions, whose steps are run here as they stand in the file.
struct Workflow {
  private let job: Value
  private let path: String

  struct Unknown: Error, CustomStringConvertible {
    let description: String
  }

  /// Reads a file.
  init(_ path: String) throws {
    self.path = path
    let root = try Self.read(path)
    let jobs = try #require(root["jobs"]?.members)
    try #require(jobs.count == 1, "\(path) has several jobs")
    job = jobs[0].value
  }

  static func read(_ path: String) throws -> Value {
    var diagnostics = Diagnostics()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let file = SourceFile(name: path, text: text)
    let node = try #require(YAMLReader.read(file, into: &diagnostics).documents.first)
    #expect(diagnostics.isEmpty, "\(diagnostics.map(\.message))")
    return Value(node)
  }

  /// Runs its steps for an event.
  ///
  /// - Parameters:
  ///   - event: the name of the event.
  ///   - ref: what is checked out where a step names nothing else.
  ///   - names: the values of the expressions that the file may have, beside those of every run.
  ///   - variables: those of the forge.
  static func run(
    _ name: String, on event: String, ref: String, _ names: [String: String], _ variables: [String: String],
    _ stage: PipelineStage
  ) throws -> PipelineEnd {
    // As the base branch has it: nothing else chooses what runs.
    let job = try PipelineJob(stage)
    try job.checkOut("main", into: "workflow")
    let file = "\(job.folder)/workflow/.\(stage.forge.kind.rawValue)/workflows/\(name).yml"
    return try Workflow(file).run(job, on: event, ref: ref, names, variables)
  }

  private func run(
    _ runner: PipelineJob, on event: String, ref: String, _ names: [String: String],
    _ variables: [String: String]
  ) throws -> PipelineEnd {
    let (work, temp) = (runner.folder + "/work", runner.folder + "/temp")
    for folder in [work, temp] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    let names = [
      "github.event_name": event, "github.workspace": work, "runner.temp": temp,
      "github.token": FakeForge.token,
      "secrets.GITEA_TOKEN": FakeForge.token, "secrets.KUBECONFIG": PipelineStage.kubeconfig,
      "secrets.KUBECONFIG_PLAN": PipelineStage.kubeconfig, "github.server_url": "https://forge.example.com",
      "github.repository": "ada/shop", "github.run_id": "77",
    ].merging(names) { $1 }
    var environment = variables
    // Only what a step asks for has the token.
    for name in ["GITHUB_TOKEN", "GITEA_TOKEN"] { environment[name] = "" }
    environment["PATH"] =
      "\(runner.stage.sandbox.folder)/bin:\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
    environment["HOME"] = runner.folder + "/home"
    environment["RUNNER_TEMP"] = temp
    environment["GITHUB_WORKSPACE"] = work
    for (name, value) in try filled(job["env"], names) { environment[name] = value }
    runner.environment = environment
    for step in try #require(job["steps"]?.list) where try isWanted(step["if"], names) {
      let title = step["name"]?.string ?? ""
      if let action = step["uses"]?.string {
        try use(action, try filled(step["with"], names), runner, ref)
      } else {
        let folder = "work/" + (step["working-directory"]?.string ?? ".")
        try runner.run(title, try #require(step["run"]?.string), in: folder, try filled(step["env"], names))
      }
      if !runner.end.succeeded { break }
    }
    return runner.end
  }

  /// What the actions do that the examples use.
  private func use(_ action: String, _ inputs: [String: String], _ runner: PipelineJob, _ ref: String) throws
  {
    if action.hasPrefix("actions/checkout@") {
      #expect(inputs["persist-credentials"] == "false", "\(path) keeps the token in the repository")
      try runner.checkOut(inputs["ref"] ?? ref, into: "work/" + (inputs["path"] ?? "."))
    } else if action.hasSuffix("/actions/berth"), action.hasPrefix("./") {
      try ActionStep.run(action, inputs, runner)
    } else {
      throw Unknown(description: "the test does not know what \(action) does: teach it")
    }
  }

  // MARK: Expressions

  private func filled(_ value: Value?, _ names: [String: String]) throws -> [String: String] {
    var result: [String: String] = [:]
    for member in value?.members ?? [] {
      let text = member.value.string ?? CanonicalJSON.compact(member.value)
      result[member.key] = try Self.fill(text, names)
    }
    return result
  }

  /// A text with its expressions filled in. One that the test does not know is an error.
  static func fill(_ text: String, _ names: [String: String]) throws -> String {
    var (result, rest) = ("", text[...])
    while let match = rest.firstMatch(of: /\$\{\{\s*(.*?)\s*\}\}/) {
      guard let value = names[String(match.1)] else {
        throw Unknown(description: "the test does not know the value of \(match.1): teach it")
      }
      result += rest[..<match.range.lowerBound] + value
      rest = rest[match.range.upperBound...]
    }
    return result + rest
  }

  private func isWanted(_ condition: Value?, _ names: [String: String]) throws -> Bool {
    guard let condition = condition?.string else { return true }
    guard let match = condition.wholeMatch(of: /([a-z_.]+) == '([^']*)'/), let value = names[String(match.1)]
    else { throw Unknown(description: "the test does not know what `if: \(condition)` means: teach it") }
    return value == match.2
  }
}
