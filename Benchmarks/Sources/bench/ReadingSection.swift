import Diagnostics
import YAMLNodes
import Yams

/// From bytes to validated, typed workloads, against libyaml's event loop over the same bytes.
enum ReadingSection {
  static func run() {
    let limit = "libyaml's event loop"
    let bytes = SpecGenerator.text(workloads: 5000)
    let file = SourceFile(name: "generated.yaml", bytes: bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    print("Reading: 5000 workloads, 20 000 services, \(bytes.count) bytes of YAML")
    var measure = Measure()
    measure.run(
      rounds: 9,
      [
        (limit, { EventLoop.run(bytes) }),
        (
          "read into nodes",
          {
            var diagnostics = Diagnostics()
            return YAMLReader.read(file, into: &diagnostics).documents.count
          }
        ),
        ("read, validate, type", { SpecGenerator.load(file, workloads: 5000).count }),
      ])
    // Much slower than the rest, so that fewer rounds do.
    var peer = Measure()
    peer.run(
      rounds: 2,
      [
        (limit, { EventLoop.run(bytes) }),
        ("Yams compose", { (try? Yams.compose_all(yaml: text).reduce(0) { sum, _ in sum + 1 }) ?? 0 }),
        ("Yams load", { (try? Yams.load_all(yaml: text).reduce(0) { sum, _ in sum + 1 }) ?? 0 }),
      ])
    print(measure.table(against: limit))
    print(peer.table(of: ["Yams compose", "Yams load"], against: limit), terminator: "\n\n")
  }
}
