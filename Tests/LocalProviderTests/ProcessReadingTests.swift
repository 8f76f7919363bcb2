import Foundation
import Testing

@testable import LocalProvider
@testable import Supervisor

/// What a supervisor reads of processes.
@Suite struct ProcessReadingTests {
  @Test("A reading tells whose processes are by their root only")
  func aReadingTellsWhoseProcessesAreByTheirRootOnly() throws {
    let folder = "/nowhere/services/api"
    func start(_ root: String) throws -> Process {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sleep")
      process.arguments = ["1000"]
      process.environment = ["OTHER": "\(folder)/root", "BERTH_ROOT": root]
      try process.run()
      return process
    }
    let (own, neighbour) = (try start("\(folder)/root"), try start("\(folder)-2/root"))
    defer {
      for process in [own, neighbour] {
        // A process of a thread that blocks signals is born with them blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
    }
    let reading = ProcessReading()
    #expect(Sweep.processes(under: folder, in: reading).map(\.process) == [own.processIdentifier])
    #expect(reading.entries.contains { $0.process == neighbour.processIdentifier && $0.parent == getpid() })
    if let children = ProcessTable.children() {
      #expect(Set(children).isSuperset(of: [own.processIdentifier, neighbour.processIdentifier]))
    }
  }
}
