import Foundation
import Planning
import ProviderContract
import Synchronization
import Testing

/// Runs the example of docs/library.md as it stands there. The module is compiled as a program outside of the package is:
/// with what is public, and nothing else.
struct LibraryExampleTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  private static func page() throws -> String {
    let page = folder.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/library.md")
    return try String(contentsOf: page, encoding: .utf8)
  }

  @Test(
    "docs/library.md shows the code that is compiled here",
    arguments: ["KeepShop.swift", "MakeProviders.swift"])
  func thePageShowsTheCode(file: String) throws {
    let code = try String(contentsOf: Self.folder.appendingPathComponent(file), encoding: .utf8)
    #expect(try Self.page().contains("```swift\n\(code)```\n"))
  }

  @Test("A provider of each kind is made without its engine")
  func aProviderOfEachKindIsMadeWithoutItsEngine() {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("berth-library-\(UUID())").path
    #expect(
      makeProviders(home: home).map(\.traits.name) == ["local", "docker", "docker", "kubernetes", "nomad"])
    #expect(!FileManager.default.fileExists(atPath: home))
  }

  @Test("The example says what docs/library.md shows that it says, and leaves nothing behind")
  func theExampleDoesWhatThePageSays() async throws {
    let provider = SimulatedProvider()
    let lines = Mutex<[String]>([])
    try await keepShop(on: provider) { line in lines.withLock { $0.append(line) } }
    // Instances that come at the same time write their lines in any order.
    var all = lines.withLock { $0 }
    let isLog: (String) -> Bool = { $0.contains(" wrote ") }
    if let first = all.firstIndex(where: isLog), let last = all.lastIndex(where: isLog) {
      all[first...last].sort()
    }
    let said = all.joined(separator: "\n")
    #expect(try Self.page().contains("```text\n\(said)\n```\n"), "\(said)")
    #expect(provider.world.observation(of: WorkloadKey(namespace: "stores", name: "shop")).places.isEmpty)
  }
}
