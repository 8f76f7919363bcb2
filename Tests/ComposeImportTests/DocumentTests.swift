import Foundation
import Testing

@testable import ComposeImport

/// The documentation says what becomes of everything.
@Suite struct DocumentTests {
  @Test("Every key is in the table") func everyKeyIsInTheTable() throws {
    let text = try String(contentsOfFile: "docs/compose.md", encoding: .utf8)
    for key in ServiceKeys.handlings.keys.sorted() { #expect(text.contains("`\(key)`"), "\(key)") }
  }

  @Test("Every difference from compose is told") func everyDifferenceFromComposeIsTold() throws {
    let text = try String(contentsOfFile: "docs/compose.md", encoding: .utf8)
      .replacing("\n  ", with: " ").replacing("\n", with: " ")
    for difference in KnownDifference.allCases {
      #expect(text.lowercased().contains(difference.rawValue), "\(difference.rawValue)")
    }
  }
}
