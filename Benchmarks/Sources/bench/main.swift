import Planning
import WorkloadSpec

// Everything is a ratio against a limit that is measured in the same run: the median of several rounds, with the
// least and the greatest. Absolute times are there for scale only.
let limit = "libyaml's event loop"
let bytes = SpecGenerator.text(workloads: 5000)
let file = SourceFile(name: "generated.yaml", bytes: bytes)
let planning = PlanningWork(file: file)

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
    ("read, validate, type", { WorkloadLoader.load(layers: [[file]]).workloads.count }),
    ("plan, 1 % changed", { planning.run() }),
  ])
print("5000 workloads, 20 000 services, \(bytes.count) bytes of YAML; \(planning.changed) workloads changed")
print(measure.table(against: limit))
