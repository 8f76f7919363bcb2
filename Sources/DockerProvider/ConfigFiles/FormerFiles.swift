import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Takes config files away that a service has no more and that its volumes keep: a container's own files go with it, those in
/// a volume do not.
struct FormerFiles: Sendable {
  let client: DockerClient
  /// Where to say what stays.
  let report: @Sendable (String) -> Void

  /// Removes the config files that one container was given and the next one is not, between the end of the one and the start
  /// of the other. What the service has written to since stays.
  ///
  /// - Parameters:
  ///   - old: what has ended, or is gone.
  ///   - new: the id of what does not run yet.
  ///   - service: what it was made from.
  func remove(of old: ServiceStamp, from new: String, _ service: Service) async throws {
    let wanted = Set(service.configFiles.map(\.path) + service.secrets.flatMap(\.paths))
    let former = old.spec.configFiles.map(\.path).filter { !wanted.contains($0) }.map(ContainerFields.fill)
    guard !former.isEmpty else { return }
    let container = try await client.containers.inspect(new)
    var untouched: [String] = []
    for path in former where container.keeps(path) {
      guard let stat = try await ifFound({ try await client.containers.stat(new, path: path) }),
        !stat.isFolder
      else { continue }
      if stat.modified.seconds == GivenFile.modified {
        untouched.append(path)
      } else {
        report(
          "the config file \(path), which the spec does not have any more, was written to since, and stays")
      }
    }
    guard !untouched.isEmpty, try await !run(["rm", "-f", "--"] + untouched, beside: container) else {
      return
    }
    let paths = untouched.joined(separator: ", ")
    report("the config files \(paths), which the spec does not have any more, stay: the image has no `rm`")
  }

  /// Runs a command on a container's volumes: an engine has no call that removes a file. What it is run in carries the stamp
  /// of its service, so that it is found should it ever stay.
  ///
  /// - Returns: whether it succeeded.
  private func run(_ command: [String], beside container: Container) async throws -> Bool {
    var config = ContainerConfig()
    config.image = container.imageID
    config.entrypoint = command
    config.command = []
    config.user = "0"
    config.labels = container.config.labels
    config.healthcheck = HealthcheckConfig(test: ["NONE"])
    var host = HostConfig()
    host.mounts = container.host.mounts
    host.networkMode = "none"
    let name = container.name + Self.suffix
    _ = try await ifFound { try await client.containers.remove(name, force: true) }
    let made = try await client.containers.create(
      named: name, ContainerCreation(config: config, host: host))
    do {
      let end = try await client.containers.wait(made.id, until: .nextExit)
      try await client.containers.start(made.id)
      let code = try await end.exitCode()
      _ = try await ifFound { try await client.containers.remove(made.id, force: true) }
      return code == 0
    } catch let error as DockerError where error.status != nil {
      _ = try await ifFound { try await client.containers.remove(made.id, force: true) }
      return false
    }
  }

  /// What the name of such a container ends with: no service's container is called so.
  private static let suffix = ".tidying"
}

extension Container {
  /// Whether a path lies in one of its volumes, and so is there as long as that is.
  fileprivate func keeps(_ path: String) -> Bool {
    let path = MountPath.plain(path)
    return (mounts ?? []).contains { mount in
      mount.type == "volume" && path.hasPrefix(MountPath.plain(mount.destination) + "/")
    }
  }
}

extension SecretReference {
  /// Where the service sees it, if that is in files.
  fileprivate var paths: [String] {
    switch type {
    case .env, .registry: []
    case .file: [self.as]
    case .tls: [certificatePath, keyPath]
    }
  }
}
