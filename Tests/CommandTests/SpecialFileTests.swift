import Foundation
import Testing

@testable import BerthCommands

/// A named pipe in the place of each file that a user can name: to open it would wait for ever.
@Suite struct SpecialFileTests {
  /// A way to name a file.
  struct Way: Sendable, CustomTestStringConvertible {
    /// What is named.
    let testDescription: String
    /// What is there besides, by file.
    var files: [String: String] = [:]
    /// Where the pipe is; a path of the sandbox.
    var pipe = "pipe"
    /// The variables that are set; `%` stands for the sandbox.
    var environment: [String: String] = [:]
    /// The command.
    let command: [String]
    /// What must be said.
    var says = "is no regular file: it is a named pipe"
    /// The exit status.
    var status: Int32 = 1
  }

  private static let spec = "name: web\nservices: [{name: web, image: \"web:1\"}]\n"

  private static func spec(_ field: String) -> String {
    "name: web\nservices: [{name: web, image: \"web:1\", \(field)}]\n"
  }

  private static let ways: [Way] = [
    Way(testDescription: "a spec", command: ["validate", "-f", "pipe"]),
    Way(
      testDescription: "a spec of a folder", files: ["specs/a.yaml": spec], pipe: "specs/b.yaml",
      command: ["validate", "-f", "specs"]),
    Way(
      testDescription: "a spec that a pattern matches", pipe: "b.yaml", command: ["plan", "-f", "*.yaml"]),
    Way(
      testDescription: "a file of variables", files: ["w.yaml": spec],
      command: ["render", "-f", "w.yaml", "--var-file", "pipe"]),
    Way(
      testDescription: "a config file",
      files: ["w.yaml": spec("configFiles: [{name: a, path: /etc/a, file: pipe}]")],
      command: ["validate", "-f", "w.yaml"]),
    Way(
      testDescription: "a secret",
      files: ["w.yaml": spec("command: [sleep], secrets: [{key: \"file:pipe\", as: A}]")],
      command: ["plan", "-f", "w.yaml"], status: 0),
    Way(testDescription: "a saved plan", command: ["apply", "pipe"]),
    Way(testDescription: "berth.yaml", pipe: "berth.yaml", command: ["status", "web"]),
    Way(
      testDescription: "a compose file", command: ["import", "compose", "pipe"]),
    Way(
      testDescription: "a manifest", command: ["import", "kubernetes", "pipe"]),
    Way(
      testDescription: "an environment file of compose",
      files: ["c.yaml": "services: {web: {image: \"a:1\", env_file: pipe}}\n"],
      command: ["import", "compose", "c.yaml"]),
    Way(
      testDescription: "an environment file of the command line",
      files: ["c.yaml": "services: {web: {image: \"a:1\"}}\n"],
      command: ["import", "compose", "c.yaml", "--env-file", "pipe"]),
    Way(
      testDescription: "a compose file that is included", files: ["c.yaml": "include: [pipe]\n"],
      command: ["import", "compose", "c.yaml"]),
    Way(
      testDescription: "a compose file that is extended",
      files: ["c.yaml": "services: {web: {extends: {file: pipe, service: web}}}\n"],
      command: ["import", "compose", "c.yaml"]),
    Way(
      testDescription: "the vault", pipe: "home/vault/vault.json", command: ["secret", "list"]),
    Way(
      testDescription: "the settings of the docker client",
      files: ["berth.yaml": "targets: {engine: {provider: docker, context: staging}}\n"],
      pipe: "docker/config.json", environment: ["DOCKER_CONFIG": "%/docker"],
      command: ["status", "web", "-t", "engine"]),
    Way(
      testDescription: "the certificate of an engine", files: [:], pipe: "docker/ca.pem",
      environment: [
        "DOCKER_HOST": "tcp://127.0.0.1:1", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "%/docker",
      ],
      command: ["providers", "-t", "engine", "--config", "c.yaml"]),
  ]

  @Test("A pipe is never waited for", arguments: ways)
  func aPipeIsNeverWaitedFor(_ way: Way) throws {
    let sandbox = try Sandbox()
    for (name, text) in way.files { try sandbox.make(name, text) }
    if way.command.contains("c.yaml"), way.files["c.yaml"] == nil {
      try sandbox.make("c.yaml", "targets: {engine: {provider: docker}}\n")
    }
    try sandbox.make(way.pipe, "")
    let pipe = sandbox.folder + "/" + way.pipe
    try #require(unlink(pipe) == 0 && mkfifo(pipe, 0o600) == 0)
    for (name, value) in way.environment {
      sandbox.environment[name] = value.replacing("%", with: sandbox.folder)
    }
    // A program that waits is ended, with status 124.
    let command = (["timeout", "60", Sandbox.program] + way.command).map { "'\($0)'" }.joined(separator: " ")
    let result = try sandbox.shell(command)
    #expect(result.status == way.status, "\(result.output)\(result.errors)")
    #expect((result.errors + result.output).contains(way.says), "\(result.output)\(result.errors)")
  }

  @Test("What the shell hands over is read") func whatTheShellHandsOverIsRead() throws {
    let sandbox = try Sandbox()
    let program = "'\(Sandbox.program)'"
    try sandbox.make("w.yaml", Self.spec)
    for command in [
      "\(program) validate -f <(cat w.yaml)", "cat w.yaml | \(program) validate -f -",
      "\(program) validate -f w.yaml --var-file <(echo 'unused: 1')",
    ] {
      let result = try sandbox.shell("bash -c \"\(command)\"")
      #expect(result.status == 0 && result.output.contains("1 workload is valid"), "\(result.errors)")
    }
    let refused = try sandbox.shell("\(program) validate -f /dev/stdin < w.yaml")
    #expect(refused.status == 1 && refused.errors.contains("named `-`"), "\(refused.errors)")
  }
}
