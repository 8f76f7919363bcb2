import Foundation

/// Whole programs from start to end, on one small file.
enum StartSection {
  static func run(berth: String, compose: String?) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("berth-bench-\(getpid())")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let spec = folder.appendingPathComponent("workload.yaml").path
    let composeFile = folder.appendingPathComponent("compose.yaml").path
    try? Data("name: web\nservices: [{name: api, command: [/bin/api], ports: [{container: 80}]}]\n".utf8)
      .write(to: URL(fileURLWithPath: spec))
    try? Data("services: {api: {image: 'api:1', command: [/bin/api], ports: ['80']}}\n".utf8)
      .write(to: URL(fileURLWithPath: composeFile))

    let limit = compose == nil ? "berth --version" : "compose config -q"
    var tasks: [(name: String, body: () -> Int)] = [
      ("berth --version", { Program.run(berth, ["--version"]) }),
      ("berth validate", { Program.run(berth, ["validate", "-f", spec]) }),
    ]
    if let compose {
      tasks.append((limit, { Program.run(compose, ["-f", composeFile, "config", "-q"]) }))
    }
    print("Start: whole programs on one small file")
    var measure = Measure()
    measure.run(rounds: 15, tasks)
    print(measure.table(against: limit), terminator: "\n\n")
  }
}
