import ArgumentParser
import WorkloadSpec

/// `berth schema`: prints the JSON Schema of the language.
struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of workload files, for editors and other tools.",
    discussion: """
      Example:
        berth schema > workload.schema.json

      Draft 2020-12, with descriptions, patterns, choices and defaults. In VS Code, the YAML extension takes it \
      with a first line in the workload file: # yaml-language-server: $schema=workload.schema.json
      """)

  func run() async throws {
    try await reporting { console in
      console.write(CanonicalJSON.pretty(JSONSchema.workload(on: Providers.registry.engines)))
    }
  }
}
