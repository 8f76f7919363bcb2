import Planning
import Values
import WorkloadSpec

/// Workloads to apply.
enum Examples {
  static func service(
    _ name: String, _ role: Role = .main, _ edit: (inout Service) -> Void = { _ in }
  ) -> Service {
    var service = Service()
    service.name = name
    service.role = role
    service.command = ["/bin/\(name)"]
    edit(&service)
    return service
  }

  static func workload(
    _ services: [Service], replicas: Int? = 1, _ edit: (inout Workload) -> Void = { _ in }
  ) -> Workload {
    var workload = Workload()
    workload.name = "shop"
    workload.replicas = replicas
    workload.services = services
    edit(&workload)
    return workload
  }

  /// One service.
  static let hello = workload([service("hello")])

  /// An init, a main and two sidecars, with everything that a service can have.
  static let web = workload([
    service("migrate", .`init`),
    service("api") {
      var port = Port()
      port.container = 8080
      var volume = Volume()
      volume.name = "data"
      volume.mountPath = "/data"
      volume.type = .persistent
      volume.size = ByteQuantity("1Gi")
      var cache = Volume()
      cache.name = "cache"
      cache.mountPath = "/cache"
      var file = ConfigFile()
      file.name = "app"
      file.path = "/etc/app.conf"
      file.content = "workers: 4\n"
      var secret = SecretReference()
      secret.key = "test:token"
      secret.as = "TOKEN"
      $0.ports = [port]
      $0.volumes = [volume, cache]
      $0.configFiles = [file]
      $0.secrets = [secret]
      $0.env = ["LEVEL": "info"]
    },
    service("envoy", .sidecar) { $0.dependsOn = ["api"] },
    service("logs", .sidecar),
  ])

  /// The same, made to have several instances.
  static let sharedWeb = web("api") { $0.volumes[0].access = .many }

  /// A database: one instance at a time writes to its volume. How many there are is left open.
  static func database(
    _ type: StrategyType = .rolling, version: Int = 1, _ edit: (inout Workload) -> Void = { _ in }
  ) -> Workload {
    workload(
      [
        service("db") {
          var volume = Volume()
          volume.name = "data"
          volume.mountPath = "/data"
          volume.type = .persistent
          $0.volumes = [volume]
          $0.env = ["VERSION": "\(version)"]
        }, service("backup", .sidecar),
      ], replicas: nil
    ) {
      $0.strategy.type = type
      edit(&$0)
    }
  }

  /// Three replicas.
  static let three = workload([service("api")], replicas: 3)

  /// Two replicas that have storage of their own.
  static let set = workload(
    [
      service("db") {
        var volume = Volume()
        volume.name = "data"
        volume.mountPath = "/data"
        volume.type = .persistent
        $0.volumes = [volume]
      }
    ], replicas: 2
  ) { $0.kind = .statefulSet }

  /// A main with a sidecar and an init that give way to others, as a strategy says.
  static func pair(
    _ type: StrategyType, version: Int = 1, replicas: Int = 2, _ edit: (inout Workload) -> Void = { _ in }
  ) -> Workload {
    workload(
      [
        service("migrate", .`init`), service("api") { $0.env = ["VERSION": "\(version)"] },
        service("envoy", .sidecar),
      ], replicas: replicas
    ) {
      $0.strategy.type = type
      edit(&$0)
    }
  }

  /// Machines, of which some come up before the old ones go.
  static func machines(
    _ type: StrategyType = .rolling, version: Int = 1, replicas: Int? = 2,
    _ edit: (inout Workload) -> Void = { _ in }
  ) -> Workload {
    workload([], replicas: replicas) {
      var machine = Machine()
      machine.image = "image-\(version)"
      machine.type = "small"
      machine.disk = ByteQuantity("40Gi")
      $0.kind = .machineGroup
      $0.strategy.type = type
      $0.machine = machine
      edit(&$0)
    }
  }

  /// Objects of an engine, of which one needs another.
  static func objects(_ edit: (inout Workload) -> Void = { _ in }) -> Workload {
    workload([], replicas: nil) {
      $0.kind = .objectSet
      $0.objects = [
        object("ConfigMap", "settings", ["data": ["LEVEL": "info", "WORKERS": "4"]]),
        object("Widget", "spinner", ["spec": ["count": 3, "tags": ["a", "b"]]]) {
          $0.dependsOn = ["ConfigMap/settings"]
        },
      ]
      edit(&$0)
    }
  }

  static func object(
    _ kind: String, _ name: String, _ content: Value, _ edit: (inout Manifest) -> Void = { _ in }
  ) -> Manifest {
    var object = Manifest()
    object.apiVersion = "v1"
    object.kind = kind
    object.object = name
    object.content = Tree(content)
    edit(&object)
    return object
  }

  /// Who stops a rollout, and when.
  static let pause = Pause(by: "ada@build", since: Timestamp(milliseconds: 1))

  /// A reason to change nothing.
  static let suspension = Suspension(
    reason: "moving the database", by: "ada@build", since: Timestamp(milliseconds: 1))

  static func web(_ edit: (inout Workload) -> Void) -> Workload {
    var workload = web
    edit(&workload)
    return workload
  }

  /// The web example with one service changed.
  static func web(_ name: String, _ edit: (inout Service) -> Void) -> Workload {
    web { workload in
      for index in workload.services.indices where workload.services[index].name == name {
        edit(&workload.services[index])
      }
    }
  }
}
