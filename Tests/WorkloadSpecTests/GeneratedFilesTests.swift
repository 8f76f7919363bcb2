import Foundation
import Testing
import WorkloadSpec

/// Files in the repository that are made from the language's declaration. To make them anew, run the tests
/// with `BERTH_UPDATE_SPECS` set.
@Suite struct GeneratedFilesTests {
  @Test(arguments: [
    ("specs/workload.schema.json", CanonicalJSON.pretty(JSONSchema.workload)),
    ("docs/language.md", LanguageReference.markdown),
  ])
  func filesAreCurrent(path: String, text: String) throws {
    let file = ConformanceCase.package.appendingPathComponent(path)
    if ProcessInfo.processInfo.environment["BERTH_UPDATE_SPECS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try text == String(contentsOf: file, encoding: .utf8))
  }
}
