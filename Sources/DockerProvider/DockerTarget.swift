import DockerAPI
import ProviderKit

extension DockerProvider {
  /// The options of a target in berth.yaml, besides those of every target.
  public static let options = ["host", "context", "ca", "cert", "key"]

  /// A provider as a target in berth.yaml describes it. `host` is the engine's address, and `ca`, `cert` and `key`
  /// are files for TLS; or `context` names a docker context. Without both, the engine is found as the docker client
  /// finds it.
  ///
  /// - Parameter environment: the variables of the program, by which the docker client is told of engines and
  ///   credentials.
  public init(_ target: TargetOptions, environment: [String: String]) {
    self.init(region: target.region, zone: target.zone, environment: environment) {
      try DockerEndpoint(of: target, environment: environment)
    }
  }
}

extension DockerEndpoint {
  /// The engine of a target.
  init(of target: TargetOptions, environment: [String: String]) throws {
    let options = target.options
    var tls: DockerTLS?
    if options["ca"] ?? options["cert"] ?? options["key"] != nil {
      tls = DockerTLS(authority: options["ca"], certificate: options["cert"], key: options["key"])
    }
    self = try .resolve(
      host: options["host"], tls: tls, context: options["context"], environment: environment)
  }
}
