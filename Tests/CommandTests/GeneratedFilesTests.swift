import Foundation
import Testing
import WorkloadSpec

@testable import berth

/// Files in the repository that are made from the declarations of the language and of the providers. To make them anew,
/// run the tests with `BERTH_UPDATE_SPECS` set.
@Suite struct GeneratedFilesTests {
  @Test(arguments: [
    ("specs/workload.schema.json", CanonicalJSON.pretty(JSONSchema.workload(on: Providers.registry.engines))),
    ("specs/berth.schema.json", CanonicalJSON.pretty(ConfigurationFile.jsonSchema(Providers.registry))),
    ("docs/configuration.md", ConfigurationFile.reference(Providers.registry)),
    ("docs/language.md", LanguageReference.markdown(on: Providers.registry.engines)),
  ])
  func filesAreCurrent(path: String, text: String) throws {
    let file = URL(filePath: Sandbox.project).appending(path: path)
    if ProcessInfo.processInfo.environment["BERTH_UPDATE_SPECS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try text == String(contentsOf: file, encoding: .utf8))
  }
}
