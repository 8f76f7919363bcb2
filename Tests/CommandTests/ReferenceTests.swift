import Foundation
import Testing

/// What the documentation says of the program is what the program says.
@Suite struct ReferenceTests {
  @Test("The command reference is current") func theCommandReferenceIsCurrent() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Sandbox.project + "/scripts/command-reference")
    process.arguments = [Sandbox.program]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let kept = FileManager.default.contents(atPath: Sandbox.project + "/docs/commands.md")
    #expect(kept == output, "docs/commands.md is not current: run `make docs`")
  }
}
