import Foundation
import Testing

@testable import BerthCommands

/// Each status of the table is what a real run ends with.
@Suite("Exit statuses")
struct ExitStatusTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(
      "shop.yaml",
      """
      name: shop
      variables: [{name: level, default: one}]
      services:
        - {name: main, command: [sleep, '1000'], env: {LEVEL: "${var.level}"}, stopGrace: 1s}
      """)
    try sandbox.write(
      "slow.yaml",
      """
      name: slow
      services:
        - name: main
          command: [/bin/sh, -c, 'touch \(sandbox.folder)/started; exec sleep 1000']
          healthCheck: {command: [test, -e, \(sandbox.folder)/ready], interval: 100ms}
          stopGrace: 1s
      """)
  }

  @Test("Is produced", arguments: BerthCommands.ExitStatus.allCases)
  func isProduced(_ status: BerthCommands.ExitStatus) throws {
    #expect(try run(status) == status.rawValue)
  }

  /// Has a run end with a status, and returns what it ended with.
  private func run(_ status: BerthCommands.ExitStatus) throws -> Int32 {
    switch status {
    case .success: return try sandbox.berth("apply", "-f", "shop.yaml").status
    case .failure: return try sandbox.berth("apply", "-f", "missing.yaml").status
    case .changes:
      #expect(try sandbox.berth("plan", "-f", "shop.yaml", "--detailed-exitcode").status == status.rawValue)
      try sandbox.write(
        "once.yaml",
        "name: once\nservices: [{name: main, command: [sleep, '1000'], restart: never, stopGrace: 1s}]\n")
      #expect(try sandbox.berth("apply", "-f", "once.yaml").status == 0)
      #expect(try sandbox.berth("drift", "once", "--detailed-exitcode").status == 0)
      kill(Int32(try #require(try sandbox.processIDs("once")["main"])), SIGKILL)
      #expect(eventually { (try? sandbox.processIDs("once"))?.isEmpty == true })
      return try sandbox.berth("drift", "once", "--detailed-exitcode").status
    case .lockHeld:
      let holder = try start("slow.yaml")
      defer { end(holder) }
      return try sandbox.berth("apply", "-f", "slow.yaml", "--lock-timeout", "100ms").status
    case .planStale:
      let id = try #require(
        try sandbox.berth("plan", "-f", "shop.yaml", "--format", "json").json["id"]?.string)
      return try sandbox.berth("apply", "-f", "shop.yaml", "--var", "level=two", "--expect", id).status
    case .policyRefused:
      try sandbox.write("berth.yaml", "policies: {two: {fields: [{field: replicas, atLeast: 2}]}}")
      return try sandbox.berth("apply", "-f", "shop.yaml").status
    case .timedOut: return try sandbox.berth("apply", "-f", "slow.yaml", "--timeout", "300ms").status
    case .usage: return try sandbox.berth("apply").status
    case .hungUp: return try signal(SIGHUP)
    case .interrupted: return try signal(SIGINT)
    case .terminated: return try signal(SIGTERM)
    }
  }

  /// An apply that has come as far as waiting for a service.
  private func start(_ file: String) throws -> Process {
    let process = try sandbox.start(["apply", "-f", file, "--timeout", "60s"], transcript: "transcript")
    #expect(eventually { sandbox.contents("started") != nil })
    return process
  }

  /// Lets an apply come to its end.
  private func end(_ process: Process) {
    _ = try? sandbox.write("ready", "")
    process.waitUntilExit()
  }

  private func signal(_ number: Int32) throws -> Int32 {
    // Of the second service, nothing is begun yet.
    try sandbox.write(
      "slow.yaml",
      (sandbox.contents("slow.yaml") ?? "")
        + "\n  - {name: second, role: sidecar, command: [sleep, '1000'], stopGrace: 1s}\n")
    let process = try start("slow.yaml")
    kill(process.processIdentifier, number)
    #expect(eventually { sandbox.contents("transcript")?.contains("no more actions start") == true })
    end(process)
    return process.terminationStatus
  }

  @Test("Another workload that is not ready in time, and a whole command whose workloads differ")
  func several() throws {
    try sandbox.write(
      "two.yaml",
      """
      name: web
      dependsOn: [slow]
      services: [{name: main, command: [sleep, '1000'], stopGrace: 1s}]
      ---
      name: broken
      services: [{name: main, command: [/no/such/program], stopGrace: 1s}]
      """)
    let one = ["apply", "-f", "slow.yaml", "--timeout", "300ms"]
    #expect(try sandbox.berth(one).status == 6)
    // Each went wrong in its own way.
    #expect(try sandbox.berth("apply", "-f", "slow.yaml", "-f", "two.yaml", "--timeout", "300ms").status == 1)
  }

  @Test("The help has the table")
  func help() throws {
    let help = try sandbox.berth("--help").output
    for status in BerthCommands.ExitStatus.allCases {
      #expect(help.contains(" \(status.rawValue)  \(status.title)\n"), "\(status)")
    }
  }
}
