import Foundation
import Testing
import Values

/// One service, started by compose and by berth on the test engine.
struct ComposeStage {
  /// The program `docker compose`.
  static let program = ProcessInfo.processInfo.environment["BERTH_TEST_COMPOSE"].flatMap {
    FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil
  }

  private let engine: DockerStage
  private let host = ProcessInfo.processInfo.environment["BERTH_TEST_DOCKER_HOST"] ?? ""
  private var project: String { "\(engine.namespace)-compose" }

  init(_ engine: DockerStage) { self.engine = engine }

  /// Writes the compose file, and a berth.yaml that allows all that it may ask for.
  func prepare(_ keys: String) throws {
    let more = keys.isEmpty ? "" : ", \(keys)"
    let volumes = keys.contains("named:") ? "volumes: {named: , other: }\n" : ""
    try engine.sandbox.write(
      "compose.yaml",
      "services:\n  web: {image: \"berth-test/busybox:1\", pull_policy: never, command: [sleep, \"1000\"]\(more)}\n"
        + volumes)
    _ = try engine.sandbox.shell("mkdir -p data")
    try engine.sandbox.write(
      "berth.yaml",
      """
      default: engine
      targets:
        engine: {provider: docker, host: "\(host)", allow: [bind, devices, host-network, host-namespaces, capabilities, \
      security-profiles]}

      """)
  }

  /// What the engine says of the container that compose makes.
  func containerOfCompose() throws -> Value {
    let compose = "DOCKER_HOST='\(host)' DOCKER_CONFIG=\"$PWD\" '\(Self.program ?? "")' -p \(project)"
    defer { _ = try? engine.sandbox.shell("\(compose) down --volumes --timeout 1") }
    let up = try engine.sandbox.shell("\(compose) up --detach")
    try #require(up.status == 0, "\(up.errors)")
    return try inspect("\(project)-web-1")
  }

  /// What the engine says of the container that berth makes of the same file.
  func containerOfBerth() throws -> Value {
    let imported = try engine.sandbox.berth("import", "compose", "--name", "shop", "--out", "spec.yaml")
    try #require(imported.status == 0, "\(imported.errors)")
    #expect(!imported.errors.contains("W0801"), "\(imported.errors)")
    let applied = try engine.berth(["apply", "-f", "spec.yaml", "--yes"])
    try #require(applied.status == 0, "\(applied.output)\(applied.errors)")
    return try inspect("\(engine.namespace)_shop_0_web")
  }

  private func inspect(_ name: String) throws -> Value {
    let socket = host.replacing("unix://", with: "")
    let answer = try engine.sandbox.shell(
      "curl --silent --fail --unix-socket '\(socket)' http://localhost/containers/\(name)/json")
    try #require(answer.status == 0, "\(answer.errors)")
    return try answer.json
  }
}
