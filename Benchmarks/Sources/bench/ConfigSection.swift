import Foundation
import WorkloadSpec

/// A workload that takes its config from a folder of 10 000 files, against reading their bytes and nothing more.
enum ConfigSection {
  private static let count = 10_000

  static func run() {
    let root = NSTemporaryDirectory() + "bench-config-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let paths = make(in: root)
    let bytes = read(paths)
    print("Config: a folder of \(count) files, \(bytes) bytes")
    let limit = "reading their bytes"
    var measure = Measure()
    measure.run(
      rounds: 9,
      [
        (limit, { read(paths) }),
        (
          "read, validate, type",
          {
            let result = WorkloadLoader.load(paths: [root + "/workload.yaml"])
            precondition(result.workloads.first?.workload.services[0].configFiles.count == count)
            return count
          }
        ),
      ])
    print(measure.table(against: limit), terminator: "\n\n")
  }

  /// Makes the folder and a spec beside it; returns the paths of the files.
  private static func make(in root: String) -> [String] {
    let line = "setting = \(String(repeating: "x", count: 60))\n"
    let content = Data(String(repeating: line, count: 11).utf8)
    let paths = (0..<count).map { "\(root)/conf/\($0 % 100)/\($0).conf" }
    for folder in 0..<100 {
      try! FileManager.default.createDirectory(
        atPath: "\(root)/conf/\(folder)", withIntermediateDirectories: true)
    }
    for path in paths { precondition(FileManager.default.createFile(atPath: path, contents: content)) }
    let spec =
      "name: shop\nservices: [{name: api, command: [x], configFiles: [{name: c, path: /etc/c, folder: conf}]}]\n"
    precondition(FileManager.default.createFile(atPath: root + "/workload.yaml", contents: Data(spec.utf8)))
    return paths
  }

  /// Opens, reads and closes each file; returns how many bytes there were.
  private static func read(_ paths: [String]) -> Int {
    var total = 0
    for path in paths {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      precondition(descriptor >= 0)
      let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        count = max(0, Foundation.read(descriptor, buffer.baseAddress, buffer.count))
      }
      close(descriptor)
      total += bytes.count
    }
    return total
  }
}
