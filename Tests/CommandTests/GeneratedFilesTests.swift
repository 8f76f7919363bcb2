import Foundation
import Policies
import ProviderKit
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import BerthCommands

/// Files in the repository that are made from the declarations of the language and of the providers. To make them anew,
/// run the tests with `BERTH_UPDATE_SPECS` set.
@Suite struct GeneratedFilesTests {
  private static func tables() throws -> [(name: String, table: FieldTable)] {
    try Providers.registry.list.map { entry in
      (entry.name, try entry.make(TargetOptions(name: entry.name)).fields(on: EngineFacts()))
    }
  }

  private static func files() throws -> [(path: String, text: String)] {
    let registry = Providers.registry
    let tables = try tables()
    return [
      ("specs/workload.schema.json", CanonicalJSON.pretty(JSONSchema.workload(on: registry.engines))),
      ("specs/berth.schema.json", CanonicalJSON.pretty(ConfigurationFile.jsonSchema(registry))),
      ("specs/policies.schema.json", CanonicalJSON.pretty(PolicyFile.jsonSchema)),
      ("docs/configuration.md", ConfigurationFile.reference(registry)),
      ("docs/exit-statuses.md", BerthCommands.ExitStatus.reference),
      (
        "docs/language.md",
        LanguageReference.markdown(on: registry.engines) + "\n" + FieldsByProvider.markdown(tables)
      ),
    ] + tables.map { ("docs/\($0.name)-fields.md", $0.table.markdown(of: $0.name)) }
  }

  @Test("Files are current") func filesAreCurrent() throws {
    for (path, text) in try Self.files() {
      #expect(try text == GeneratedText.kept(at: "\(Sandbox.project)/\(path)", made: text), "\(path)")
    }
  }
}
