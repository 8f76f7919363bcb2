import ArgumentParser
import Values
import WorkloadSpec

/// `berth schema`: prints the JSON Schema of the language, or of berth.yaml.
struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of workload files or of berth.yaml, for editors and other tools.",
    discussion: """
      Examples:
        berth schema > workload.schema.json
        berth schema configuration > berth.schema.json

      Draft 2020-12, with descriptions, patterns, choices and defaults. In VS Code, the YAML extension takes it \
      with a first line in the workload file: # yaml-language-server: $schema=workload.schema.json
      """)

  @Argument(help: "Whose schema: workload, configuration.")
  var subject = SchemaSubject.workload

  func run() async throws {
    try await reporting { console in
      let schema =
        switch subject {
        case .workload: JSONSchema.workload(on: Providers.registry.engines)
        case .configuration: ConfigurationFile.jsonSchema(Providers.registry)
        }
      console.write(CanonicalJSON.pretty(schema))
    }
  }
}

/// What there is a schema of.
enum SchemaSubject: String, ExpressibleByArgument, CaseIterable {
  case workload
  case configuration
}
