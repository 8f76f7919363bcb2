import Diagnostics
import KubernetesAPI
import ProviderKit
import UserFiles

extension ClusterAccess {
  /// The cluster of a target, and whether its configuration may run programs.
  ///
  /// - Parameters:
  ///   - environment: the variables of the program, by which `kubectl` is told of clusters, too.
  ///   - isInteractive: whether a person is there to be asked something, at the terminal that is standard input.
  ///   - workingDirectory: what relative paths are taken from.
  /// - Throws: `KubernetesError` if it can't be used; `DiagnosticError` if a configuration that was found names a cluster of
  ///   another machine. The author of one must not choose where something is sent, nor which programs are run; what the
  ///   environment and `~/.kube/config` say is the user's own choice.
  static func of(
    _ target: TargetOptions, environment: [String: String], isInteractive: Bool, workingDirectory: String
  ) throws -> (ClusterAccess, ProgramPermission) {
    let options = target.own(KubernetesTarget.self)
    let isStrangers = !target.isGiven && options.kubeconfig != nil
    let access = try ClusterAccess.resolve(
      kubeconfig: options.kubeconfig,
      within: isStrangers ? FileBoundary(around: workingDirectory) : nil, context: options.context,
      environment: environment, workingDirectory: workingDirectory)
    let staysHere = access.server.isOfThisMachine && access.proxy?.isOfThisMachine ?? true
    guard target.isGiven || staysHere || (options.kubeconfig ?? options.context) == nil else {
      throw DiagnosticError(
        Diagnostic(
          .foundConfiguration,
          "the target `\(target.name)` is reached at \(access.server), which only a configuration that is given may say",
          help:
            "if berth.yaml says what you mean, give it: `--config berth.yaml`, or `BERTH_CONFIG` in the environment"
        ))
    }
    let programs: ProgramPermission =
      isStrangers
      ? .refused(because: "a configuration that was found names the kubeconfig")
      : .granted(environment: environment, isInteractive: isInteractive)
    return (access, programs)
  }
}
