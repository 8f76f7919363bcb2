import Foundation

/// The Nomad provider, beside the program `nomad` with the same jobs, on an agent that runs processes without containers.
struct NomadSection {
  let berth: String
  let nomad: String
  let address: String
  private let folder: URL

  private static let jobs = 60

  /// - Parameters:
  ///   - nomad: the program.
  ///   - address: that of an agent whose client has the driver `raw_exec`, and on which nothing else goes on.
  ///   - store: what the target says of where its history is, such as `local`; `nil` for the cluster's own variables.
  static func run(berth: String, nomad: String, address: String, store: String?) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("berth-nomad-\(getpid())")
    try? FileManager.default.createDirectory(
      at: folder.appendingPathComponent("specs"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let section = NomadSection(berth: berth, nomad: nomad, address: address, folder: folder)
    let history = store.map { ", store: \($0)" } ?? ""
    section.write(
      "berth.yaml",
      "default: bench\ntargets: {bench: {provider: nomad, address: \"\(address)\", driver: raw_exec\(history)}}\n"
    )
    // Where berth finds the file that names its targets.
    _ = FileManager.default.changeCurrentDirectoryPath(folder.path)
    section.compare()
  }

  // MARK: Programs

  private var environment: [String: String] {
    [
      "BERTH_HOME": path("home"), "HOME": path("home"), "NOMAD_ADDR": address,
      "BERTH_CONFIG": path("berth.yaml"),
    ]
  }

  private func perform(_ arguments: String...) -> Int {
    Program.run(berth, arguments, environment: environment)
  }

  private func peer(_ arguments: String...) -> Int {
    Program.run(nomad, ["job"] + arguments, environment: environment)
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  private func write(_ name: String, _ text: String) {
    try? Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  // MARK: Beside nomad

  private func compare() {
    for index in 0..<Self.jobs {
      write("specs/w\(index).yaml", Self.workload(index, "0"))
      write("p\(index).nomad", Self.peer(index, "0"))
    }
    _ = perform("apply", "-f", "specs", "--yes")
    for index in 0..<Self.jobs { _ = peer("run", "p\(index).nomad") }
    print("Nomad: \(Self.jobs) jobs")
    var measure = Measure()
    measure.run(
      rounds: 11,
      [
        (
          "nomad job plan",
          { (0..<Self.jobs).reduce(0) { done, index in done + peer("plan", "p\(index).nomad") } }
        ),
        ("berth plan", { perform("plan", "-f", "specs") }),
      ])
    var word = 0
    measure.run(
      rounds: 5,
      [
        (
          // It waits until the deployment has come to its end.
          "nomad job run: one changed",
          {
            word += 1
            write("p1.nomad", Self.peer(1, "\(word)"))
            return peer("run", "p1.nomad")
          }
        ),
        (
          "berth apply: one changed",
          {
            write("specs/w1.yaml", Self.workload(1, "\(word)"))
            return perform("apply", "-f", "specs", "--yes")
          }
        ),
      ])
    print(measure.table(of: ["nomad job plan", "berth plan"], against: "nomad job plan"), terminator: "\n\n")
    print(
      measure.table(
        of: ["nomad job run: one changed", "berth apply: one changed"], against: "nomad job run: one changed"),
      terminator: "\n\n")
    for index in 0..<Self.jobs { _ = peer("stop", "-purge", "-detach", "p\(index)") }
    _ = Program.run(
      berth, ["destroy"] + (0..<Self.jobs).map { "w\($0)" } + ["--yes"], environment: environment)
  }

  private static func workload(_ index: Int, _ word: String) -> String {
    """
    name: w\(index)
    replicas: 1
    services:
      - name: main
        command: [/bin/sleep, "86400"]
        env: {WORD: "\(word)"}
        resources: {cpu: 20m, memory: 16Mi}
        stopGrace: 1s

    """
  }

  /// The same as a job, with the times that berth's has.
  private static func peer(_ index: Int, _ word: String) -> String {
    """
    job "p\(index)" {
      datacenters = ["dc1"]
      group "instance" {
        count = 1
        update {
          min_healthy_time = "2s"
          healthy_deadline = "5m"
        }
        task "main" {
          driver       = "raw_exec"
          kill_timeout = "1s"
          config {
            command = "/bin/sleep"
            args    = ["86400"]
          }
          env {
            WORD = "\(word)"
          }
          resources {
            cpu    = 20
            memory = 16
          }
        }
      }
    }

    """
  }
}
