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
  /// - Throws: `NomadError` if it can't be used; `DiagnosticError` if there is no token, or if a configuration that was found names
  ///   a cluster of another machine. The author of one must not choose where something is sent; what the environment says is
  ///   the user's own choice.
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
    var access = try resolve(
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
    // Only now: what a stranger's file names is not read for another machine.
    if let key = stated.token { access.token = try await token(key, of: target.name, secrets) }
    return access
  }

  private static func token(
    _ key: String, of target: String, _ secrets: any SecretResolver
  ) async throws -> String {
    let words = "the token of the target `\(target)`, which is the secret `\(key)`, has no value"
    let help = "give it a value, or leave `token` out and set NOMAD_TOKEN"
    do {
      if let value = try await secrets.value(of: key, in: "default") {
        return String(decoding: value.bytes, as: UTF8.self).trimmingBreak
      }
    } catch let error as SecretError {
      throw DiagnosticError(
        Diagnostic(.unresolvedSecret, "\(words): \(error.message)", help: error.help ?? help))
    }
    throw DiagnosticError(Diagnostic(.unresolvedSecret, words, help: help))
  }
}

extension String {
  /// Without the line break at the end that files have.
  fileprivate var trimmingBreak: String { hasSuffix("\n") ? String(dropLast()) : self }
}
