import Foundation

/// The Docker provider: one workload of 20 services, against docker compose with the same services and against the
/// bare calls, all on one engine.
enum DockerSection {
  private static let count = 20
  private static let image = "berth-test/busybox:1"
  private static let command = ["sh", "-c", "trap 'exit 0' TERM; httpd -f -p 8080 -h /bin & wait"]

  /// - Parameter engine: the engine's address, which is a socket, and on which nothing else goes on. What was made last
  ///   stays on it.
  static func run(berth: String, compose: String?, engine: String) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("berth-bench-\(getpid())")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Where berth finds the file that names its targets.
    _ = FileManager.default.changeCurrentDirectoryPath(folder.path)
    func write(_ name: String, _ text: String) {
      try? Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    write("berth.yaml", "default: bench\ntargets: {bench: {provider: docker, host: \"\(engine)\"}}\n")
    func write(_ word: String) {
      write("workload.yaml", workload(word))
      write("compose.yaml", composition(word))
    }
    let environment = ["BERTH_HOME": folder.appendingPathComponent("home").path, "DOCKER_HOST": engine]
    func perform(_ arguments: String...) -> Int { Program.run(berth, arguments, environment: environment) }
    func peer(_ arguments: String...) -> Int {
      Program.run(compose!, ["--progress", "quiet"] + arguments, environment: environment)
    }

    let calls = EngineCalls(socket: String(engine.dropFirst("unix://".count)), count: count)
    func apply() -> Int { perform("apply", "-f", "workload.yaml", "--yes") }
    func destroy() -> Int { perform("destroy", "bench", "--volumes", "--yes") }
    var word = 0
    /// Changes the files of both.
    func change() {
      word += 1
      write("\(word)")
    }
    func applyChange() -> Int {
      change()
      return apply()
    }
    func composeUp() -> Int { peer("up", "-d") }
    func composeDown() -> Int { peer("down", "-v") }
    func possible(_ tasks: [(name: String, body: () -> Int)]) -> [(name: String, body: () -> Int)] {
      tasks.filter { compose != nil || !$0.name.hasPrefix("compose") }
    }
    change()
    print("Docker: one workload of \(count) services")
    var measure = Measure()
    measure.run(
      rounds: 7,
      possible([
        ("calls: create", { calls.create(image: image, command: command) }),
        ("calls: destroy", { calls.destroy() }),
        ("berth apply: create", apply), ("berth destroy", destroy),
        ("compose up: create", composeUp), ("compose down", composeDown),
      ]))
    // What takes a moment varies more than it takes: many rounds, in which one comes right after the other.
    for task in possible([("berth", apply), ("compose", composeUp)]) { precondition(task.body() > 0) }
    measure.run(
      rounds: 61,
      possible([
        ("berth plan: no change", { perform("plan", "-f", "workload.yaml") }),
        ("berth apply: no change", apply), ("compose up: no change", composeUp),
        ("berth apply: one changed", applyChange), ("compose up: one changed", composeUp),
      ]))
    func table(_ limit: String, _ names: String...) {
      print(measure.table(of: names, against: limit), terminator: "\n\n")
    }
    table("calls: create", "calls: create", "berth apply: create", "compose up: create")
    table("calls: destroy", "calls: destroy", "berth destroy", "compose down")
    guard compose != nil else { return table("berth plan: no change", "berth plan: no change") }
    table(
      "compose up: no change", "compose up: no change", "berth plan: no change", "berth apply: no change")
    table("compose up: one changed", "compose up: one changed", "berth apply: one changed")
  }

  private static func quoted(_ command: [String]) -> String {
    "[" + command.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
  }

  private static func workload(_ word: String) -> String {
    "name: bench\nservices:\n"
      + (0..<count).map { index in
        """
          - name: s\(index)
            role: \(index == 0 ? "main" : "sidecar")
            image: \(image)
            command: \(quoted(command))
            env: {INDEX: "\(index)", WORD: "\(index == 1 ? word : "0")"}
            healthCheck: {port: 8080, interval: 10s}

        """
      }.joined()
  }

  private static func composition(_ word: String) -> String {
    "name: bench\nservices:\n"
      + (0..<count).map { index in
        """
          s\(index):
            image: \(image)
            command: \(quoted(command))
            environment: {INDEX: "\(index)", WORD: "\(index == 1 ? word : "0")"}

        """
      }.joined()
  }
}
