import Foundation
import Testing

/// A pull request by a stranger: what its files make a pipeline's commands read, show, send and run.
@Suite struct StrangerTests {
  let sandbox: Sandbox

  /// What no command may show.
  private static let planted = "planted-9c41e7"

  /// A runner with a secret in its environment and in files, and a repository that is checked out in it.
  init() throws {
    sandbox = try Sandbox()
    sandbox.environment = ["CI_TOKEN": Self.planted, "HOME": sandbox.folder + "/user"]
    try sandbox.make("user/.docker/config.json", "{\"auths\": {\"x\": {\"auth\": \"\(Self.planted)\"}}}")
    try sandbox.make("elsewhere/secret.yaml", "\(Self.planted): [\n")
    try sandbox.make("repository/.git/config", "[http]\n\textraheader = \(Self.planted)\n")
    try sandbox.make("repository/w.yaml", Self.spec(""))
  }

  private static func spec(_ fields: String) -> String {
    "name: w\nservices: [{name: main, stopGrace: 1s, command: [sleep, '86400']\(fields)}]\n"
  }

  /// Runs the program in the repository.
  private func berth(_ arguments: [String]) throws -> Sandbox.Result {
    let words = ([Sandbox.program] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let result = try sandbox.shell("cd repository && \(words)")
    let text = arguments.joined(separator: " ")
    #expect(
      !(result.output + result.errors).contains(Self.planted), "\(text): \(result.output)\(result.errors)")
    return result
  }

  /// Files of the runner, as a spec in the repository may name them.
  private static let files = [
    "/proc/self/environ", "../user/.docker/config.json", "../elsewhere/secret.yaml", ".git/config", "link",
    "git",
    "folder/secret.yaml", "chain",
  ]

  private func plantLinks() throws {
    try sandbox.link("repository/link", to: "/proc/self/environ")
    try sandbox.link("repository/chain", to: "link")
    try sandbox.link("repository/git", to: ".git/config")
    try sandbox.link("repository/folder", to: "../elsewhere")
  }

  // MARK: Reading and showing

  @Test(
    "No spec has a file of the runner shown",
    arguments: [
      ["validate"], ["render"], ["plan"], ["plan", "--format", "markdown"], ["plan", "--format", "json"],
      ["plan", "--out", "plan.json"], ["apply", "--yes"],
    ]) func noSpecHasAFileOfTheRunnerShown(_ command: [String]) throws
  {
    try plantLinks()
    for file in Self.files {
      try sandbox.write(
        "repository/w.yaml", Self.spec(", configFiles: [{name: f, path: /etc/f, file: \"\(file)\"}]"))
      let result = try berth(command + ["-f", "w.yaml"])
      #expect(result.status == 1 && result.errors.contains("error[E0114]"), "\(file): \(result.errors)")
    }
    #expect(sandbox.contents("repository/plan.json") == nil)
  }

  @Test("A link in the place of a file that a pipeline names shows nothing")
  func aLinkInThePlaceOfAFileThatAPipelineNamesShowsNothing() throws {
    for target in ["/proc/self/environ", "../elsewhere/secret.yaml", ".git/config"] {
      unlink(sandbox.folder + "/repository/w.yaml")
      try sandbox.link("repository/w.yaml", to: target)
      for command in [
        ["validate", "-f", "w.yaml"], ["validate", "-f", "."], ["plan", "-f", "*.yaml"],
        ["plan", "-f", sandbox.folder + "/repository/w.yaml"], ["render", "-f", "-", "--var-file", "w.yaml"],
        ["import", "compose", "w.yaml"], ["import", "kubernetes", "w.yaml"],
      ] {
        let result = try berth(command)
        #expect(result.status == 1 && result.errors.contains("error[E0114]"), "\(command): \(result.errors)")
      }
    }
  }

  @Test("A link in the place of the configuration shows nothing")
  func aLinkInThePlaceOfTheConfigurationShowsNothing() throws {
    for target in ["../elsewhere/secret.yaml", "/proc/self/environ"] {
      unlink(sandbox.folder + "/repository/berth.yaml")
      try sandbox.link("repository/berth.yaml", to: target)
      for command in [["plan", "-f", "w.yaml"], ["drift", "w"], ["providers"], ["secret", "list"]] {
        let result = try berth(command)
        #expect(result.status == 1 && result.errors.contains("error[E0114]"), "\(command): \(result.errors)")
      }
    }
  }

  @Test(
    "No compose file has a file of the runner shown",
    arguments: [
      "services: {web: {image: a, env_file: %}}",
      "services: {web: {image: a, env_file: [{path: %, format: raw}]}}",
      "services: {web: {image: a, label_file: %}}",
      "services: {web: {image: a, security_opt: ['seccomp:%']}}",
      "include: ['%']", "include: [{path: other.yaml, env_file: %}]",
      "services: {web: {extends: {file: %, service: web}}}",
      "services: {web: {image: a, configs: [c]}}\nconfigs: {c: {file: %}}",
    ]) func noComposeFileHasAFileOfTheRunnerShown(_ compose: String) throws
  {
    try plantLinks()
    try sandbox.write("repository/other.yaml", "services: {other: {image: b}}\n")
    for file in Self.files {
      try sandbox.write("repository/compose.yaml", compose.replacing("%", with: file) + "\n")
      let result = try berth(["import", "compose", "compose.yaml"])
      #expect(result.status == 1 && result.errors.contains("error[E0114]"), "\(file): \(result.errors)")
    }
  }

  @Test("Compose takes no variables from a link") func composeTakesNoVariablesFromALink() throws {
    try sandbox.link("repository/.env", to: "/proc/self/environ")
    try sandbox.write("repository/compose.yaml", "services: {web: {image: \"a:${CI_TOKEN}\"}}\n")
    let result = try berth(["import", "compose", "compose.yaml"])
    #expect(result.status == 1 && result.errors.contains("error[E0114]"), "\(result.errors)")
  }

  @Test("A secret of the runner is named and never shown") func aSecretOfTheRunnerIsNamedAndNeverShown()
    throws
  {
    try sandbox.write(
      "repository/w.yaml",
      Self.spec(
        ", secrets: [{key: \"env:CI_TOKEN\", as: A}, {key: \"file:../elsewhere/secret.yaml\", as: B}]"))
    for format in ["text", "json", "markdown", "mermaid", "dot"] {
      let result = try berth(["plan", "-f", "w.yaml", "--format", format])
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  // MARK: Sending and running

  @Test("A configuration of the repository reaches no other machine")
  func aConfigurationOfTheRepositoryReachesNoOtherMachine() throws {
    let ssh = try sandbox.make("bin/ssh", "#!/bin/sh\ntouch \(sandbox.folder)/ran\n")
    chmod(ssh, 0o755)
    sandbox.environment["PATH"] = "\(sandbox.folder)/bin:/usr/bin:/bin"
    for host in ["ssh://ada@build.example.com", "tcp://127.0.0.1:9"] {
      try sandbox.write(
        "repository/berth.yaml", "default: x\ntargets: {x: {provider: docker, host: \"\(host)\"}}\n")
      for command in [
        ["plan", "-f", "w.yaml"], ["drift", "w"], ["apply", "-f", "w.yaml"], ["status", "w"],
      ] {
        let result = try berth(command)
        #expect(result.status == 1 && result.errors.contains("error[E0712]"), "\(command): \(result.errors)")
        #expect(result.errors.contains("--config berth.yaml"), "\(result.errors)")
      }
      #expect(
        try berth(["providers", "--format", "json"]).output.contains("only a configuration that is given"))
    }
    #expect(sandbox.contents("ran") == nil)
    // A configuration that is given is meant.
    try sandbox.write(
      "repository/berth.yaml",
      "default: x\ntargets: {x: {provider: docker, host: \"ssh://ada@build.example.com\"}}\n")
    #expect(try berth(["status", "w", "--config", "berth.yaml"]).errors.contains("error[E0704]"))
    #expect(sandbox.contents("ran") != nil)
  }

  @Test("A configuration that is given switches off the search")
  func aConfigurationThatIsGivenSwitchesOffTheSearch() throws {
    try sandbox.write("repository/berth.yaml", "targets: {x: {provider: nonsense}}\n")
    try sandbox.make("runner.yaml", "targets: {lab: {provider: local}}\n")
    #expect(try berth(["plan", "-f", "w.yaml"]).errors.contains("error[E0709]"))
    #expect(try berth(["plan", "-f", "w.yaml", "-t", "lab", "--config", "../runner.yaml"]).status == 0)
    sandbox.environment["BERTH_CONFIG"] = sandbox.folder + "/runner.yaml"
    #expect(try berth(["plan", "-f", "w.yaml", "-t", "lab"]).status == 0)
    #expect(try berth(["plan", "-f", "w.yaml", "--config", "gone.yaml"]).errors.contains("error[E0110]"))
    sandbox.environment["BERTH_CONFIG"] = ""
    #expect(try berth(["plan", "-f", "w.yaml"]).errors.contains("error[E0709]"))
  }

  // MARK: What is said of it

  /// Each row of the table names a test that is there.
  @Test("Each row of the table has its test") func eachRowOfTheTableHasItsTest() throws {
    let text = try String(contentsOfFile: Sandbox.project + "/docs/security.md", encoding: .utf8)
    let section =
      try #require(text.components(separatedBy: "## A pull request by a stranger").last)
      .components(separatedBy: "\n## ").first ?? ""
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(rows.count > 15)
    let sources = try Self.tests()
    for row in rows {
      let cell = row.split(separator: "|").last { !$0.allSatisfy(\.isWhitespace) } ?? ""
      let names = cell.split(separator: "`").filter { $0.contains("/") }
      #expect(!names.isEmpty, "\(row)")
      for name in names {
        let parts = name.split(separator: "/")
        #expect(
          sources.contains { $0.contains("struct \(parts[0]) ") && $0.contains("func \(parts[1])(") },
          "\(name)")
      }
    }
    for command in [
      "validate", "render", "plan", "plan --out", "drift", "apply", "import compose", "import kubernetes",
    ] {
      #expect(rows.contains { $0.split(separator: "|")[0].contains("`\(command)`") }, "\(command)")
    }
  }

  private static func tests() throws -> [String] {
    let folder = Sandbox.project + "/Tests"
    let files = FileManager.default.enumerator(atPath: folder)
    var sources: [String] = []
    while let file = files?.nextObject() as? String {
      guard file.hasSuffix("Tests.swift") else { continue }
      sources.append(try String(contentsOfFile: folder + "/" + file, encoding: .utf8))
    }
    return sources
  }
}
