import DockerAPI
import Planning
import WorkloadSpec

/// What a container that berth did not make says beyond the spec of the service that it is to become: what neither its image
/// nor the spec has. Each is a difference that the plan shows.
struct ForeignSpec {
  /// The container, as berth would have made it; see ``DockerAPI/Container/asMade(with:)``.
  let container: Container
  /// What its image says.
  let image: ContainerConfig?
  /// The service that it is to become.
  let wanted: Service

  /// What stands for a value that is not shown: a variable that the spec does not have may be a secret.
  static let withheld = "(not shown)"

  /// The service that is wanted, with what the container has beyond it: what is read of the container is read by it.
  var stated: Service {
    var service = wanted
    addProgram(to: &service)
    addEnvironment(to: &service)
    addCheck(to: &service)
    addMounts(to: &service)
    return service
  }

  /// What was read by ``stated``, without the values that are not to be shown.
  func withheld(_ read: Service) -> Service {
    var service = read
    for entry in read.env.entries where wanted.env[entry.key] == nil {
      service.env[entry.key] = Self.withheld
    }
    return service
  }

  /// The variables that a container states; a text without `=` is none.
  static func variables(of config: ContainerConfig?) -> [String: String] {
    var variables: [String: String] = [:]
    for text in config?.environment ?? [] {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    }
    return variables
  }

  private var config: ContainerConfig { container.config }

  private func addProgram(to service: inout Service) {
    let program = config.entrypoint ?? []
    if service.command.isEmpty, program != image?.entrypoint ?? [] { service.command = program }
    let arguments = config.command ?? []
    if service.args.isEmpty, !arguments.isEmpty, arguments != image?.command ?? [] {
      service.args = arguments
    }
    func own(_ value: String?, beside other: String?) -> String? {
      guard let value, !value.isEmpty, value != other ?? "" else { return nil }
      return value
    }
    if service.user == nil { service.user = own(config.user, beside: image?.user) }
    if service.workingDir == nil, config.workingDirectory != "/" || image?.workingDirectory ?? "" != "" {
      service.workingDir = own(config.workingDirectory, beside: image?.workingDirectory)
    }
    if service.stopSignal == nil {
      service.stopSignal = own(config.stopSignal, beside: image?.stopSignal ?? "SIGTERM")
    }
    // An engine names a container after its id.
    if service.hostname == nil, container.canJoinNetworks {
      service.hostname = own(config.hostname, beside: String(container.id.prefix(12)))
    }
  }

  private func addEnvironment(to service: inout Service) {
    let own = Self.variables(of: image)
    let secret = Set(wanted.secrets.filter { $0.type == .env }.map(\.as))
    for (name, value) in Self.variables(of: config) where own[name] != value {
      guard service.env[name] == nil, !secret.contains(name) else { continue }
      service.env[name] = value
    }
  }

  private func addCheck(to service: inout Service) {
    guard service.healthCheck == nil, let check = config.healthcheck, check.test?.first == "CMD",
      check.test != image?.healthcheck?.test.map(HealthcheckConfig.inLongForm)
    else { return }
    service.healthCheck = HealthCheck()
    service.healthCheck?.command = Array((check.test ?? []).dropFirst())
  }

  /// The mounts whose data would be left behind: volumes that have a name, and all at paths that the image declares, for
  /// which the spec has no volume; and what the spec has another kind of volume for. What comes after the container would
  /// begin without the data.
  var dataLeftBehind: [MountSpec] {
    (container.host.mounts ?? []).filter { mount in
      guard mount.type != "tmpfs", mount.readOnly != true else { return false }
      guard let volume = wanted.volume(at: MountPath.plain(mount.target)) else {
        let hasName = mount.type == "volume" && mount.source.map(Mount.isAnonymous) == false
        return hasName || (isDeclared(mount) && !isOfTheImage(mount))
      }
      switch volume.type {
      case .persistent, .ephemeral: return mount.type == "bind"
      case .bind, .memory: return mount.type == "volume"
      case .external: return mount.type != "volume" || (volume.source ?? volume.name) != mount.source
      }
    }
  }

  private func isDeclared(_ mount: MountSpec) -> Bool {
    let path = MountPath.plain(mount.target)
    return (image?.volumes ?? [:]).keys.contains { MountPath.plain($0) == path }
  }

  /// Whether an engine made a volume by itself because the image declares it.
  func isOfTheImage(_ mount: MountSpec) -> Bool {
    isDeclared(mount) && mount.type == "volume" && mount.source.map(Mount.isAnonymous) != false
  }

  /// What is mounted where the spec has nothing: no volume, no file that it is given, and nothing that the engine made for
  /// the image.
  private func addMounts(to service: inout Service) {
    let files = Set(
      wanted.configFiles.map(\.path)
        + wanted.secrets.filter { $0.type != .env && $0.type != .registry }.map(\.as))
    for mount in container.host.mounts ?? [] {
      let path = MountPath.plain(mount.target)
      guard service.volume(at: path) == nil, !files.contains(where: { MountPath.plain($0) == path }),
        !isOfTheImage(mount)
      else { continue }
      var volume = WorkloadSpec.Volume()
      volume.name = Self.name(of: path, beside: service.volumes.map(\.name))
      volume.mountPath = mount.target
      volume.type = mount.type == "tmpfs" ? .memory : mount.type == "bind" ? .bind : .external
      volume.source = mount.type == "tmpfs" ? nil : mount.source
      volume.readOnly = mount.readOnly ?? false
      service.volumes.append(volume)
    }
    service.volumes.sort { $0.precedes($1) }
  }

  private static func name(of path: String, beside others: [String]) -> String {
    let name = DNSLabel.nearest(to: path) ?? "root"
    return others.contains(name) ? "mounted-\(name)" : name
  }
}
