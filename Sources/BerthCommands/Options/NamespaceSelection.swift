import ArgumentParser
import Diagnostics
import WorkloadSpec

/// Which namespace a command works in: the one that is named, or else the one of the target that is meant.
struct NamespaceSelection: ParsableArguments {
  @Option(
    name: [.short, .customLong("target")],
    help: ArgumentHelp("The target, as berth.yaml names it.", valueName: "name"), completion: .targets)
  var target: String?

  @Option(
    name: [.short, .long], help: ArgumentHelp("The namespace of the workload.", valueName: "name"),
    completion: .namespaces)
  var namespace: String?

  @OptionGroup var configuration: ConfigurationOption

  /// The namespace. No engine is asked for it.
  ///
  /// - Throws: `DiagnosticError` if it is not a usable one, or if there is no such target.
  func resolve() throws -> String { try destination().namespace }

  /// Finds the target and the namespace. No engine is asked for it.
  ///
  /// It throws if the namespace is not a usable one, or if there is no such target.
  var destination: @Sendable () throws(DiagnosticError) -> LoadOptions.Destination {
    let (target, namespace, path) = (target, namespace, configuration.path)
    return { () throws(DiagnosticError) in
      do {
        let configuration = try Configuration.load(given: path)
        let target = target ?? configuration.usualTarget
        return LoadOptions.Destination(
          target: target, namespace: try configuration.target(target).namespace(given: namespace))
      } catch let error as DiagnosticError {
        throw error
      } catch {
        throw DiagnosticError(Diagnostic(.badConfiguration, "berth.yaml can't be read: \(error)"))
      }
    }
  }
}
