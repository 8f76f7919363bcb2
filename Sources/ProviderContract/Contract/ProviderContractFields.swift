import Planning
import ProviderKit
import WorkloadSpec

extension ProviderContract {
  // MARK: Fields

  static let fieldsCases: [ContractCase] = [
    ContractCase("every field of the language has a row, and every row a field", "fields") { scene in
      let facts = try await scene.provider.info().facts
      let table = scene.provider.fields(on: facts)
      let engine = scene.provider.traits.engineFields
      let bodies = scene.provider.bodies(on: facts)
      try expect(table.missing(of: bodies, on: engine), is: [], "the fields without a row")
      try expect(table.surplus(of: bodies, on: engine), is: [], "the rows without a field of their own")
      try expect(
        scene.provider.fields(on: facts).rows.map(\.path), is: table.rows.map(\.path), "the same rows again")
    },
    ContractCase(
      "what the engine tells is read from the engine, and not from the stamp", "told",
      units: [.service, .instance]
    ) {
      scene in
      let table = scene.provider.fields(on: try await scene.provider.info().facts)
      let stamped = FieldEdit.prepared(scene.service("api"))
      var made = stamped
      for edit in FieldEdit.all { edit.change(&made) }
      let proxy = scene.service("proxy", .sidecar)
      let observed = try await scene.harness.disguise(
        scene.workload([made, proxy]), as: scene.workload([stamped, proxy]), of: scene.key)
      for edit in FieldEdit.all {
        let row = try require(table["services." + edit.path], "a row for `\(edit.path)`")
        guard row.treatment(in: made) == .enforced(.engine) else { continue }
        try expect(
          edit.value(in: observed.live.service), is: edit.value(in: made), "what is there of `\(edit.path)`")
        try expect(edit.value(in: stamped) != edit.value(in: made), "an edit of `\(edit.path)`")
      }
    },
    ContractCase("a change of what the engine is told touches the service, and of nothing else", "changes") {
      scene in
      let table = scene.provider.fields(on: try await scene.provider.info().facts)
      let proxy = scene.service("proxy", .sidecar)
      let service = FieldEdit.prepared(scene.service("api"))
      let last = scene.workload([service, proxy])
      try await scene.apply(last)
      try expect(
        try await scene.plan(last, last: last).actions.map(\.id), is: [], "the actions of a second plan")
      for edit in FieldEdit.all {
        let row = try require(table["services." + edit.path], "a row for `\(edit.path)`")
        var changed = service
        edit.change(&changed)
        let plan = try await scene.plan(scene.workload([changed, proxy]), last: last)
        let touches = plan.actions.contains { $0.kind != .record }
        try expect(
          touches, is: row.treatment(in: changed).isTold,
          "whether a change of `\(edit.path)` touches the service")
        try expect(
          plan.actions.contains { $0.kind == .record }, "a release with the change of `\(edit.path)`")
      }
    },
  ]
}

/// A field of a service, and how to change it.
struct FieldEdit: Sendable {
  /// Its path in a service.
  let path: String
  /// Sets it, and what it needs.
  let prepare: @Sendable (inout Service) -> Void
  /// Sets it to something else.
  let change: @Sendable (inout Service) -> Void

  /// A service with every field set that is edited.
  static func prepared(_ service: Service) -> Service {
    var service = service
    for edit in all { edit.prepare(&service) }
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
  static let all: [FieldEdit] = [
    FieldEdit("args", { $0.args = ["--one"] }, { $0.args = ["--two"] }),
    FieldEdit("env", { $0.env = ["LEVEL": "info"] }, { $0.env = ["LEVEL": "debug"] }),
    FieldEdit(
      "resources.cpu", { $0.resources.cpu = CPUQuantity("500m") }, { $0.resources.cpu = CPUQuantity("250m") }),
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
    FieldEdit("stopGrace", { $0.stopGrace = .seconds(3) }, { $0.stopGrace = .seconds(4) }),
    FieldEdit("dependsOn", { $0.dependsOn = [] }, { $0.dependsOn = ["proxy"] }),
  ]
}
