import Diagnostics
import DockerAPI
import ProviderKit
import WorkloadSpec

/// What a target of a Docker engine may say in berth.yaml, besides what every target may say.
public struct DockerTarget: SpecObject {
  /// The engine's address.
  public var host: String?
  /// The docker context that has the engine's address.
  public var context: String?
  /// The file of the authority that the engine's certificate is checked by.
  public var ca: String?
  /// The file of the certificate that is shown to the engine.
  public var cert: String?
  /// The file of that certificate's key.
  public var key: String?
  /// The hosts of the registries that secrets of specs may be sent to.
  public var registries: [String] = []

  /// The engine that the docker client means, too.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<DockerTarget>(
    "docker target",
    "A Docker engine. Without `host` and `context` it is found as the docker client finds it.",
    synonyms: ["address": "host", "url": "host", "tlscacert": "ca", "tlscert": "cert", "tlskey": "key"],
    fields: [
      Field(
        "host", \.host,
        "the engine's address: `unix:///var/run/docker.sock`, `tcp://…`, `ssh://user@machine`",
        rules: [.notEmpty]),
      Field("context", \.context, "the docker context that names the engine", rules: [.notEmpty]),
      Field(
        "ca", \.ca, "the file of the authority that the engine's certificate is checked by",
        rules: [.notEmpty]),
      Field("cert", \.cert, "the file of the certificate that the engine is shown", rules: [.notEmpty]),
      Field("key", \.key, "the file of that certificate's key", rules: [.notEmpty]),
      Field(
        "registries", \.registries, "the hosts of the registries that secrets of specs may be sent to",
        rules: [ListedRegistries.areHosts]),
    ])
}

extension DockerProvider {
  /// A provider as a target in berth.yaml describes it; see ``DockerTarget``.
  ///
  /// - Parameter environment: the variables of the program, by which the docker client is told of engines and
  ///   credentials.
  public init(_ target: TargetOptions, environment: [String: String]) {
    self.init(
      region: target.region, zone: target.zone, environment: environment,
      registries: ListedRegistries(
        target.own(DockerTarget.self).registries, of: target.name, isGiven: target.isGiven),
      history: target.history, store: target.store, allowed: target.allow
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
    let options = target.own(DockerTarget.self)
    var tls: DockerTLS?
    if options.ca ?? options.cert ?? options.key != nil {
      tls = DockerTLS(authority: options.ca, certificate: options.cert, key: options.key)
    }
    self = try .resolve(host: options.host, tls: tls, context: options.context, environment: environment)
    guard target.isGiven || isOfThisMachine || (options.host ?? options.context) == nil else {
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
