import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

/// What real services use.
@Suite struct UsageTests {
  private static let mebibyte: UInt64 = 1 << 20

  @Test("A process that works uses processor time") func aProcessThatWorksUsesProcessorTime() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("busy", "while :; do :; done"), .script("idle", "exec sleep 1000", role: .sidecar))
      for service in workload.services { try await world.perform(.create, service.name, of: workload) }
      try await world.eventually("the busy one has used half a second") {
        let usage = try await world.provider.usage(of: world.key)
        return usage.first { $0.service == "busy" }.map { $0.cpuTime ?? .zero > .milliseconds(500) } ?? false
      }
      let usage = try await world.provider.usage(of: world.key)
      let idle = try #require(usage.first { $0.service == "idle" })
      #expect(try #require(idle.cpuTime) < .milliseconds(400))
    }
  }

  @Test("What is held and opened and started is counted") func whatIsHeldAndOpenedAndStartedIsCounted()
    async throws
  {
    try await withWorld { world in
      // A shell's variable of 50 MiB, in a process that started another one.
      let script = """
        x=$(head -c 52428800 /dev/zero | tr '\\0' x); exec 7</dev/null 8</dev/null
        sleep 1000 & sleep 1001 & echo ready; wait
        """
      let workload = Workload.of(
        .script("big", script), .script("small", "exec sleep 1000", role: .sidecar))
      for service in workload.services { try await world.perform(.create, service.name, of: workload) }
      try await world.eventually("it holds what it should") { try await world.lines("big") == ["ready"] }
      let usage = try await world.provider.usage(of: world.key)
      #expect(usage.map(\.service) == ["big", "small"])
      let (big, small) = (try #require(usage.first), try #require(usage.last))
      #expect(big.memory > 50 * Self.mebibyte && big.memory < 200 * Self.mebibyte)
      #expect(small.memory > 0 && small.memory < 20 * Self.mebibyte)
      #expect(big.processes == 3)
      #expect(small.processes == 1)
      // Three streams, and two more that were opened.
      #expect(big.openFiles.map { $0 >= 15 } == true)
      #expect(small.openFiles == 3)
      #expect(big.at.milliseconds > 0)
    }
  }

  @Test("What does not run uses nothing") func whatDoesNotRunUsesNothing() async throws {
    try await withWorld { world in
      #expect(try await world.provider.usage(of: world.key).isEmpty)
      let workload = Workload.of(
        .script("migrate", "true", role: .`init`), .script("api", "exec sleep 1000"))
      for service in workload.services { try await world.perform(.create, service.name, of: workload) }
      #expect(try await world.provider.usage(of: world.key).map(\.service) == ["api"])
      try await world.provider.perform(
        Action(.stop, .service(InstanceID(0), "api")), in: world.context(workload))
      #expect(try await world.provider.usage(of: world.key).isEmpty)
    }
  }

  /// By the processes alone, as where there are no control groups.
  @Test("Processes are found by their environment") func processesAreFoundByTheirEnvironment() async throws {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "setsid -f sleep 1001; exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      let path = world.folder().state
      var record = try #require(try InstanceRecord.read(path))
      record.controlGroups = ControlGroups()
      try record.write(path, durably: false)
      try await world.eventually("both are counted") {
        try await world.provider.usage(of: world.key).first?.processes == 2
      }
      let usage = try #require(try await world.provider.usage(of: world.key).first)
      #expect(usage.memory > 0)
      #expect(usage.memoryLimit == nil)
    }
  }

  @Test(
    "A line of the kernel is read",
    arguments: [
      ("7 (a) b) S 1 7 7 0 -1 4 90 0 0 0 10 20 30 40 20 0 1 0 99 1000 25 18446", Int64(100), Int64(25)),
      ("7 (sh) R 1 7 7 0 -1 4 90 0 0 0 0 1 -1 0 20 0 1 0 99 1000 3 18446", 0, 3),
    ])
  func aLineOfTheKernelIsRead(_ line: String, _ ticks: Int64, _ pages: Int64) throws {
    let counts = try #require(ProcessUsage.parse(line))
    #expect(counts.ticks == ticks)
    #expect(counts.pages == pages)
  }

  @Test(
    "A line that is none is nothing",
    arguments: [
      "", "7 (sh", "7 (sh) S 1 2 3", "7 (sh) S 1 7 7 0 -1 4 90 0 0 0 a b c d 20 0 1 0 99 1 x 1",
    ])
  func aLineThatIsNoneIsNothing(_ line: String) {
    #expect(ProcessUsage.parse(line) == nil)
  }
}
