import Planning
import WorkloadSpec

// Everything is a ratio against a limit that is measured in the same run; medians of several rounds.
let bytes = SpecGenerator.text(workloads: 5000)
let file = SourceFile(name: "generated.yaml", bytes: bytes)

func read() -> Int {
  let result = WorkloadLoader.load(layers: [[file]])
  precondition(!result.diagnostics.hasErrors)
  return result.workloads.count
}

var measure = Measure()
measure.run(
  rounds: 9,
  [
    ("libyaml events", { EventLoop.run(bytes) }),
    (
      "nodes",
      {
        var diagnostics = Diagnostics()
        return YAMLReader.read(file, into: &diagnostics).documents.count
      }
    ),
    ("read", { read() }),
  ])
for name in ["libyaml events", "nodes", "read"] {
  let r = measure.ratio(name, to: "libyaml events")
  print(name, measure.median(name), r)
}
