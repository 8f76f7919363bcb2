import Diagnostics
import SpecImport

/// The names of workloads: those of their controllers, mended where a spec can't have them or where two are the same.
struct WorkloadNames {
  private var given: Set<String> = []
  /// Those that some workload has, or will have.
  private var all: UniqueLabels
  private let labels: LabelNames

  init(_ objects: [ManifestObject]) {
    let names = objects.filter { if case .workload = ObjectFate($0) { true } else { false } }.map(\.name)
    labels = LabelNames(names.reduce(into: Set<String>()) { all, name in all.insert(name) }.sorted())
    all = UniqueLabels(labels.labels)
  }

  /// Gives an object's workload a name that no other has, and reports one that differs from the object's.
  mutating func next(for object: ManifestObject, _ diagnostics: inout Diagnostics) -> String {
    let label = labels[object.name] ?? object.name
    let isTaken = !given.insert(label).inserted
    let name = isTaken ? all.next(like: label) : label
    if name != object.name {
      diagnostics.report(
        .serviceRenamed, "\(object.phrase) becomes the workload `\(name)`", at: object.location,
        help: isTaken
          ? "another object has its name: rename one of the two"
          : "a name has at most 63 lower-case letters, digits and `-`")
    }
    return name
  }
}
