import Planning
import ProviderKit
import Values
import WorkloadSpec

/// A field of a service, and how to change it.
struct FieldEdit: Sendable {
  /// Its path in a service.
  let path: String
  /// Sets it, and what it needs.
  let prepare: @Sendable (inout Service) -> Void
  /// Sets it to something else.
  let change: @Sendable (inout Service) -> Void

  /// A service with every field set that is edited.
  static func prepared(_ service: Service, by edits: [FieldEdit] = all) -> Service {
    var service = service
    for edit in edits { edit.prepare(&service) }
    return service
  }

  /// Its value in a service; of a list, in its first element.
  func value(in service: Service) -> Value {
    path.split(separator: ".").reduce(service.plain) { value, name in
      (value.list?.first ?? value)[String(name)] ?? .null
    }
  }

  private init(
    _ path: String, _ prepare: @escaping @Sendable (inout Service) -> Void,
    _ change: @escaping @Sendable (inout Service) -> Void
  ) {
    self.path = path
    self.prepare = prepare
    self.change = change
  }

  private static func port(_ service: inout Service) {
    var port = Port()
    port.container = 8080
    service.ports = [port]
  }

  private static func volume(_ service: inout Service) {
    var volume = Volume()
    volume.name = "data"
    volume.mountPath = "/data"
    service.volumes = [volume]
  }

  private static func check(_ service: inout Service) {
    service.healthCheck = HealthCheck()
    service.healthCheck?.command = ["/bin/true"]
    service.healthCheck?.interval = SpecDuration(milliseconds: 100)
  }

  private static func file(_ service: inout Service) {
    var file = ConfigFile()
    file.name = "app"
    file.path = "/etc/app.conf"
    file.content = "level = info\n"
    service.configFiles = [file]
  }

  /// Edits of the fields that a provider may read back.
  static let all: [FieldEdit] =
    [
      FieldEdit("args", { $0.args = ["--one"] }, { $0.args = ["--two"] }),
      FieldEdit("env", { $0.env = ["LEVEL": "info"] }, { $0.env = ["LEVEL": "debug"] }),
      FieldEdit(
        "resources.cpu", { $0.resources.cpu = CPUQuantity("500m") },
        { $0.resources.cpu = CPUQuantity("250m") }),
      FieldEdit(
        "resources.memory", { $0.resources.memory = ByteQuantity("64Mi") },
        { $0.resources.memory = ByteQuantity("128Mi") }),
      FieldEdit(
        "resources.disk", { $0.resources.disk = ByteQuantity("1Gi") },
        { $0.resources.disk = ByteQuantity("2Gi") }),
      FieldEdit("ports.container", port, { $0.ports[0].container = 9090 }),
      FieldEdit("ports.protocol", { _ in }, { $0.ports[0].protocol = .udp }),
      FieldEdit("ports.host", { _ in }, { $0.ports[0].host = 48_213 }),
      FieldEdit("volumes.mountPath", volume, { $0.volumes[0].mountPath = "/elsewhere" }),
      FieldEdit("volumes.size", { _ in }, { $0.volumes[0].size = ByteQuantity("1Gi") }),
      FieldEdit("healthCheck.command", check, { $0.healthCheck?.command = ["/bin/true", "again"] }),
      FieldEdit("healthCheck.interval", { _ in }, { $0.healthCheck?.interval = .seconds(7) }),
      FieldEdit("healthCheck.timeout", { _ in }, { $0.healthCheck?.timeout = .seconds(7) }),
      FieldEdit("healthCheck.retries", { _ in }, { $0.healthCheck?.retries = 7 }),
      FieldEdit("configFiles.content", file, { $0.configFiles[0].content = "level = debug\n" }),
      FieldEdit("annotations", { $0.annotations = ["owner": "ada"] }, { $0.annotations = ["owner": "bob"] }),
      FieldEdit("restart", { $0.restart = .always }, { $0.restart = .onFailure }),
      FieldEdit(
        "maxRestarts", { _ in },
        {
          // The language has it with this policy only.
          $0.restart = .onFailure
          $0.maxRestarts = 7
        }),
      FieldEdit("stopGrace", { $0.stopGrace = .seconds(3) }, { $0.stopGrace = .seconds(4) }),
      FieldEdit("dependsOn", { $0.dependsOn = [] }, { $0.dependsOn = ["proxy"] }),
    ] + process + security + network + limits

  private static let process: [FieldEdit] = [
    FieldEdit("workingDir", { $0.workingDir = "/tmp" }, { $0.workingDir = "/var" }),
    FieldEdit("user", { $0.user = "0:0" }, { $0.user = "1:1" }),
    FieldEdit("groups", { $0.groups = ["2"] }, { $0.groups = ["3"] }),
    FieldEdit("hostname", { $0.hostname = "one" }, { $0.hostname = "two" }),
    FieldEdit("stopSignal", { $0.stopSignal = "SIGTERM" }, { $0.stopSignal = "SIGQUIT" }),
    FieldEdit("init", { _ in }, { $0.`init` = true }),
    FieldEdit("tty", { _ in }, { $0.tty = true }),
    FieldEdit("stdin", { _ in }, { $0.stdin = true }),
    FieldEdit("logging.driver", { $0.logging.driver = "json-file" }, { $0.logging.driver = "local" }),
    FieldEdit(
      "logging.options", { $0.logging.options = ["max-size": "1m"] },
      { $0.logging.options = ["max-size": "2m"] }),
    FieldEdit("configFiles.mode", { $0.configFiles[0].mode = "0644" }, { $0.configFiles[0].mode = "0600" }),
    FieldEdit("configFiles.owner", { $0.configFiles[0].owner = "0:0" }, { $0.configFiles[0].owner = "1:1" }),
    FieldEdit(
      "healthCheck.startPeriod", { _ in }, { $0.healthCheck?.startPeriod = .seconds(7) }),
    FieldEdit(
      "healthCheck.startInterval", { $0.healthCheck?.startInterval = SpecDuration(milliseconds: 100) },
      { $0.healthCheck?.startInterval = .seconds(2) }),
  ]

  private static let security: [FieldEdit] = [
    FieldEdit("security.privileged", { _ in }, { $0.security.privileged = true }),
    FieldEdit("security.noNewPrivileges", { _ in }, { $0.security.noNewPrivileges = true }),
    FieldEdit(
      "security.capabilities.add", { $0.security.capabilities.add = ["SYS_NICE"] },
      { $0.security.capabilities.add = ["NET_ADMIN", "SYS_TIME"] }),
    FieldEdit(
      "security.capabilities.drop", { $0.security.capabilities.drop = ["MKNOD"] },
      { $0.security.capabilities.drop = ["AUDIT_WRITE"] }),
    FieldEdit(
      "security.seccomp", { $0.security.seccomp = "unconfined" },
      { $0.security.seccomp = #"{"defaultAction":"SCMP_ACT_ALLOW"}"# }),
    FieldEdit(
      "security.apparmor", { $0.security.apparmor = "unconfined" },
      { $0.security.apparmor = "docker-default" }),
    FieldEdit(
      "security.selinux", { $0.security.selinux = ["disable"] }, { $0.security.selinux = ["type:spc_t"] }),
    FieldEdit("security.devices.source", device, { $0.security.devices[0].source = "/dev/zero" }),
    FieldEdit("security.devices.path", { _ in }, { $0.security.devices[0].path = "/dev/other" }),
    FieldEdit("security.devices.permissions", { _ in }, { $0.security.devices[0].permissions = .read }),
  ]

  private static func device(_ service: inout Service) {
    var device = Device()
    device.source = "/dev/null"
    device.path = "/dev/nothing"
    service.security.devices = [device]
  }

  private static let network: [FieldEdit] = [
    FieldEdit(
      "network.aliases", { $0.network.aliases = ["one"] }, { $0.network.aliases = ["two"] }),
    FieldEdit(
      "network.extraHosts", { $0.network.extraHosts = ["db.test": "10.0.0.2"] },
      { $0.network.extraHosts = ["db.test": "10.0.0.3"] }),
    FieldEdit(
      "network.dns.servers", { $0.network.dns.servers = ["10.0.0.2"] },
      { $0.network.dns.servers = ["10.0.0.3", "10.0.0.2"] }),
    FieldEdit(
      "network.dns.search", { $0.network.dns.search = ["one.test"] }, { $0.network.dns.search = ["two.test"] }
    ),
    FieldEdit(
      "network.dns.options", { $0.network.dns.options = ["ndots:1"] },
      { $0.network.dns.options = ["ndots:2"] }),
    FieldEdit(
      // One that a kubelet lets every pod set.
      "network.sysctls", { $0.network.sysctls = ["net.ipv4.tcp_syncookies": "1"] },
      { $0.network.sysctls = ["net.ipv4.tcp_syncookies": "0"] }),
    FieldEdit(
      "ports.address", { $0.ports[0].address = "127.0.0.1" }, { $0.ports[0].address = "127.0.0.2" }),
  ]

  private static let limits: [FieldEdit] = [
    FieldEdit("resources.pids", { $0.resources.pids = 64 }, { $0.resources.pids = 128 }),
    FieldEdit(
      "resources.swap", { $0.resources.swap = ByteQuantity("64Mi") },
      { $0.resources.swap = ByteQuantity("32Mi") }),
    FieldEdit(
      "resources.shm", { $0.resources.shm = ByteQuantity("16Mi") },
      { $0.resources.shm = ByteQuantity("32Mi") }),
    FieldEdit("resources.cpuset", { $0.resources.cpuset = "0" }, { $0.resources.cpuset = "0-1" }),
    FieldEdit("resources.oomScore", { $0.resources.oomScore = 100 }, { $0.resources.oomScore = 200 }),
    FieldEdit(
      "resources.reservations.memory", { $0.resources.reservations.memory = ByteQuantity("16Mi") },
      { $0.resources.reservations.memory = ByteQuantity("32Mi") }),
    FieldEdit(
      "resources.reservations.cpu", { $0.resources.reservations.cpu = CPUQuantity("100m") },
      { $0.resources.reservations.cpu = CPUQuantity("50m") }),
    FieldEdit("resources.ulimits.soft", ulimit, { $0.resources.ulimits[0].soft = 512 }),
    FieldEdit("resources.ulimits.hard", { _ in }, { $0.resources.ulimits[0].hard = 4096 }),
    FieldEdit("volumes.readOnly", { _ in }, { $0.volumes[0].readOnly = true }),
  ]

  private static func ulimit(_ service: inout Service) {
    var limit = Ulimit()
    (limit.name, limit.soft, limit.hard) = ("nofile", 1024, 2048)
    service.resources.ulimits = [limit]
  }
}
