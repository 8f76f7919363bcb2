import Diagnostics
import NomadAPI
import Planning
import ProviderKit
import Secrets
import UserFiles
import Wire

extension NomadProvider {
  /// A provider as a target in berth.yaml describes it; see ``NomadTarget``.
  ///
  /// - Parameters:
  ///   - environment: the variables of the program, by which `nomad` is told of clusters, too.
  ///   - workingDirectory: what relative paths are taken from.
  ///   - secrets: finds the token that the target names.
  public init(
    _ target: TargetOptions, environment: [String: String], workingDirectory: String,
    secrets: any SecretResolver
  ) {
    let options = target.own(NomadTarget.self)
    let connection = NomadConnection(options) {
      let access = try await NomadAccess.of(
        target, environment: environment, workingDirectory: workingDirectory, secrets: secrets)
      return try await NomadClient.connect(to: access)
    }
    self.init(
      connection: connection,
      store: target.store
        ?? RegisterStore(VariableRegisters(connection: connection), limits: target.history),
      target: options,
      allowed: target.allow, region: target.region, zone: target.zone)
  }
}

extension NomadProvider: StoreKeeper {
  /// The history of another engine's workloads, in the namespaces of the cluster that are called like theirs.
  public func store(of engine: EngineIdentity, limits: HistoryLimits) async throws -> any ReleaseStore {
    if try await info().identity == engine { return store }
    return RegisterStore(
      VariableRegisters(connection: connection), prefix: engine.storePath + "/", limits: limits)
  }
}
