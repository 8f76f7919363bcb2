import Foundation
import Testing
import WorkloadSpec

/// `berth exec` and `berth usage`, as a person and a script run them.
@Suite struct ExecCommandTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    let file = try sandbox.write(
      "web.yaml",
      """
      name: web
      replicas: 2
      services:
        - name: api
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          env: {GREETING: good morning}
          stopGrace: 1s
        - name: clock
          role: sidecar
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          stopGrace: 1s
      """)
    let applied = try sandbox.berth("apply", "-f", file, "--yes")
    #expect(applied.status == 0, "\(applied.errors)")
  }

  // MARK: In a script

  @Test("The exit status and both streams are the commands") func theExitStatusAndBothStreamsAreTheCommands()
    throws
  {
    let run = try sandbox.berth("exec", "web", "--", "sh", "-c", "echo $GREETING; echo oh >&2; exit 42")
    #expect(run.status == 42)
    #expect(run.output == "good morning\n")
    #expect(run.errors == "oh\n")
    #expect(try sandbox.berth("exec", "web", "--", "sh", "-c", "kill -KILL $$").status == 137)
    #expect(try sandbox.berth("exec", "web", "--", "berth-no-such-program").status == 127)
  }

  @Test("What is piped in goes through the command") func whatIsPipedInGoesThroughTheCommand() throws {
    let input = String(repeating: "0123456789abcde\n", count: 1 << 16)
    #expect(try sandbox.berth(["exec", "web", "--", "cat"], input: input).output == input)
    #expect(try sandbox.berth(["exec", "web", "--", "wc", "-c"], input: "four").output == "4\n")
  }

  /// A reader that wants no more is no failure, and ends the command.
  @Test("A reader that goes away ends the command") func aReaderThatGoesAwayEndsTheCommand() throws {
    let run = try sandbox.shell("\(Sandbox.program) exec web -- yes | head -n 2")
    #expect(run.output == "y\ny\n")
    #expect(run.errors == "")
    #expect(
      try eventually {
        let rows = try sandbox.berth("usage", "web", "--format", "json").json.list ?? []
        return rows.first.map { ($0["processes"]?.int ?? 9) <= 2 } ?? false
      })
  }

  @Test("The service and the instance can be chosen") func theServiceAndTheInstanceCanBeChosen() throws {
    let words = ["--", "sh", "-c", "echo $BERTH_INSTANCE.$BERTH_SERVICE"]
    #expect(try sandbox.berth(["exec", "web"] + words).output == "0.api\n")
    let chosen = try sandbox.berth(["exec", "web", "--service", "clock", "--instance", "1"] + words)
    #expect(chosen.output == "1.clock\n")
    #expect(try sandbox.berth("stop", "web", "--instance", "0", "--yes").status == 0)
    #expect(try sandbox.berth(["exec", "web"] + words).output == "1.api\n")
    let stopped = try sandbox.berth(["exec", "web", "--instance", "0"] + words)
    #expect(stopped.status == 1)
    #expect(stopped.errors.contains("does not run"))
  }

  @Test(
    "What is not there is said",
    arguments: [
      (["exec", "web"], Int32(64), "behind two dashes"),
      (["exec", "wbe", "--", "true"], 1, "E0708"),
      (["exec", "web", "--service", "apo", "--", "true"], 1, "did you mean `api`?"),
      (["exec", "web", "--instance", "7", "--", "true"], 1, "its instances are 0, 1"),
      (["usage", "wbe"], 1, "E0708"),
    ])
  func whatIsNotThereIsSaid(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let run = try sandbox.berth(arguments)
    #expect(run.status == status)
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test("The command ends with the program that asked for it")
  func theCommandEndsWithTheProgramThatAskedForIt() throws {
    for (signal, status) in [(SIGINT, 130), (SIGTERM, 143), (SIGKILL, 9)] as [(Int32, Int32)] {
      let mark = "mark-\(UUID().uuidString)"
      let process = try sandbox.start(
        ["exec", "web", "--", "sh", "-c", "trap '' HUP; touch \(sandbox.folder)/\(mark); sleep 1009 & wait"])
      #expect(eventually { sandbox.contents(mark) != nil })
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationStatus == status)
      #expect(eventually { !isMentioned(mark) }, "\(signal)")
    }
  }

  /// Whether a process has a word in its arguments.
  private func isMentioned(_ word: String) -> Bool {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.contains { process in
      guard Int32(process) != nil,
        let bytes = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
      else { return false }
      return String(decoding: bytes, as: UTF8.self).contains(word)
    }
  }

  // MARK: On a terminal

  @Test("A shell on a terminal is typed into") func aShellOnATerminalIsTypedInto() throws {
    let terminal = try PseudoTerminal(columns: 91, rows: 31)
    let process = try sandbox.start(["exec", "web", "--", "sh"], on: terminal)
    #expect(eventually { !terminal.isCooked })
    terminal.type("stty size\r")
    #expect(eventually { terminal.text.contains("31 91") }, "\(terminal.text)")
    terminal.resize(columns: 120, rows: 40)
    kill(process.processIdentifier, SIGWINCH)
    #expect(
      eventually {
        terminal.type("stty size\r")
        return terminal.text.contains("40 120")
      }, "\(terminal.text)")
    // Control-C throws away what was typed before it, so that one waits for the other.
    terminal.type("echo $((2 + 3))asleep; sleep 1000\r")
    #expect(eventually { terminal.text.contains("5asleep") }, "\(terminal.text)")
    terminal.type("\u{3}")
    #expect(
      eventually {
        terminal.type("echo $((3 + 4))awake\r")
        return terminal.text.contains("7awake")
      }, "\(terminal.text)")
    terminal.type("exit 6\r")
    process.waitUntilExit()
    #expect(process.terminationStatus == 6)
    #expect(terminal.isCooked)
  }

  @Test("The terminal is as before however it ends") func theTerminalIsAsBeforeHoweverItEnds() throws {
    let ends: [(Int32?, Int32)] = [(SIGTERM, 143), (SIGHUP, 129), (nil, 1)]
    for (signal, status) in ends {
      let terminal = try PseudoTerminal(columns: 80, rows: 24)
      let process = try sandbox.start(
        ["exec", "web", "--", "sh", "-c", "echo here; sleep 1000"], on: terminal)
      #expect(eventually { terminal.text.contains("here") })
      #expect(!terminal.isCooked)
      // Without a signal to the program, it is the supervisor that goes away.
      kill(try signal == nil ? sandbox.supervisor(of: "web") : process.processIdentifier, signal ?? SIGKILL)
      process.waitUntilExit()
      #expect(process.terminationStatus == status, "\(terminal.text)")
      #expect(terminal.isCooked)
    }
  }

  @Test("A terminal can be refused and asked for") func aTerminalCanBeRefusedAndAskedFor() throws {
    let terminal = try PseudoTerminal(columns: 80, rows: 24)
    let plain = try sandbox.start(["exec", "web", "--no-tty", "--", "test", "-t", "1"], on: terminal)
    plain.waitUntilExit()
    #expect(plain.terminationStatus == 1)
    #expect(try sandbox.berth("exec", "web", "--tty", "--", "test", "-t", "1").status == 0)
  }

  // MARK: Usage

  @Test("Usage shows every service that runs") func usageShowsEveryServiceThatRuns() throws {
    let text = try sandbox.berth("usage").output
    #expect(text.hasPrefix("WORKLOAD  INSTANCE  SERVICE"))
    #expect(text.split(separator: "\n").count == 5, "\(text)")
    let rows = try sandbox.berth("usage", "web", "--format", "json").json.list ?? []
    #expect(rows.map { $0["service"]?.string } == ["api", "clock", "api", "clock"])
    #expect(rows.allSatisfy { ($0["memory"]?.int ?? 0) > 0 && ($0["processes"]?.int ?? 0) > 0 })
    #expect(rows.allSatisfy { $0["cpu"]?.int != nil })
  }

  @Test("Usage is printed again until interrupted") func usageIsPrintedAgainUntilInterrupted() throws {
    let process = try sandbox.start(
      ["usage", "web", "--watch", "--interval", "100ms", "--format", "json"], transcript: "looks")
    #expect(eventually { (sandbox.contents("looks")?.split(separator: "\n").count ?? 0) >= 3 })
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}

extension PseudoTerminal {
  /// Whether what is typed is echoed, cut into lines and taken for signals, as before a program changed that.
  fileprivate var isCooked: Bool {
    var settings = termios()
    tcgetattr(slave.fileDescriptor, &settings)
    let cooked = tcflag_t(ICANON | ECHO | ISIG)
    return settings.c_lflag & cooked == cooked && settings.c_oflag & tcflag_t(OPOST) != 0
  }
}
