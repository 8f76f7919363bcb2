import Testing

@testable import Supervisor

/// What a supervisor knows of processes: how they are read, whose they are, and how they end.
@Suite struct ProcessTests {
  @Test("A process is read whatever it is called") func aProcessIsReadWhateverItIsCalled() {
    let line = "42 (a) S 1 (b)) S 7 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 98765 2461696 0"
    let entry = ProcessTable.parse(Array(line.utf8), of: 42)
    #expect(entry?.parent == 7)
    #expect(entry?.session == 42)
    #expect(entry?.group == 42)
    #expect(entry?.hasTerminal == false)
    #expect(entry?.state == UInt8(ascii: "S"))
    #expect(entry?.startTicks == 98765)
    #expect(ProcessTable.parse(Array("42 (x".utf8), of: 42) == nil)
  }

  @Test("What a service started is looked for below the supervisor only")
  func whatAServiceStartedIsLookedForBelowTheSupervisorOnly() {
    func entry(_ process: Int32, parent: Int32, session: Int32) -> ProcessTable.Entry {
      ProcessTable.Entry(
        process: process, state: UInt8(ascii: "S"), parent: parent, group: session, session: session,
        hasTerminal: false, startTicks: 1)
    }
    // No machine has processes of such numbers: nothing is read of them.
    let (supervisor, leader): (Int32, Int32) = (5_000_000, 5_000_001)
    let table = [
      entry(1, parent: 0, session: 1), entry(2, parent: 0, session: 2),
      entry(supervisor, parent: 1, session: supervisor),
      entry(leader, parent: supervisor, session: leader),
      entry(5_000_002, parent: leader, session: 5_000_002),
      // Its parent ended while the table was read.
      entry(5_000_003, parent: 4_999_999, session: leader),
      entry(5_000_004, parent: 1, session: leader),
    ]
    let family = ServiceFamily(leader: leader, folder: "/none", group: nil, strangers: nil)
    let members = family.members(of: ProcessReading(table), under: supervisor).map(\.process)
    #expect(Set(members) == [leader, 5_000_002, 5_000_003])
  }

  @Test(
    "An end for want of memory is said",
    arguments: [
      (1, nil, false, "exited with code 1"), (137, nil, false, "was ended by signal 9"),
      (137, 64 << 20, true, "was killed: out of memory (limit 64Mi)"),
      (137, nil, true, "was killed: out of memory"),
      (1, 64 << 20, true, "exited with code 1 after a process of it was killed: out of memory (limit 64Mi)"),
    ] as [(Int, Int64?, Bool, String)])
  func anEndForWantOfMemoryIsSaid(_ code: Int, _ limit: Int64?, _ wasOutOfMemory: Bool, _ text: String) {
    #expect(ExitText.describe(code, memoryLimit: limit, wasOutOfMemory: wasOutOfMemory) == text)
  }
}
