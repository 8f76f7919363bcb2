import Foundation
import Testing

/// What the documentation says of the program is what the program says.
@Suite struct ReferenceTests {
  @Test func theCommandReferenceIsCurrent() throws {
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

  /// Every command shows an example of itself.
  @Test func everyCommandShowsAnExample() throws {
    let sandbox = try Sandbox()
    let help = try sandbox.berth("help").output
    let names = help.split(separator: "\n").drop { !$0.hasPrefix("SUBCOMMANDS") }.dropFirst().compactMap {
      line in
      line.hasPrefix("  ") && !line.hasPrefix("   ") ? line.split(separator: " ").first.map(String.init) : nil
    }.filter { $0 != "See" }
    #expect(names.count > 10)
    for name in names {
      let text = try sandbox.berth("help", name).output
      #expect(text.contains("Example") && text.contains("  berth \(name)"), "\(name)")
    }
  }
}
