import Foundation
import Testing

@testable import ComposeImport

/// Every key of compose's published schema is known; `scripts/compose-schema-keys` writes down which there are.
@Suite struct SchemaTests {
  private static let path = "Tests/ComposeImportTests/Schema/keys.txt"

  private static func keys() throws -> [String: Set<String>] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    return lines.reduce(into: [:]) { sections, line in
      let words = line.split(separator: " ").map(String.init)
      sections[words[0], default: []].insert(words[1])
    }
  }

  @Test("Every key of a service is handled") func everyKeyOfAServiceIsHandled() throws {
    let keys = try #require(try Self.keys()["services"])
    #expect(keys.count > 80)
    #expect(keys.subtracting(ServiceKeys.handlings.keys).sorted() == [])
  }

  @Test("Every key at the top is handled") func everyKeyAtTheTopIsHandled() throws {
    #expect(try #require(try Self.keys()["top"]).subtracting(TopLevelKeys.all).sorted() == [])
  }

  @Test("Every key of a declaration is handled", arguments: ["volumes", "networks", "configs", "secrets"])
  func everyKeyOfADeclarationIsHandled(_ section: String) throws {
    let known = try #require(DeclarationKeys.known[section])
    #expect(try #require(try Self.keys()[section]).subtracting(known).sorted() == [])
  }

  @Test("Every key below a service is known", arguments: ["healthcheck", "deploy"])
  func everyKeyBelowAServiceIsKnown(_ place: String) throws {
    let keys = try #require(try Self.keys()[place])
    try ComparisonSettings.withFolder { folder in
      for key in keys.sorted() {
        let text = "services: {web: {image: a, \(place): {test: x, \(key): null}}}\n"
          .replacing(key == "test" ? "test: x, " : "\u{0}", with: "")
        try text.write(toFile: "\(folder)/compose.yaml", atomically: false, encoding: .utf8)
        let result = ComposeImporter.run(["\(folder)/compose.yaml"])
        let unknown = result.diagnostics.filter {
          $0.code == .importUnknownKey && $0.message.contains("`\(key)`")
        }
        #expect(unknown.map(\.message) == [])
      }
    }
  }
}
