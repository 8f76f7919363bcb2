import ArgumentParser
import Policies
import Values
import WorkloadSpec

/// `berth schema`: prints the JSON Schema of the language, of berth.yaml, or of files of policies.
struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract:
      "Print the JSON Schema of workload files, of berth.yaml or of policies, for editors and other tools.",
    discussion: """
      Examples:
        berth schema > workload.schema.json
        berth schema configuration > berth.schema.json
        berth schema policies > policies.schema.json

      Draft 2020-12, with descriptions, patterns, choices and defaults. In VS Code, the YAML extension takes it \
      with a first line in the workload file: # yaml-language-server: $schema=workload.schema.json
      """)

  @Argument(help: "Whose schema: workload, configuration, policies.")
  var subject = SchemaSubject.workload

  func run() async throws {
    try await reporting { console in
      let schema =
        switch subject {
        case .workload: JSONSchema.workload(on: Providers.registry.engines)
        case .configuration: ConfigurationFile.jsonSchema(Providers.registry)
        case .policies: PolicyFile.jsonSchema
        }
      console.write(CanonicalJSON.pretty(schema))
    }
  }
}

/// What there is a schema of.
enum SchemaSubject: String, ExpressibleByArgument, CaseIterable {
  case workload
  case configuration
  case policies
}
