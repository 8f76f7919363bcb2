import Foundation
import Testing

@testable import BerthCommands

/// What a command says goes to a full disk, or to a reader that is gone.
@Suite struct LostOutputTests {
  private static let spec = """
    name: shop
    services: [{name: main, stopGrace: 1s, command: [sh, -c, 'echo hello; exec sleep 86400'], env: {LEVEL: "%"}}]
    """

  /// Every command with something to say, in an order in which each has: what a command does has happened for the next.
  private static let commands: [[String]] = [
    ["validate", "-f", "one.yaml"], ["validate", "-f", "one.yaml", "--format", "json"],
    ["render", "-f", "one.yaml"], ["render", "-f", "one.yaml", "--explain", "name"],
    ["graph", "-f", "one.yaml"], ["plan", "-f", "one.yaml"],
    ["plan", "-f", "one.yaml", "--format", "markdown"],
    ["apply", "-f", "one.yaml"], ["plan", "-f", "two.yaml", "--out", "plan.json"],
    ["apply", "plan.json", "--format", "json"],
    ["plan", "shop", "--to-release", "1"], ["rollback", "shop", "--yes"], ["history", "shop"],
    ["diff", "shop", "1", "2"], ["list"], ["status", "shop"], ["logs", "shop"], ["usage", "shop"],
    ["exec", "shop", "--", "echo", "hello"], ["drift", "shop"], ["providers"], ["stop", "shop", "--yes"],
    ["start", "shop", "--yes"], ["restart", "shop", "--yes"], ["scale", "shop", "--replicas", "2", "--yes"],
    ["suspend", "shop", "--reason", "test", "--yes"], ["unsuspend", "shop", "--yes"], ["secret", "list"],
    ["secret", "get", "key"],
    ["import", "compose", "compose.yaml"], ["import", "kubernetes", "manifests.yaml"], ["schema"],
    ["explain", "E0101"],
    ["apply", "-f", "canary.yaml"], ["apply", "-f", "moved.yaml", "--pause"], ["abort", "canary", "--yes"],
    ["apply", "-f", "moved.yaml", "--pause"], ["promote", "canary", "--yes"],
    ["destroy", "shop", "--yes"], ["destroy", "canary", "--yes"], ["--help"], ["--version"],
    ["help", "plan"],
    ["plan", "--help"], ["completion", "bash"], ["--generate-completion-script", "bash"],
  ]
  /// Those that have nothing to say where it all went well, or whose work can't be had here.
  private static let silent: Set<String> = ["unlock", "cluster"]

  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test("Every command ends with an error on a full disk") func everyCommandEndsWithAnErrorOnAFullDisk()
    throws
  {
    try sandbox.write("one.yaml", Self.spec.replacing("%", with: "one"))
    try sandbox.write("two.yaml", Self.spec.replacing("%", with: "two"))
    let canary = """
      name: canary
      replicas: 2
      strategy: {type: canary}
      services: [{name: main, stopGrace: 1s, command: [sleep, '86400'], env: {LEVEL: "%"}}]
      """
    try sandbox.write("canary.yaml", canary.replacing("%", with: "one"))
    try sandbox.write("moved.yaml", canary.replacing("%", with: "two"))
    try sandbox.write("compose.yaml", "services: {web: {image: \"shop/web:1.0\"}}\n")
    try sandbox.write(
      "manifests.yaml",
      "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, image: \"web:1.0\"}]}}\n"
    )
    #expect(try sandbox.berth("secret", "set", "key", input: "value").status == 0)
    for command in Self.commands {
      let result = try lose(command, to: "/dev/full")
      let text = command.joined(separator: " ")
      #expect(result.status == 1, "\(text): \(result.errors)")
      #expect(
        result.errors.contains(
          "error[E0713]: can't write to standard output: No space left on device"),
        "\(text): \(result.errors)")
    }
  }

  /// Runs the program with its output to a file.
  private func lose(_ command: [String], to file: String) throws -> Sandbox.Result {
    let words = ([Sandbox.program] + command).map { "'\($0)'" }.joined(separator: " ")
    return try sandbox.shell("\(words) > \(file)")
  }

  @Test("Every command is among them") func everyCommandIsAmongThem() {
    let tried = Set(Self.commands.compactMap(\.first)).union(Self.silent)
    for command in Berth.configuration.subcommands {
      let name = command.configuration.commandName ?? ""
      #expect(tried.contains(name), "\(name) is not tried")
    }
  }

  @Test("A run goes on all the same") func aRunGoesOnAllTheSame() throws {
    try sandbox.write("one.yaml", Self.spec.replacing("%", with: "one"))
    #expect(try lose(["apply", "-f", "one.yaml"], to: "/dev/full").status == 1)
    #expect(try sandbox.releaseNumbers("shop") == [1])
    #expect(try sandbox.processIDs("shop").count == 1)
    #expect(try sandbox.berth("plan", "-f", "one.yaml", "--detailed-exitcode").status == 0)
    #expect(try lose(["plan", "-f", "one.yaml", "--detailed-exitcode"], to: "/dev/full").status == 1)
  }

  @Test("A stream that is closed is an error and takes nothing else")
  func aStreamThatIsClosedIsAnErrorAndTakesNothingElse() throws {
    try sandbox.write("one.yaml", Self.spec.replacing("%", with: "one"))
    let closed = try sandbox.shell("'\(Sandbox.program)' apply -f one.yaml >&-")
    #expect(closed.status == 1 && closed.errors.contains("error[E0713]"), "\(closed.errors)")
    #expect(try sandbox.releaseNumbers("shop") == [1])
    #expect(try sandbox.berth("status", "shop").status == 0)
  }

  @Test("A reader that is gone is no error") func aReaderThatIsGoneIsNoError() throws {
    try sandbox.write("one.yaml", Self.spec.replacing("%", with: "one"))
    #expect(try sandbox.berth("apply", "-f", "one.yaml").status == 0)
    for command in ["schema", "history shop", "--help", "exec shop -- sh -c 'yes | head -c 1000000'"] {
      let result = try sandbox.shell(
        "bash -c \"{ sleep 1; '\(Sandbox.program)' \(command); } | true; exit \\${PIPESTATUS[0]}\"")
      #expect(result.status == 0 && result.errors.isEmpty, "\(command): \(result.status) \(result.errors)")
    }
    // What was asked for besides is done.
    try sandbox.write("two.yaml", Self.spec.replacing("%", with: "two"))
    _ = try sandbox.shell(
      "bash -c \"{ sleep 1; '\(Sandbox.program)' plan -f two.yaml --out plan.json; } | true\"")
    #expect(sandbox.contents("plan.json")?.isEmpty == false)
  }
}
