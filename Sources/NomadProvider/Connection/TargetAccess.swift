import Diagnostics
import NomadAPI
import ProviderKit
import Secrets
import UserFiles
import Wire

extension NomadAccess {
  /// The cluster of a target.
  ///
  /// - Parameters:
  ///   - environment: the variables of the program, by which `nomad` is told of clusters, too.
  ///   - workingDirectory: what relative paths are taken from.
  ///   - secrets: finds the token that the target names.
  /// - Throws: `NomadError` if it can't be used; `SecretError` if there is no token; `DiagnosticError` if a configuration that was
  ///   found names a cluster of another machine. The author of one must not choose where something is sent; what the
  ///   environment says is the user's own choice.
  static func of(
    _ target: TargetOptions, environment: [String: String], workingDirectory: String,
    secrets: any SecretResolver
  ) async throws -> NomadAccess {
    let stated = target.own(NomadTarget.self)
    let isStrangers = !target.isGiven
    let boundary = isStrangers ? FileBoundary(around: workingDirectory) : nil
    func file(_ path: String?) -> KeyMaterial? {
      path.map { .file($0.hasPrefix("/") ? $0 : "\(workingDirectory)/\($0)", within: boundary) }
    }
    var options = NomadOptions()
    (options.address, options.region) = (stated.address, target.region)
    (options.authorities, options.certificate) = (file(stated.ca), file(stated.cert))
    (options.key, options.serverName) = (file(stated.key), stated.serverName)
    if let key = stated.token {
      let value = try await secrets.value(of: key, in: "default")
      options.token = value.map { String(decoding: $0.bytes, as: UTF8.self).trimmingBreak }
      if value == nil {
        throw SecretError(key: key, "no source knows the token of the target `\(target.name)`")
      }
    }
    let access = try resolve(
      options, environment: environment, source: "target `\(target.name)` of berth.yaml")
    let isNamed = (stated.address ?? stated.token ?? stated.ca) != nil
    guard target.isGiven || !isNamed || access.server.isOfThisMachine else {
      throw DiagnosticError(
        Diagnostic(
          .foundConfiguration,
          "the target `\(target.name)` is reached at \(access.server), which only a configuration that is given may say",
          help:
            "if berth.yaml says what you mean, give it: `--config berth.yaml`, or `BERTH_CONFIG` in the environment"
        ))
    }
    return access
  }
}

extension String {
  /// Without the line break at the end that files have.
  fileprivate var trimmingBreak: String { hasSuffix("\n") ? String(dropLast()) : self }
}
