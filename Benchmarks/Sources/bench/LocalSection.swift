import Foundation

/// The local provider: making 50 services, finding nothing to do, and changing one; against the bare start of as
/// many processes. And the memory of supervisors.
enum LocalSection {
  private static let count = 50

  static func run(berth: String) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("berth-bench-\(getpid())")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let home = folder.appendingPathComponent("home").path
    let environment = ["BERTH_HOME": home]
    let spec = folder.appendingPathComponent("workload.yaml").path
    func write(_ word: String) { try? Data(text(word).utf8).write(to: URL(fileURLWithPath: spec)) }
    func perform(_ arguments: String...) -> Int { Program.run(berth, arguments, environment: environment) }

    let limit = "start \(count) processes"
    var round = 0
    print("Local: one workload of \(count) services")
    var measure = Measure()
    measure.run(
      rounds: 3,
      [
        (limit, { startAndStop() }),
        (
          "apply: create all",
          {
            write("0")
            return perform("apply", "-f", spec, "--yes")
          }
        ),
        ("plan: no change", { perform("plan", "-f", spec) }),
        ("apply: no change", { perform("apply", "-f", spec, "--yes") }),
        (
          "apply: one changed",
          {
            round += 1
            write("\(round)")
            return perform("apply", "-f", spec, "--yes")
          }
        ),
        ("destroy", { perform("destroy", "bench", "--volumes", "--yes") }),
      ])
    print(measure.table(against: limit))
    SupervisorMemory.run(berth: berth, spec: spec, home: home)
    print()
  }

  private static func text(_ word: String) -> String {
    var text = "name: bench\nservices:\n"
    for index in 0..<count {
      let role = index == 0 ? "main" : "sidecar"
      let change = index == 1 ? ", env: {WORD: \"\(word)\"}" : ""
      text +=
        "  - {name: s\(index), role: \(role), command: [/bin/sleep, \"86400\"], stopGrace: 1s\(change)}\n"
    }
    return text
  }

  private static func startAndStop() -> Int {
    let pids = (0..<count).map { _ in Program.start("/bin/sleep", ["86400"]) }
    for pid in pids {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    return pids.count
  }
}
