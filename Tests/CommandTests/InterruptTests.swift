import Foundation
import Testing
import Values

/// Signals to a `berth apply` that waits for a service to become ready, with two more behind it.
@Suite struct InterruptTests {
  let sandbox: Sandbox
  let file: String

  init() throws {
    sandbox = try Sandbox()
    file = try sandbox.write(
      "workload.yaml",
      """
      name: shop
      services:
        - name: slow
          command: [/bin/sh, -c, 'echo up; touch \(sandbox.folder)/started; while :; do sleep 1; done']
          healthCheck: {command: [test, -e, \(sandbox.folder)/ready], interval: 100ms}
          stopGrace: 1s
        - name: second
          role: sidecar
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          stopGrace: 1s
        - name: third
          role: sidecar
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          dependsOn: [second]
          stopGrace: 1s
      """)
  }

  /// An apply that has come as far as waiting for the first service.
  func startApply() throws -> Process {
    let process = try sandbox.start(["apply", "-f", file], transcript: "transcript")
    #expect(eventually { sandbox.contents("started") != nil })
    return process
  }

  func send(_ signal: Int32, to process: Process) {
    kill(process.processIdentifier, signal)
    #expect(eventually { sandbox.contents("transcript")?.contains("no more actions start") == true })
  }

  func expectRecovery() throws {
    let again = try sandbox.berth("apply", "-f", file)
    #expect(again.status == 0, "\(again.output)\(again.errors)")
    #expect(try sandbox.releaseNumbers("shop") == [1])
    #expect(try sandbox.berth("plan", "-f", file, "--detailed-exitcode").status == 0)
    #expect(Set(try sandbox.processIDs("shop").keys) == ["slow", "second", "third"])
  }

  @Test(
    "What is under way is finished and nothing more starts",
    arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func whatIsUnderWayIsFinishedAndNothingMoreStarts(signal: Int32, status: Int32) throws {
    let process = try startApply()
    send(signal, to: process)
    #expect(process.isRunning)
    try sandbox.write("ready", "")
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == status)

    let transcript = try #require(sandbox.contents("transcript"))
    #expect(transcript.contains("✓ create slow"), "\(transcript)")
    #expect(transcript.contains("Not started: create 0.second, create 0.third"), "\(transcript)")
    #expect(transcript.contains("Interrupted. Running the same command again goes on from here."))
    #expect(!transcript.contains("+ create second (instance 0)"), "\(transcript)")
    #expect(try sandbox.releaseNumbers("shop").isEmpty)
    let slow = try sandbox.processIDs("shop")
    #expect(slow.count == 1)
    // The lock was given back.
    #expect(try sandbox.berth("unlock", "shop", "--yes").output.contains("The lock of shop is free"))
    try expectRecovery()
    #expect(try sandbox.processIDs("shop")["slow"] == slow["slow"])
  }

  @Test(
    "After a signal, the exit status is the signal's also where what is under way fails",
    arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func whatFailsAfterASignalIsInterrupted(signal: Int32, status: Int32) throws {
    let process = try sandbox.start(
      ["apply", "-f", file, "--timeout", "3s", "--format", "json"], transcript: "transcript")
    #expect(eventually { sandbox.contents("started") != nil })
    send(signal, to: process)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == status)
    let end = try Value(
      json: String(
        #require(
          sandbox.contents("transcript")?.split(separator: "\n").first { $0.contains("\"finished\"") })))
    #expect(end["outcome"]?.string == "interrupted")
    #expect(end["exit"]?.int == Int64(status))
    #expect(end["failures"]?.list?.count == 1)
    try sandbox.write("ready", "")
    try expectRecovery()
  }

  @Test(
    "So it is for every command that changes something",
    arguments: [
      ["restart", "shop"], ["scale", "shop", "--replicas", "2"], ["start", "shop"], ["rollback", "shop"],
      ["apply", "-f", "workload.yaml", "--atomic"],
    ])
  func everyCommandIsInterrupted(_ command: [String]) throws {
    try sandbox.write("ready", "")
    let other = sandbox.contents("workload.yaml")?.replacing("sleep 1;", with: "sleep 2;") ?? ""
    let first = try sandbox.berth("apply", "-f", try sandbox.write("first.yaml", other))
    #expect(first.status == 0, "\(first.output)\(first.errors)")
    if command.first != "start" && command.first != "apply" {
      #expect(try sandbox.berth("apply", "-f", file).status == 0)
    }
    if command.first == "start" { #expect(try sandbox.berth("stop", "shop").status == 0) }
    for name in ["ready", "started"] {
      try FileManager.default.removeItem(atPath: "\(sandbox.folder)/\(name)")
    }
    let process = try sandbox.start(command + ["--timeout", "3s"], transcript: "transcript")
    #expect(eventually { sandbox.contents("started") != nil }, "\(sandbox.contents("transcript") ?? "")")
    send(SIGTERM, to: process)
    process.waitUntilExit()
    let transcript = sandbox.contents("transcript") ?? ""
    #expect(process.terminationReason == .exit && process.terminationStatus == 143, "\(transcript)")
    #expect(transcript.contains("✗"), "\(transcript)")
  }

  @Test("A signal that comes when nothing is left to start does not make a success a failure")
  func aSignalToTheLastActionChangesNothing() throws {
    let only = try sandbox.write(
      "only.yaml",
      """
      name: only
      services:
        - name: slow
          command: [/bin/sh, -c, 'touch \(sandbox.folder)/started; while :; do sleep 1; done']
          healthCheck: {command: [test, -e, \(sandbox.folder)/ready], interval: 100ms}
          stopGrace: 1s
      """)
    let process = try sandbox.start(["apply", "-f", only], transcript: "transcript")
    #expect(eventually { sandbox.contents("started") != nil })
    send(SIGINT, to: process)
    try sandbox.write("ready", "")
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(try sandbox.releaseNumbers("only") == [1])
  }

  @Test(
    "Commands that change nothing end at once, with the status of the signal",
    arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func commandsThatOnlyLookEndAtOnce(signal: Int32, status: Int32) throws {
    try sandbox.write("ready", "")
    #expect(try sandbox.berth("apply", "-f", file).status == 0)
    let logs = try sandbox.start(["logs", "shop", "--follow"], transcript: "logs")
    #expect(eventually { sandbox.contents("logs")?.contains("up") == true })
    // It reads a file that never comes to its end; in the background of a script, interrupts are ignored at first.
    let plan = try sandbox.shell(
      """
      mkfifo pipe; sleep 60 > pipe & keeper=$!
      '\(Sandbox.program)' plan -f - < pipe &
      for moment in 1 2 3 4 5 6 7 8; do sleep 1; kill -\(signal) $! 2> /dev/null; done; wait $!; status=$?
      kill $keeper; exit $status
      """)
    #expect(plan.status == status, "\(plan.output)\(plan.errors)")
    kill(logs.processIdentifier, signal)
    logs.waitUntilExit()
    #expect(logs.terminationReason == .exit && logs.terminationStatus == status)
  }

  @Test("A second interrupt stops at once") func aSecondInterruptStopsAtOnce() throws {
    let process = try startApply()
    send(SIGTERM, to: process)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    #expect(sandbox.contents("ready") == nil)
    #expect(sandbox.contents("transcript")?.contains("Stopped at once.") == true)
    try sandbox.write("ready", "")
    try expectRecovery()
  }

  @Test("Waiting for the lock can be interrupted") func waitingForTheLockCanBeInterrupted() throws {
    let holder = try startApply()
    let waiter = try sandbox.start(["apply", "-f", file, "--lock-timeout", "10m"], transcript: "waiter")
    #expect(eventually { sandbox.contents("waiter")?.contains("waiting for the lock") == true })
    kill(waiter.processIdentifier, SIGINT)
    waiter.waitUntilExit()
    #expect(waiter.terminationReason == .exit && waiter.terminationStatus == 130)
    #expect(sandbox.contents("waiter")?.contains("before anything of shop was changed") == true)
    try sandbox.write("ready", "")
    holder.waitUntilExit()
    #expect(holder.terminationStatus == 0)
    try expectRecovery()
  }

  @Test("What has not had its turn is told") func whatHasNotHadItsTurnIsTold() throws {
    let till = try sandbox.write(
      "till.yaml", "name: till\nservices: [{name: main, stopGrace: 1s, command: [sleep, '1000']}]\n")
    let process = try sandbox.start(
      ["apply", "-f", file, "-f", till, "--parallelism", "1", "--format", "json"], transcript: "transcript")
    #expect(eventually { sandbox.contents("started") != nil })
    send(SIGTERM, to: process)
    try sandbox.write("ready", "")
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 143)
    let lines = try #require(sandbox.contents("transcript")).split(separator: "\n")
    let ends = try lines.filter { $0.contains("\"event\":\"finished\"") }.map {
      try Value(json: String($0))
    }
    #expect(ends.compactMap { $0["workload"]?.string } == ["shop", "till"])
    #expect(ends.compactMap { $0["outcome"]?.string } == ["interrupted", "not-begun"])
    #expect(ends.compactMap { $0["exit"]?.int } == [143, 143])
    #expect(ends.first?["notStarted"]?.list == ["create 0.second", "create 0.third"])
    #expect(lines.contains { $0 == "Not begun: till" })
    try expectRecovery()
  }

  @Test("A run outlives the reader of its output") func aRunOutlivesWhoeverReadsItsOutput() throws {
    try sandbox.write("ready", "")
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "{ \"$0\" apply -f \"$1\"; echo $? > \"$2\"; } | :", Sandbox.program, file]
    shell.arguments?.append(sandbox.folder + "/status")
    shell.environment = ["BERTH_HOME": sandbox.home, "PATH": "/usr/bin:/bin"]
    shell.standardInput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(eventually { sandbox.contents("status")?.isEmpty == false })
    #expect(sandbox.contents("status") == "0\n")
    try expectRecovery()
  }
}
