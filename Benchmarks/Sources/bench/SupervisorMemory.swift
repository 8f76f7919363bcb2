import Foundation

/// The memory that the supervisors of local instances have to themselves, as Linux counts it.
enum SupervisorMemory {
  /// Prints what the supervisor of a single instance has to itself, and what one has beside others, of which all share
  /// the program. Prints nothing where the system does not tell.
  static func run(berth: String, spec: String, home: String) {
    func perform(_ arguments: String...) {
      _ = Program.run(berth, arguments, environment: ["BERTH_HOME": home])
    }
    func privateMemory(instances: Int) -> Int? {
      let service = "{name: api, command: [/bin/sleep, \"86400\"], stopGrace: 1s}"
      let text = "name: memory\nreplicas: \(instances)\nservices: [\(service)]\n"
      try? Data(text.utf8).write(to: URL(fileURLWithPath: spec))
      perform("apply", "-f", spec, "--yes")
      let sizes = byInstance(below: home).values.sorted()
      return sizes.count == instances ? sizes[sizes.count / 2] : nil
    }
    let alone = privateMemory(instances: 1)
    let besideOthers = privateMemory(instances: 5)
    perform("destroy", "memory", "--yes")
    guard let alone, let besideOthers else { return }
    func mebibytes(_ bytes: Int) -> String { Measure.fixed(Double(bytes) / Double(1 << 20), 1) }
    print("  private memory of a supervisor  \(mebibytes(besideOthers)) MiB  (limit 8 MiB)")
    print("  of one alone, with the program  \(mebibytes(alone)) MiB")
  }

  /// The private memory of the processes of each supervisor, in bytes, by the folder of the instance.
  private static func byInstance(below home: String) -> [String: Int] {
    var sizes: [String: Int] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard Int(name) != nil,
        let line = try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8),
        let rollup = try? String(contentsOfFile: "/proc/\(name)/smaps_rollup", encoding: .utf8)
      else { continue }
      let words = line.split(separator: "\0")
      guard words.count == 3, words[1] == "supervise", words[2].hasPrefix(home) else { continue }
      let kibibytes = rollup.split(separator: "\n").filter {
        $0.hasPrefix("Private_Clean:") || $0.hasPrefix("Private_Dirty:")
      }.reduce(0) { $0 + (Int($1.filter(\.isNumber)) ?? 0) }
      sizes[String(words[2]), default: 0] += kibibytes << 10
    }
    return sizes
  }
}
