import Foundation
import Testing

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
          command: [/bin/sh, -c, 'touch \(sandbox.folder)/started; while :; do sleep 1; done']
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
    #expect(eventually { sandbox.contents("transcript")?.contains("starting nothing more") == true })
  }

  func expectRecovery() throws {
    let again = try sandbox.berth("apply", "-f", file)
    #expect(again.status == 0, "\(again.output)\(again.errors)")
    #expect(try sandbox.releaseNumbers("shop") == [1])
    #expect(try sandbox.berth("plan", "-f", file, "--detailed-exitcode").status == 0)
    #expect(Set(try sandbox.processIDs("shop").keys) == ["slow", "second", "third"])
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
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
    #expect(try sandbox.berth("unlock", "shop", "--yes").output.contains("Nobody holds the lock"))
    try expectRecovery()
    #expect(try sandbox.processIDs("shop")["slow"] == slow["slow"])
  }

  @Test func aSecondInterruptStopsAtOnce() throws {
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

  @Test func waitingForTheLockCanBeInterrupted() throws {
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
}
