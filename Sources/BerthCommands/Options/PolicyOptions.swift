import ArgumentParser
import Diagnostics
import Policies
import WorkloadSpec

/// Where policies come from, besides the configuration.
struct PolicySource: ParsableArguments {
  @Option(
    name: .customLong("policies"),
    help: ArgumentHelp(
      "A folder of policies, or a file, that hold besides those of the configuration; or BERTH_POLICIES.",
      valueName: "path"))
  var path: String?

  /// The policies that a command is held to.
  ///
  /// - Throws: `DiagnosticError` with everything that is wrong with them.
  func policies(with configuration: Configuration) throws -> PolicySet {
    try PolicySet([configuration.policies] + read())
  }

  private func read() throws -> [NamedObjects<Policy>] {
    guard let path = path ?? Environment["BERTH_POLICIES"] else { return [] }
    var reader = FileReader()
    let files = reader.sources(at: path)
    guard !reader.diagnostics.hasErrors else { throw DiagnosticError(reader.diagnostics) }
    return try PolicySet.read(files, on: Providers.registry.engines)
  }
}

/// That a run goes ahead in an emergency.
struct PolicyOverrideOption: ParsableArguments {
  @Option(
    name: .customLong("override-policy"),
    help: ArgumentHelp(
      "Go ahead although policies do not allow it, but for those that say `override: never`; the reason is recorded.",
      valueName: "reason"))
  var reason: String?

  func validate() throws {
    if let reason, reason.allSatisfy(\.isWhitespace) {
      throw ValidationError("invalid value '\(reason)' for --override-policy: expected a reason")
    }
  }
}
