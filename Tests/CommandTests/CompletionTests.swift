import Foundation
import Testing

@testable import BerthCommands

/// What shells complete: each is real, and asks the program that is built here.
@Suite struct CompletionTests {
  let sandbox: Sandbox

  /// Two workloads, one of them with two releases, and targets whose names a shell must not take for more than names.
  init() throws {
    sandbox = try Sandbox()
    try FileManager.default.createDirectory(
      atPath: sandbox.folder + "/bin", withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.folder + "/bin/berth", withDestinationPath: Sandbox.program)
    sandbox.environment = [
      "PATH": sandbox.folder + "/bin:/usr/bin:/bin", "TERM": "xterm", "HOME": sandbox.folder + "/user",
      "INPUTRC": "/dev/null", "PS1": "> ",
    ]
    try sandbox.make("user/.profile", "")
  }

  private func prepare() throws {
    try sandbox.write(
      "berth.yaml",
      """
      targets:
        lab: {provider: local}
        "$(touch owned)": {provider: local}
        "`touch owned`": {provider: local}
        "a b": {provider: local}
        "--yes": {provider: local}
      """)
    for level in ["one", "two"] {
      try sandbox.write("web.yaml", Self.spec("web", replicas: 2, level))
      #expect(try sandbox.berth("apply", "-f", "web.yaml").status == 0)
    }
    try sandbox.write("gone.yaml", Self.spec("gone", replicas: 1, "one"))
    #expect(try sandbox.berth("apply", "-f", "gone.yaml").status == 0)
    #expect(try sandbox.berth("destroy", "gone", "--yes").status == 0)
  }

  private static func spec(_ name: String, replicas: Int, _ level: String) -> String {
    """
    name: \(name)
    replicas: \(replicas)
    strategy: {type: recreate}
    services:
      - {name: api, command: [sleep, '86400'], stopGrace: 1s, env: {LEVEL: \(level)}}
      - {name: clock, role: sidecar, command: [sleep, '86400'], stopGrace: 1s}

    """
  }

  /// Lines up to where the key is pressed, and the names that are offered there.
  private static let lines: [(line: [String], names: [String])] = [
    (["status", "-t", ""], ["lab", "local"]),
    (["status", "-n", ""], ["default"]),
    (["status", ""], ["web"]),
    (["status", "-t", "lab", "w"], ["web"]),
    (["status", "-n", "other", ""], []),
    (["history", ""], ["gone", "web"]),
    (["destroy", "web", ""], []),
    (["logs", "web", "--service", ""], ["api", "clock"]),
    (["logs", "--tail", "3", "web", "--service", "c"], ["clock"]),
    (["logs", "-t", "lab", "web", "--instance", ""], ["0", "1"]),
    (["restart", "web", "--instance", ""], ["0", "1"]),
    (["rollback", "web", "--to", ""], ["1", "2"]),
    (["rollback", "nothing", "--to", ""], []),
    (["plan", "web", "--to-release", ""], ["1", "2"]),
    (["diff", "web", ""], ["1", "2"]),
    (["plan", "-f", "gone.yaml", "--service", ""], ["api", "clock"]),
    (["plan", "-f", "none.yaml", "--service", ""], []),
    (["plan", "--format", "ma"], ["markdown"]),
    (["completion", ""], ["bash", "fish", "zsh"]),
    (["explain", "E0101"], ["E0101"]),
  ]

  /// What bash has offered by the end of a line.
  private func bash(_ line: [String]) throws -> [String] {
    let words = (["berth"] + line).map { "'\($0)'" }.joined(separator: " ")
    let script = """
      source <(berth completion bash)
      COMP_WORDS=(\(words)) COMP_CWORD=\(line.count)
      COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
      _berth berth "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    try sandbox.write("ask.bash", script)
    let result = try sandbox.shell("bash --norc ask.bash")
    #expect(result.errors.isEmpty, "\(line): \(result.errors)")
    return result.output.split(separator: "\n").map(String.init).sorted()
  }

  @Test("Bash offers what is there") func bashOffersWhatIsThere() throws {
    try prepare()
    for (line, names) in Self.lines { #expect(try bash(line) == names, "\(line)") }
    #expect(sandbox.contents("owned") == nil)
  }

  @Test("Bash offers commands options and files") func bashOffersCommandsOptionsAndFiles() throws {
    try sandbox.make("specs/w.yaml", "")
    try sandbox.write("notes.txt", "")
    #expect(try bash(["rol"]) == ["rollback"])
    #expect(try bash(["rollback", "web", "--ru"]) == ["--run-before"])
    let files = try bash(["plan", "-f", ""])
    #expect(files.contains("specs") && !files.contains("notes.txt"), "\(files)")
    #expect(try bash(["plan", "-f", "specs/"]) == ["specs/w.yaml"])
  }

  @Test("Bash completes what is typed") func bashCompletesWhatIsTyped() throws {
    try prepare()
    try sandbox.write("rc", "source <(berth completion bash)\n")
    let terminal = try PseudoTerminal(columns: 100, rows: 24)
    let shell = try sandbox.start(shell: "exec bash --noprofile --rcfile rc -i", on: terminal)
    terminal.type("berth stat\tw\t--format j\t; exit\n")
    #expect(
      eventually { terminal.text.contains("\"workload\": \"web\"") || !shell.isRunning }, "\(terminal.text)")
    shell.terminate()
    shell.waitUntilExit()
  }

  @Test(
    "Zsh completes what is typed",
    .enabled(if: InstalledProgram.path("zsh") != nil, "zsh is not installed here"))
  func zshCompletesWhatIsTyped() throws {
    try prepare()
    try sandbox.shell("mkdir functions && berth completion zsh > functions/_berth").expectSuccess()
    try sandbox.write(
      "user/.zshrc", "PS1='> '; fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -u -D\n")
    try expectCompletions(of: "zsh -d -i")
  }

  @Test(
    "Fish completes what is typed",
    .enabled(if: InstalledProgram.path("fish") != nil, "fish is not installed here"))
  func fishCompletesWhatIsTyped() throws {
    try prepare()
    try sandbox.make(
      "user/.config/fish/config.fish",
      "function fish_prompt; printf '> '; end; function fish_greeting; end; berth completion fish | source\n")
    try expectCompletions(of: "fish -i")
  }

  /// Types into a shell that has a prompt, and expects names to be listed and to be filled in.
  private func expectCompletions(of command: String) throws {
    let terminal = try PseudoTerminal(columns: 100, rows: 24)
    let shell = try sandbox.start(shell: "exec \(command)", on: terminal)
    #expect(eventually { terminal.text.contains("> ") || !shell.isRunning })
    terminal.type("berth logs web --service \t\t")
    #expect(eventually { terminal.text.contains("clock") || !shell.isRunning }, "\(terminal.text)")
    // What is typed so far is given up: Escape ends the list, and Control-C the line.
    terminal.type("\u{1B}\u{3}")
    terminal.type("berth stat\tw\t--format j\t; exit\n")
    #expect(
      eventually { terminal.text.contains("\"workload\": \"web\"") || !shell.isRunning }, "\(terminal.text)")
    shell.terminate()
    shell.waitUntilExit()
    #expect(sandbox.contents("owned") == nil)
  }

  /// Asks the program as the script of a shell does.
  private func ask(_ argument: String, _ words: [String]) throws -> Sandbox.Result {
    try sandbox.berth(
      ["---completion", words[0], "--", argument, "\(words.count)", "0", "berth"] + words)
  }

  @Test("What goes wrong is silent and changes nothing") func whatGoesWrongIsSilentAndChangesNothing() throws
  {
    try sandbox.write("berth.yaml", "targets: {lab: {provider: nothing}}\n")
    for (argument, words) in [
      ("positional@0", ["status", ""]), ("positional@0", ["status", "-t", "none", ""]),
      ("--target", ["status", "-t", ""]), ("--namespace", ["status", "-n", ""]),
    ] {
      let result = try ask(argument, words)
      #expect(result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(words): \(result)")
    }
    unlink(sandbox.folder + "/berth.yaml")
    #expect(try ask("positional@0", ["status", ""]).output.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: sandbox.home))
  }

  @Test("No program runs that a configuration names which was found")
  func programs() throws {
    try sandbox.write("bin/ssh", "#!/bin/sh\ntouch '\(sandbox.folder)/owned'\n")
    try sandbox.write("bin/plugin", "#!/bin/sh\ntouch '\(sandbox.folder)/owned'\n")
    chmod(sandbox.folder + "/bin/ssh", 0o755)
    chmod(sandbox.folder + "/bin/plugin", 0o755)
    try sandbox.write(
      "kubeconfig",
      """
      apiVersion: v1
      kind: Config
      clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
      users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/plugin}}}]
      contexts: [{name: c, context: {cluster: c, user: u}}]
      current-context: c
      """)
    try sandbox.write(
      "berth.yaml",
      "targets: {far: {provider: docker, host: 'ssh://host'}, near: {provider: kubernetes, kubeconfig: kubeconfig}}\n"
    )
    for target in ["far", "near"] {
      let result = try ask("positional@0", ["status", "-t", target, ""])
      #expect(result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(target): \(result)")
    }
    #expect(sandbox.contents("owned") == nil)
  }

  @Test("The installed scripts are where shells look") func theInstalledScriptsAreWhereShellsLook() throws {
    let script = Sandbox.project + "/scripts/install-completions"
    try sandbox.shell("'\(script)' berth \(sandbox.folder)/prefix").expectSuccess()
    #expect(
      sandbox.contents("prefix/share/bash-completion/completions/berth")?.contains("complete -o filenames")
        == true)
    #expect(sandbox.contents("prefix/share/zsh/site-functions/_berth")?.hasPrefix("#compdef berth\n") == true)
    #expect(sandbox.contents("prefix/share/fish/vendor_completions.d/berth.fish")?.isEmpty == false)
  }

  @Test(
    "A line is read as the shells hand it over",
    arguments: [
      (["berth", "logs", "--target=prod", "web"], ["prod"], ["web"]),
      (["berth", "logs", "--target", "=", "prod", "web"], ["prod"], ["web"]),
      (["berth", "logs", "-t", "'prod'", "web"], ["prod"], ["web"]),
      (["berth", "logs", "web", "-t", "prod"], ["prod"], ["web"]),
      (["berth", "logs", "--since", "10m", "Web", "web"], [], ["10m", "web"]),
    ] as [([String], [String], [String])])
  func lines(_ words: [String], _ targets: [String], _ workloads: [String]) {
    let line = CompletionLine(words + ["w"], completing: words.count)
    #expect(line.values(of: "-t", "--target") == targets)
    #expect(line.possibleWorkloads == workloads)
  }
}

extension Sandbox.Result {
  /// Expects that it went well.
  fileprivate func expectSuccess() {
    #expect(status == 0, "\(errors)")
  }
}
