import Foundation
import Testing

/// Every example that a `--help` shows is run as it is printed, by a person at a terminal who agrees to what is
/// asked.
@Suite struct HelpExampleTests {
  /// What has to be done before an example, as shell commands: each row whose words all stand in the example,
  /// from the first row to the last. `$EXAMPLES` is the folder of the project's examples.
  private static let preparations: [(words: [String], commands: String)] = [
    (["base.yaml"], "cp $EXAMPLES/environments/*.yaml ."),
    ([" shop/"], "cp -R $EXAMPLES/many shop"),
    (["--target prod"], "echo 'targets: {prod: {provider: local}}' > berth.yaml"),
    ([" web"], "berth apply -f workload.yaml"),
    ([" web db"], "sed 's/^name: web/name: db/' workload.yaml | berth apply -f -"),
    (["apply", "--service"], "berth apply -f workload.yaml"),
    (["--policies"], "cp -R $EXAMPLES/policies policies"),
    (["plan.json"], "berth apply -f workload.yaml"),
    (["--expect"], "berth apply -f workload.yaml"),
    (["apply plan.json"], "berth plan -f workload.yaml --var release=2 --out plan.json"),
    (["--to"], "for n in 2 3 4 5; do berth apply -f workload.yaml --var release=$n; done"),
    (["rollback web"], "berth apply -f workload.yaml --var release=2"),
    (["diff web"], "for n in 2 3 4 5; do berth apply -f workload.yaml --var release=$n; done"),
    (["berth start"], "berth stop web"),
    (["unsuspend"], "berth suspend web --reason test"),
    (["canary"], "berth apply -f canary.yaml --var word=old"),
    (["promote"], "berth apply -f canary.yaml --pause"),
    (["abort"], "berth apply -f canary.yaml --pause"),
    (["logs shop"], "berth apply -f migrated.yaml"),
    (["manifests/"], "mkdir manifests && mv manifests.yaml manifests/"),
    (["shop/api-token"], "echo token | berth secret set shop/api-token"),
  ]

  /// What is typed at once for the examples with these words.
  private static let typed: [(word: String, text: String)] = [("-- sh", "exit\n")]

  /// What a question ends with. Every one is answered with `y`: it is consent, or as good a value as any.
  private static let questions = ["[y/N] ", ": "]

  /// The words of examples that go on until they are interrupted.
  private static let endless = ["--follow", "--watch"]

  /// What lies in the folder that examples are run in.
  private static let files = [
    "workload.yaml": """
    name: web
    replicas: 2
    labels: {release: "${var.release}"}
    variables: [{name: release, default: "1"}]
    services:
      - {name: web, command: [/bin/sh, -c, 'echo served; exec sleep 1000'], stopGrace: 1s}
      - {name: clock, role: sidecar, command: [/bin/sh, -c, 'echo tick; exec sleep 1000'], stopGrace: 1s}
    """,
    "canary.yaml": """
    name: canary
    replicas: 2
    strategy: {type: canary, maxSurge: 1}
    variables: [{name: word, default: new}]
    services:
      - {name: main, command: [sleep, '1000'], env: {WORD: "${var.word}"}, stopGrace: 1s}
    """,
    "migrated.yaml": """
    name: shop
    services:
      - {name: migrate, role: before, command: [/bin/sh, -c, 'echo migrated']}
      - {name: web, command: [sleep, '1000'], stopGrace: 1s}
    """,
    "compose.yaml": "services: {web: {image: 'nginx:1.27.0'}}",
    "manifests.yaml": """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      selector: {matchLabels: {app: web}}
      template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'nginx:1.27.0'}]}}
    """,
    "compose.prod.yaml": "services: {web: {environment: {TIER: production}}}",
  ]

  /// The examples of every command, in the order of the help.
  static let all = (try? HelpText.read().flatMap(\.examples)) ?? []

  @Test("Runs as printed", arguments: all.filter { !$0.hasPrefix(ClusterHelpExampleTests.prefix) })
  func runsAsPrinted(_ example: String) throws { try Self.run(example) }

  /// Runs an example as it is printed, and expects it to succeed.
  ///
  /// - Parameter environment: variables that it is run with.
  static func run(_ example: String, environment: [String: String] = [:]) throws {
    let sandbox = try Sandbox()
    for (name, text) in Self.files { try sandbox.write(name, text) }
    let folder = sandbox.folder + "/bin"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/berth", withDestinationPath: Sandbox.program)
    sandbox.environment = [
      "PATH": folder + ":/usr/bin:/bin", "TERM": "xterm", "EXAMPLES": Sandbox.project + "/examples",
    ].merging(environment) { $1 }
    let commands = Self.preparations.filter { $0.words.allSatisfy(example.contains) }.map(\.commands)
    let prepared = try sandbox.shell((["set -e"] + commands).joined(separator: "\n"))
    #expect(prepared.status == 0, "what `\(example)` needs can't be prepared: \(prepared.errors)")

    let terminal = try PseudoTerminal(columns: 120, rows: 40)
    for (word, text) in Self.typed where example.contains(word) { terminal.type(text) }
    let process = try sandbox.start(shell: "exec " + example, on: terminal)
    if Self.endless.contains(where: example.contains) {
      #expect(eventually { terminal.text.contains("clock") || !process.isRunning })
      #expect(process.isRunning, "\(terminal.text)")
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      let status = process.terminationStatus
      #expect(
        process.terminationReason == .exit ? [0, 130].contains(status) : status == SIGINT, "\(terminal.text)")
    } else {
      let isOver = answer(on: terminal) { !process.isRunning }
      process.terminate()
      process.waitUntilExit()
      #expect(
        isOver && process.terminationReason == .exit && process.terminationStatus == 0,
        "`\(example)` ends with \(process.terminationStatus). Is everything that it names there? A row of `preparations` can make it.\n\(terminal.text)"
      )
    }
  }

  /// Answers what is asked, until something is so.
  private static func answer(on terminal: PseudoTerminal, until isOver: () -> Bool) -> Bool {
    var seen = 0
    return eventually {
      let text = terminal.text
      if text.utf8.count > seen, Self.questions.contains(where: { text.hasSuffix($0) }) {
        seen = text.utf8.count
        terminal.type("y\n")
      }
      return isOver()
    }
  }

  @Test("Every command shows an example") func everyCommandShowsAnExample() throws {
    let commands = try HelpText.read()
    #expect(commands.count > 20)
    for command in commands where command.subcommands.isEmpty {
      let own = command.examples.filter { $0.hasPrefix("\(command.name) ") || $0 == command.name }
      #expect(!own.isEmpty, "\(command.name)")
    }
  }
}

/// What `berth help` says of a command.
private struct HelpText {
  /// The command with everything before it: `berth plan`.
  let name: String
  let subcommands: [String]
  /// The command lines that it shows as examples.
  let examples: [String]

  /// The help of every command, and of the commands below it.
  static func read() throws -> [HelpText] { try read(below: []) }

  private static func read(below path: [String]) throws -> [HelpText] {
    let sandbox = try Sandbox()
    // Wide enough for every line to stay one.
    sandbox.environment["COLUMNS"] = "1000"
    let lines = try sandbox.berth(["help"] + path).output.split(
      separator: "\n", omittingEmptySubsequences: false)
    let subcommands = lines.drop { !$0.hasPrefix("SUBCOMMANDS:") }.dropFirst().prefix { !$0.isEmpty }
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    let examples = lines.drop { !$0.hasPrefix("Example") }.dropFirst().prefix { $0.hasPrefix("  ") }
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let own = HelpText(
      name: (["berth"] + path).joined(separator: " "), subcommands: subcommands, examples: examples)
    return try [own] + subcommands.flatMap { try read(below: path + [$0]) }
  }
}
