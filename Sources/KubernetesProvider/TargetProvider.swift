import KubernetesAPI
import Planning
import ProviderKit

extension KubernetesProvider {
  /// A provider as a target in berth.yaml describes it; see ``KubernetesTarget``.
  ///
  /// - Parameters:
  ///   - environment: the variables of the program, by which `kubectl` is told of clusters, too.
  ///   - isInteractive: whether a person is there to be asked something, at the terminal that is standard input.
  ///   - workingDirectory: what relative paths are taken from.
  public init(
    _ target: TargetOptions, environment: [String: String], isInteractive: Bool, workingDirectory: String
  ) {
    let connection = ClusterConnection(open: {
      let (access, programs) = try ClusterAccess.of(
        target, environment: environment, isInteractive: isInteractive, workingDirectory: workingDirectory)
      return try KubernetesOpening(to: access, programs: programs)
    })
    let options = target.own(KubernetesTarget.self)
    let registers = ClusterRegisters(createsNamespaces: options.createNamespace, connection)
    self.init(
      connection: connection, store: target.store ?? RegisterStore(registers, limits: target.history),
      target: options,
      allowed: target.allow, region: target.region, zone: target.zone)
  }
}

extension KubernetesProvider: StoreKeeper {
  /// The history of another engine's workloads, in the namespaces of the cluster that are called like theirs.
  public func store(of engine: EngineIdentity, limits: HistoryLimits) async throws -> any ReleaseStore {
    if try await info().identity == engine { return store }
    let registers = ClusterRegisters(createsNamespaces: target.createNamespace, connection)
    return RegisterStore(registers, prefix: engine.storePath + "/", limits: limits)
  }
}
