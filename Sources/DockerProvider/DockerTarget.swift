import DockerAPI
import ProviderKit
import WorkloadSpec

extension DockerProvider {
  /// The options of a target in berth.yaml, besides those of every target.
  public static let options = ["host", "context", "ca", "cert", "key", "registries"]
  /// Those of them that hold a list.
  public static let lists = ["registries"]

  /// A provider as a target in berth.yaml describes it. `host` is the engine's address, and `ca`, `cert` and `key`
  /// are files for TLS; or `context` names a docker context. Without both, the engine is found as the docker client
  /// finds it. `registries` are the hosts that secrets of type `registry` may be sent to.
  ///
  /// - Parameter environment: the variables of the program, by which the docker client is told of engines and
  ///   credentials.
  /// - Throws: `DiagnosticError` if one of the registries is none.
  public init(_ target: TargetOptions, environment: [String: String]) throws {
    self.init(
      region: target.region, zone: target.zone, environment: environment,
      registries: try ListedRegistries(target)
    ) { try DockerEndpoint(of: target, environment: environment) }
  }
}

extension DockerEndpoint {
  /// The engine of a target.
  ///
  /// - Throws: `DockerError` if it can't be used; `DiagnosticError` if a configuration that was found names an engine of
  ///   another machine. The author of one must not choose where something is sent, nor what `ssh` is run with; what the
  ///   environment or the settings of the docker client say is the user's own choice.
  init(of target: TargetOptions, environment: [String: String]) throws {
    let options = target.options
    var tls: DockerTLS?
    if options["ca"] ?? options["cert"] ?? options["key"] != nil {
      tls = DockerTLS(authority: options["ca"], certificate: options["cert"], key: options["key"])
    }
    self = try .resolve(
      host: options["host"], tls: tls, context: options["context"], environment: environment)
    guard target.isGiven || isOfThisMachine || (options["host"] ?? options["context"]) == nil else {
      throw DiagnosticError(
        Diagnostic(
          .foundConfiguration,
          "the target `\(target.name)` is reached at \(self), which only a configuration that is given may say",
          help:
            "if berth.yaml says what you mean, give it: `--config berth.yaml`, or `BERTH_CONFIG` in the environment"
        ))
    }
  }
}
