import ArgumentParser
import Planning
import ProviderKit
import WorkloadSpec

/// Which target a command works on, and which namespace of it.
struct TargetSelection: ParsableArguments {
  @Option(
    name: [.short, .customLong("target")],
    help: ArgumentHelp("The target, as berth.yaml names it.", valueName: "name"))
  var target: String?

  @Option(name: [.short, .long], help: ArgumentHelp("The namespace of the workload.", valueName: "name"))
  var namespace: String?

  /// Looks the target up in berth.yaml.
  ///
  /// - Parameter preferred: the target that is meant if none is named.
  func resolve(default preferred: String? = nil) throws -> Target {
    let configuration = try Configuration.find()
    let name = target ?? preferred ?? configuration.defaultTarget ?? "local"
    let entry = try configuration.target(name)
    let namespace = namespace ?? entry.namespace ?? "default"
    guard DNSLabel.isValid(namespace) else {
      throw DiagnosticError(
        Diagnostic(
          .badName, "`\(namespace)` is not a usable namespace",
          help:
            "use at most 63 lower-case letters, digits and `-`, starting and ending with a letter or digit"))
    }
    let provider = try Providers.registry.get(entry.provider).make(
      TargetOptions(name: name, options: entry.options))
    return Target(name: name, namespace: namespace, provider: provider)
  }
}

/// A target with its provider, ready to be used.
struct Target {
  /// The name.
  let name: String
  /// The namespace that the command works in.
  let namespace: String
  /// Both halves of the provider: only commands that change something may ask for it.
  let provider: any Provider

  /// The half that can't write, for everything that only looks.
  var reader: any ProviderReader { provider }

  /// The identity of a workload on this target.
  func key(_ name: String) throws -> WorkloadKey {
    guard DNSLabel.isValid(name) else {
      throw DiagnosticError(
        Diagnostic(
          .badName, "`\(name)` is not a name of a workload",
          help: "give the name that the file has under `name`"))
    }
    return WorkloadKey(namespace: namespace, name: name)
  }
}
