import Foundation
import Testing

@testable import ComposeImport

/// The documentation says what becomes of everything.
@Suite struct DocumentTests {
  @Test func everyKeyIsInTheTable() throws {
    let text = try String(contentsOfFile: "docs/compose.md", encoding: .utf8)
    for key in ServiceKeys.handlings.keys.sorted() { #expect(text.contains("`\(key)`"), "\(key)") }
  }
}
