import DockerAPI
import Foundation
import Testing
import WorkloadSpec

/// A compose project with a database and a server that runs on the test engine, and moves to berth.
struct MovingStage {
  let engine: DockerStage
  private let host = ProcessInfo.processInfo.environment["BERTH_TEST_DOCKER_HOST"] ?? ""
  var project: String { "\(engine.namespace)-shop" }

  init(_ engine: DockerStage) { self.engine = engine }

  /// A database that writes a row when it starts and each time that it is asked, and a server that shows them.
  static let file = """
    services:
      db:
        image: berth-test/busybox:1
        pull_policy: never
        command: [sh, -c, 'echo "row of $$(hostname)" >> /data/rows; while :; do sleep 0.2; done']
        volumes: ["data:/data"]
        restart: always
        environment: {MODE: primary}
      web:
        image: berth-test/busybox:1
        pull_policy: never
        command: [sh, -c, 'echo "$$GREETING" > /tmp/index.html; exec httpd -f -p 8080 -h /tmp']
        environment: {GREETING: hello, API_TOKEN: "${API_TOKEN}"}
        depends_on: [db]
        ports: ["127.0.0.1:18943:8080"]
        healthcheck: {test: "wget -qO- http://127.0.0.1:8080/", interval: 1s}
    volumes:
      data: {}

    """

  /// Starts the project, and writes the spec that an import makes of it.
  func start() throws {
    try engine.sandbox.write("compose.yaml", Self.file)
    engine.sandbox.environment["API_TOKEN"] = "one"
    try engine.sandbox.write(".env", "API_TOKEN=one\n")
    let up = try compose("up --detach --wait")
    try #require(up.status == 0, "\(up.errors)")
    let imported = try engine.sandbox.berth("import", "compose", "--name", "shop", "--out", "shop.yaml")
    try #require(imported.status == 0, "\(imported.errors)")
  }

  @discardableResult
  func compose(_ arguments: String) throws -> Sandbox.Result {
    try engine.sandbox.shell(
      "DOCKER_HOST='\(host)' DOCKER_CONFIG=\"$PWD\" '\(ComposeStage.program ?? "")' -p \(project) \(arguments)"
    )
  }

  /// Takes away what is left of the project.
  func end() async throws {
    _ = try? compose("down --volumes --timeout 1")
    for volume in try await engine.client.volumes.list()
    where volume.labels?["berth.namespace"] == engine.namespace && volume.name.hasPrefix("berth.adopted_") {
      try await engine.client.volumes.remove(volume.name)
    }
  }

  // MARK: berth

  func berth(_ arguments: String...) throws -> Sandbox.Result { try berth(arguments) }

  func berth(_ arguments: [String]) throws -> Sandbox.Result {
    try engine.berth(arguments)
  }

  func adopt(_ more: String...) throws -> Sandbox.Result {
    try berth(["apply", "-f", "shop.yaml", "--adopt-from", project] + more)
  }

  /// Changes the spec's text.
  func edit(_ old: String, to new: String) throws {
    let text = try #require(engine.sandbox.contents("shop.yaml"))
    try #require(text.contains(old), "\(text)")
    try engine.sandbox.write("shop.yaml", text.replacing(old, with: new))
  }

  // MARK: The engine

  /// The life of a container: another one, or one that was started again, has another.
  struct Life: Equatable {
    let id: String
    let started: EngineTime?
    let isRunning: Bool
  }

  func life(of container: String) async throws -> Life {
    let found = try await engine.client.containers.inspect(container)
    return Life(id: found.id, started: found.state.startedAt, isRunning: found.state.running)
  }

  /// The lives of both services, as compose calls them.
  func livesOfCompose() async throws -> [Life] {
    [try await life(of: "\(project)-db-1"), try await life(of: "\(project)-web-1")]
  }

  /// The lives of both services, as berth calls them.
  func livesOfBerth() async throws -> [Life] {
    [
      try await life(of: "\(engine.namespace)_shop_0_db"),
      try await life(of: "\(engine.namespace)_shop_0_web"),
    ]
  }

  /// The names of the networks that a container is in.
  func networks(of container: String) async throws -> Set<String> {
    Set(try await engine.client.containers.inspect(container).network.networks?.keys.map { $0 } ?? [])
  }

  /// Asks the published port for as long as something goes on, and returns how often it was refused.
  func refusals(while body: () throws -> Void) throws -> Int {
    let script = """
      while [ ! -e asked ]; do curl --silent --fail --max-time 2 http://127.0.0.1:18943/ >/dev/null || echo refused; done
      """
    try? FileManager.default.removeItem(atPath: engine.sandbox.folder + "/asked")
    let asking = Process()
    asking.executableURL = URL(fileURLWithPath: "/bin/sh")
    asking.arguments = ["-c", script]
    asking.currentDirectoryURL = URL(fileURLWithPath: engine.sandbox.folder)
    let answers = Pipe()
    asking.standardOutput = answers
    try asking.run()
    defer { asking.waitUntilExit() }
    do { try body() } catch {
      try engine.sandbox.write("asked", "")
      throw error
    }
    try engine.sandbox.write("asked", "")
    let told = String(decoding: answers.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return told.split(separator: "\n").count
  }

  /// The rows of the database, by its volume.
  func rows() throws -> [String] {
    let read = try berth("exec", "shop", "--service", "db", "--", "cat", "/data/rows")
    try #require(read.status == 0, "\(read.output)\(read.errors)")
    return read.output.split(separator: "\n").map(String.init)
  }

  /// The stamps that stand beside containers of the namespace.
  func stamps() async throws -> [String] {
    try await engine.client.volumes.list(filters: ["label": ["berth.namespace=\(engine.namespace)"]])
      .map(\.name).filter { $0.hasPrefix("berth.adopted_") }
  }
}
