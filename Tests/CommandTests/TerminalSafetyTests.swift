import Foundation
import Testing
import WorkloadSpec

/// Sequences that terminals obey, planted in everything that comes from outside, and then looked for in everything
/// that the commands say.
@Suite struct TerminalSafetyTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  /// Clears the screen, renames the window, and starts a sequence in one byte.
  private static let escape = "\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}31m\u{8}\r"
  /// The same within double quotes of YAML.
  private static let written = #"\e[2J\e]0;owned\a\x9b31m\b\r"#

  /// Runs a command and looks at what it says.
  @discardableResult
  private func berth(_ arguments: String...) throws -> Sandbox.Result {
    let result = try sandbox.berth(arguments)
    for (text, stream) in [(result.output, "output"), (result.errors, "errors")] {
      let command = arguments.joined(separator: " ").debugDescription
      #expect(Self.isHarmless(text), "the \(stream) of \(command): \(text.debugDescription)")
    }
    return result
  }

  private static func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      scalar == "\n" || scalar == "\t" || scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
    }
  }

  private func workload(_ level: String, command: String = "exec sleep 86400") -> String {
    """
    name: shop
    labels: {team: "\(Self.written)\(level)"}
    services:
      - name: api
        command: [/bin/sh, -c, "printf 'line \\e[2J\\a\\n'; \(command)", "\(Self.written)\(level)"]
        stopGrace: 1s
        env: {LEVEL: "\(Self.written)\(level)"}
        annotations: {owner: "\(Self.written)\(level)"}
        configFiles:
          - {name: app, path: /etc/app.conf, content: "\(Self.written)\(level)\\n"}
    """
  }

  @Test("What commands say never commands the terminal") func whatCommandsSayNeverCommandsTheTerminal() throws
  {
    let git = try sandbox.shell(
      """
      git init -q . && git config user.name "Ada $(printf '\\033[2J\\a')" && git config user.email a@example.com
      """)
    try #require(git.status == 0, "\(git.errors)")
    sandbox.environment["USER"] = "ada" + Self.escape
    sandbox.environment["LOGNAME"] = "ada" + Self.escape
    let file = try sandbox.write("shop.yaml", workload("one"))
    _ = try sandbox.shell("git add shop.yaml && git commit -q -m \"$(printf '\\033[2J')\"")
    let changed = try sandbox.write("changed.yaml", workload("two"))
    let failing = try sandbox.write("failing.yaml", workload("three", command: "exit 3"))

    for format in ["text", "json", "markdown", "mermaid", "dot"] {
      try berth("plan", "-f", file, "--format", format)
    }
    #expect(try berth("apply", "-f", file).status == 0)
    for format in ["text", "json", "markdown", "mermaid", "dot"] {
      #expect(try berth("plan", "-f", changed, "--format", format).status == 0)
    }
    try berth("plan", "-f", changed, "--out", "plan\(Self.escape).json")
    #expect(try berth("apply", "plan\(Self.escape).json").status == 0)
    #expect(try berth("apply", "-f", failing, "--timeout", "10s").status == 1)
    try berth("suspend", "shop", "--reason", "moving \(Self.escape)")
    for format in ["text", "json"] {
      try berth("status", "shop", "--format", format)
      try berth("history", "shop", "--format", format)
      try berth("diff", "shop", "1", "2", "--format", format)
      try berth("drift", "shop", "--format", format)
      try berth("list", "--format", format)
      try berth("usage", "shop", "--format", format)
    }
    let terminal = try PseudoTerminal(columns: 200, rows: 24)
    try sandbox.start(["logs", "shop"], on: terminal).waitUntilExit()
    #expect(eventually { terminal.text.contains("line \\u{1B}[2J\\u{07}") }, "\(terminal.text)")
    try berth("unsuspend", "shop")
    #expect(try berth("rollback", "shop", "--to", "1").status == 0)
    #expect(try berth("destroy", "shop", "--yes").status == 0)
  }

  /// The output of a command in a service belongs to its caller: it comes as it is. So do logs in a pipe.
  @Test("What executed commands write is their own") func whatExecutedCommandsWriteIsTheirOwn() throws {
    let file = try sandbox.write("shop.yaml", workload("one"))
    #expect(try berth("apply", "-f", file).status == 0)
    let isThere = try eventually {
      try sandbox.berth("logs", "shop").output.contains("line \u{1B}[2J\u{7}")
    }
    #expect(isThere)
    let result = try sandbox.berth("exec", "shop", "--", "printf", "\\033[1m")
    #expect(result.output == "\u{1B}[1m")
    try berth("destroy", "shop", "--yes")
  }

  @Test("Files and their names are shown safely") func filesAndTheirNamesAreShownSafely() throws {
    let name = "a\(Self.escape).yaml"
    let broken = try sandbox.write(
      name, "name: \"shop\(Self.written)\"\n\"\(Self.written)\": 1\nservices: [{\u{7F}x: 1}]\n")
    for format in ["text", "json", "sarif", "github", "gitlab"] {
      #expect(try berth("validate", "-f", broken, "--format", format).status == 1)
    }
    let good = try sandbox.write("b\(Self.escape).yaml", workload("one"))
    try berth("render", "-f", good)
    try berth("render", "-f", good, "--format", "json")
    let origin = try berth("render", "-f", good, "--explain", "services[api].env.LEVEL")
    #expect(origin.output.contains("is written at"))
    try berth("render", "-f", good, "--explain", "services[api].\(Self.escape)")
    try berth("validate", "-f", "none\(Self.escape).yaml")
    try berth("plan", "-f", good, "--var", "\(Self.escape)=1")
    try berth("apply", "none\(Self.escape).json")
    let compose = try sandbox.write(
      "compose\(Self.escape).yaml",
      """
      services:
        web:
          image: "nginx"
          "x\(Self.written)": 1
          "key\(Self.written)": 1
          environment: {A: "\(Self.written)", "B\(Self.written)": c}
          labels: {a: "\(Self.written)"}
          command: "run '\(Self.written)'"
      """)
    try berth("import", "compose", compose)
    try berth("import", "compose", compose, "--out", "out\(Self.escape)")
    try berth("import", "compose", compose, "--strict")
    let manifest = try sandbox.write(
      "manifest\(Self.escape).yaml",
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: "web\(Self.written)", namespace: "n\(Self.written)", annotations: {"a\(Self.written)": b}}
      spec:
        "odd\(Self.written)": 1
        containers:
          - name: "web\(Self.written)"
            image: nginx
            args: ["\(Self.written)", "$(A\(Self.written))"]
            env: [{name: "B\(Self.written)", value: c}, {name: C, valueFrom: {secretKeyRef: {name: "s\(Self.written)", key: k}}}]
            volumeMounts: [{name: "v\(Self.written)", mountPath: /v}]
        volumes: [{name: "v\(Self.written)", nfs: {server: x}}]
      """)
    try berth("import", "kubernetes", manifest)
    try berth("import", "kubernetes", manifest, "--main", "x\(Self.escape)")
    try berth("import", "kubernetes", manifest, "--network", "x\(Self.escape)")
  }

  @Test("The holder of a lock is shown safely") func theHolderOfALockIsShownSafely() throws {
    let file = try sandbox.write("shop.yaml", workload("one"))
    #expect(try berth("apply", "-f", file).status == 0)
    // Every user with the rights to a store may have written its records.
    let planted = try sandbox.shell(
      """
      python3 - <<'END'
      import sqlite3
      store = sqlite3.connect("home/local/berth.db")
      columns = "namespace, workload, token, holder, since, beat"
      store.execute(f"INSERT INTO locks ({columns}) VALUES ('default', 'shop', 't', 'eve \\x1b[2J\\x07', 0, 1)")
      store.commit()
      END
      """)
    try #require(planted.status == 0, "\(planted.errors)")
    try berth("apply", "-f", file, "--lock-timeout", "1s")
    let unlocked = try berth("unlock", "shop", "--yes")
    #expect(unlocked.output.contains("eve \\u{1B}[2J\\u{07}"), "\(unlocked.output)\(unlocked.errors)")
    #expect(try berth("destroy", "shop", "--yes").status == 0)
  }

  @Test("Configuration is shown safely") func configurationIsShownSafely() throws {
    try sandbox.write(
      "berth.yaml",
      """
      targets:
        "odd\(Self.written)": {provider: docker, host: "tcp://127.0.0.1:1"}
        staging: {provider: "dock\(Self.written)"}
      """)
    try berth("providers")
    try berth("providers", "--format", "json")
    try berth("status", "shop", "-t", "odd\(Self.escape)")
    try berth("status", "shop", "-t", "staging")
    try berth("status", "sh\(Self.escape)op")
    try berth("secret", "get", "a\(Self.escape)")
  }
}
