import UserFiles
import Wire

extension ClusterAccess {
  /// Finds the cluster as `kubectl` does. The first of these that is given decides:
  ///
  /// 1. the kubeconfig file that is asked for;
  /// 2. the files that `KUBECONFIG` names, merged: of two that say something of the same cluster, user or
  ///   context, the first counts; those that are missing are left out;
  /// 3. `~/.kube/config`;
  /// 4. the service account of the pod that the program runs in, if none of the files is there and no context
  ///   is asked for.
  ///
  /// - Parameters:
  ///   - kubeconfig: the path of a file.
  ///   - boundary: the folders that this file, and those that it names, must lie in, where a stranger may have
  ///     named it: the server that it names is sent what is in them.
  ///   - context: the name of a context; `nil` means the current one.
  ///   - environment: the environment of the program.
  ///   - workingDirectory: what relative paths are taken from.
  /// - Throws: ``KubernetesError`` if what decides can't be used, or nothing does.
  package static func resolve(
    kubeconfig: String? = nil, within boundary: FileBoundary? = nil, context: String? = nil,
    environment: [String: String], workingDirectory: String
  ) throws -> ClusterAccess {
    try resolve(
      kubeconfig: kubeconfig, within: boundary, context: context, environment: environment,
      workingDirectory: workingDirectory,
      serviceAccount: PodServiceAccount.folder)
  }

  static func resolve(
    kubeconfig: String?, within boundary: FileBoundary? = nil, context: String?,
    environment: [String: String], workingDirectory: String,
    serviceAccount: String
  ) throws -> ClusterAccess {
    if let kubeconfig {
      guard
        let config = try KubeconfigReader(
          path: kubeconfig, workingDirectory: workingDirectory, within: boundary
        ).read()
      else {
        throw KubernetesError(
          "the kubeconfig \(kubeconfig) is missing",
          help: "check the path; a relative one is taken from \(workingDirectory)")
      }
      return try proxied(config.access(context: context), by: environment)
    }
    let files = Self.files(environment)
    var config = Kubeconfig()
    for file in files {
      guard let further = try KubeconfigReader(path: file, workingDirectory: workingDirectory).read() else {
        continue
      }
      config.merge(further)
    }
    if config.files.isEmpty, context == nil,
      let account = try PodServiceAccount(folder: serviceAccount).access(environment: environment)
    {
      return account
    }
    guard !config.files.isEmpty else {
      throw KubernetesError(
        "no cluster is named: "
          + (files.isEmpty
            ? "KUBECONFIG is not set, and neither is HOME" : "\(files.joined(separator: ", ")) is missing"),
        help: "name a kubeconfig by the target's kubeconfig or KUBECONFIG, or put it at ~/.kube/config")
    }
    return try proxied(config.access(context: context), by: environment)
  }

  /// The files that are looked for, each once.
  private static func files(_ environment: [String: String]) -> [String] {
    var files: [String] = []
    for file in (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
    where !files.contains(file) {
      files.append(file)
    }
    if files.isEmpty, let home = environment["HOME"], !home.isEmpty { files = ["\(home)/.kube/config"] }
    return files
  }

  /// An access without a proxy of its own goes through the one that the environment names.
  private static func proxied(
    _ access: ClusterAccess, by environment: [String: String]
  ) throws -> ClusterAccess {
    guard access.proxy == nil else { return access }
    var access = access
    do throws(WireProblem) {
      access.proxy = try ProxyEnvironment(environment).proxy(for: access.server)
    } catch {
      throw KubernetesError(error)
    }
    return access
  }
}
