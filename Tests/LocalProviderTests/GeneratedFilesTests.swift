import Foundation
import ProviderKit
import Testing

@testable import LocalProvider

/// The table of fields in the documentation, made from the rows. To make it anew, run the tests with `BERTH_UPDATE_SPECS`
/// set.
@Suite struct GeneratedFilesTests {
  @Test func theTableOfFieldsIsCurrent() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/local-fields.md")
    let text = LocalFields.on(EngineFacts()).table.markdown(title: "Fields on local processes")
    if ProcessInfo.processInfo.environment["BERTH_UPDATE_SPECS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try text == String(contentsOf: file, encoding: .utf8))
  }
}
