import ArgumentParser
import Diagnostics
import Rendering
import Values
import WorkloadSpec

/// `berth render`: prints what the files say when everything is filled in.
struct RenderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Print the fully resolved spec: merged, variables filled in, defaults stated.",
    discussion: """
      Examples:
        berth render -f base.yaml -f prod.yaml
        berth render -f base.yaml -f prod.yaml --explain 'services[api].env.LOG_LEVEL'

      Rendering what was rendered gives the same bytes. Secrets and addresses stay references; --explain says of a \
      field with addresses where they lead on the target.
      """)

  @OptionGroup var files: FileOptions
  @OptionGroup var selection: NamespaceSelection

  @Option(
    help: ArgumentHelp("Say which file and line the value of this field comes from.", valueName: "field"))
  var explain: String?

  @Option(help: ArgumentHelp("How to print: \(RenderFormat.list).", valueName: "format"))
  var format = RenderFormat.yaml

  func run() async throws {
    try await reporting { console in
      let loaded = try files.load(for: selection, console)
      if let explain {
        for text in try origins(of: explain, in: loaded) { console.say(text) }
        for line in try addresses(in: explain, of: loaded.map(\.workload)) { console.say(line) }
        return
      }
      let workloads = loaded.map(\.workload)
      switch format {
      case .yaml: console.write(exactly: SpecRendering.yaml(workloads))
      case .json: console.write(SpecRendering.json(workloads))
      }
    }
  }

  /// Where the addresses in a field lead on the target. No engine is asked.
  private func addresses(in field: String, of workloads: [Workload]) throws -> [String] {
    guard workloads.contains(where: { $0.services.contains { !$0.addressUses.isEmpty } }) else { return [] }
    let configuration = try selection.configuration.load()
    let name = selection.target ?? configuration.usualTarget
    let provider = try configuration.makeProvider(name, from: Providers.registry)
    return workloads.flatMap {
      AddressText(of: $0, among: workloads, by: provider.traits.addressing).lines(in: field)
    }
  }

  /// Where a field comes from in each workload that has it. One of them has to.
  private func origins(of field: String, in loaded: [LoadedWorkload]) throws -> [String] {
    let having = loaded.filter { $0.origin(of: field) != nil }
    return try (having.isEmpty ? loaded : having).map { try origin(of: field, in: $0) }
  }

  private func origin(of field: String, in loaded: LoadedWorkload) throws -> String {
    let name = loaded.workload.name
    switch loaded.origin(of: field) {
    case .written(let place):
      return "\(name): `\(field)` is written at \(place.file.name):\(place.line):\(place.column)"
    case .defaultValue(let value):
      return "\(name): `\(field)` is written nowhere: \(CanonicalJSON.compact(value)) is its default"
    case .notSet: return "\(name): `\(field)` is not set"
    case nil:
      throw DiagnosticError(
        Diagnostic(
          .unknownKey, "`\(name)` has no field `\(field)`",
          help: "name it as a plan does: `replicas`, `services[api].env.LOG_LEVEL`"))
    }
  }
}

/// How a spec can be printed.
enum RenderFormat: String, ExpressibleByArgument, CaseIterable {
  case yaml, json

  static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
