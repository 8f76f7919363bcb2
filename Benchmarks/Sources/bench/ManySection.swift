import Foundation

/// Many workloads in one command: 200, of which one changed, and 40 new ones, against one alone.
enum ManySection {
  private static let count = 200

  static func run(berth: String) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("berth-many-\(getpid())")
    let specs = folder.appendingPathComponent("specs")
    try? FileManager.default.createDirectory(at: specs, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let environment = ["BERTH_HOME": folder.appendingPathComponent("home").path]
    func perform(_ arguments: String...) -> Int { Program.run(berth, arguments, environment: environment) }
    func path(_ index: Int) -> String { specs.appendingPathComponent("w\(index).yaml").path }
    func write(_ index: Int, _ word: String) {
      try? Data(text(index, word).utf8).write(to: URL(fileURLWithPath: path(index)))
    }

    for index in 0..<count { write(index, "0") }
    _ = perform("apply", "-f", specs.path, "--set", "bench", "--yes")
    let limit = "plan: one workload"
    var round = 0
    print("Many: \(count) workloads of one service")
    var measure = Measure()
    measure.run(
      rounds: 5,
      [
        (limit, { perform("plan", "-f", path(0)) }),
        ("plan: no change", { perform("plan", "-f", specs.path) }),
        ("apply: no change", { perform("apply", "-f", specs.path, "--yes") }),
        (
          "plan: one changed",
          {
            round += 1
            write(1, "\(round)")
            return perform("plan", "-f", specs.path)
          }
        ),
        ("apply: one changed", { perform("apply", "-f", specs.path, "--yes") }),
      ])
    print(measure.table(against: limit), terminator: "\n\n")
    _ = perform("apply", "-f", path(0), "--set", "bench", "--prune", "--yes")
    _ = perform("destroy", "w0", "--yes")
    runNew(in: folder, perform)
  }

  /// Workloads that take half a second to become ready: many of them at once, against one alone.
  private static func runNew(in folder: URL, _ perform: @escaping (String...) -> Int) {
    let (one, all) = (folder.appendingPathComponent("one.yaml"), folder.appendingPathComponent("all.yaml"))
    let names = (0..<newCount).map { "n\($0)" }
    try? Data(slow("one").utf8).write(to: one)
    try? Data(names.map(slow).joined(separator: "---\n").utf8).write(to: all)
    let limit = "apply: one new workload"
    print("Many: \(newCount) new workloads, each ready after half a second")
    var measure = Measure()
    measure.run(
      rounds: 3,
      [
        (limit, { perform("apply", "-f", one.path, "--yes") }),
        ("destroy: one", { perform("destroy", "one", "--yes") }),
        ("apply: \(newCount) new workloads", { perform("apply", "-f", all.path, "--set", "new", "--yes") }),
        (
          "destroy: all of them",
          {
            perform("apply", "-f", one.path, "--set", "new", "--prune", "--yes")
              + perform("destroy", "one", "--yes")
          }
        ),
      ])
    print(measure.table(against: limit), terminator: "\n\n")
  }

  private static let newCount = 40

  private static func slow(_ name: String) -> String {
    """
    name: \(name)
    services:
      - name: main
        command: [/bin/sh, -c, 'sleep 0.5; touch ready; exec sleep 86400']
        healthCheck: {command: [/usr/bin/test, -e, ready], startInterval: 50ms, interval: 1h}
        stopGrace: 1s

    """
  }

  /// A service that is ready at once and is then left alone: making many must not take longer than measuring.
  private static func text(_ index: Int, _ word: String) -> String {
    """
    name: w\(index)
    services:
      - name: main
        command: [/bin/sleep, "86400"]
        env: {WORD: "\(word)"}
        healthCheck: {command: ["true"], interval: 1h}
        stopGrace: 1s

    """
  }
}
