import Foundation
import Testing

@Suite struct VersionTests {
  /// The newest version that the changelog has a heading for.
  private static func newest() throws -> String {
    let text = try String(contentsOfFile: Sandbox.project + "/CHANGELOG.md", encoding: .utf8)
    let heading = /^## \[([0-9][^\]]*)\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$/.anchorsMatchLineEndings()
    return String(try #require(text.firstMatch(of: heading)).1)
  }

  @Test("The program says the version that the changelog names last")
  func theProgramAndTheChangelogAgree() throws {
    #expect(try Sandbox().berth("--version").output == Self.newest() + "\n")
  }

  @Test("A tag of another version is refused before a release is built")
  func aTagOfAnotherVersionIsRefused() throws {
    let version = try Self.newest()
    let agreed = try releaseVersion()
    #expect(agreed.status == 0 && agreed.output == version + "\n")
    for tag in ["v\(version)0", version, "v0.0.1", ""] {
      #expect(try releaseVersion(tag).status == 1, "\(tag)")
    }
  }

  /// Runs the script that the release workflow asks.
  private func releaseVersion(_ tag: String...) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Sandbox.project + "/scripts/release-version")
    process.arguments = tag
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }
}
