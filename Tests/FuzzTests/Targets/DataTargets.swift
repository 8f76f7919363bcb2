import Diagnostics
import Engine
import Planning
import Values
import WorkloadSpec
import YAMLNodes

extension FuzzTarget {
  /// JSON, as records and plans are kept in, and YAML, as values are shown in.
  static let json = FuzzTarget(name: "json", seeds: ["specs/conformance/valid"]) { bytes in
    guard let value = try? Value(json: String(decoding: bytes, as: UTF8.self)) else { return }
    for text in [CanonicalJSON.compact(value), CanonicalJSON.pretty(value)] {
      try promise(try Value(json: text) == value, "JSON is read as something else: \(text)")
    }
    // YAML knows no empty document but that of nothing.
    let yaml = CanonicalYAML.document(value)
    var diagnostics = Diagnostics()
    let read = YAMLReader.read(SourceFile(name: "yaml", text: yaml), into: &diagnostics).documents.first
    try promise(read.map { Value($0) } == value, "YAML is read as something else: \(yaml)")
  }

  /// Files of saved plans, and the plans in them.
  static let savedPlan = FuzzTarget(name: "saved-plan", maximumLength: 16384) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    _ = try? PlanFile(text: text, name: "plan.json")
    guard let value = try? Value(json: text) else { return }
    for plain in value["plans"]?.list ?? [value] {
      guard let plan = try? SavedPlan(plain) else { continue }
      let again = try SavedPlan(Value(json: CanonicalJSON.compact(plan.plain)))
      try promise(again.plain == plan.plain, "a saved plan is read as another: \(plan.plain)")
      try promise(again.id == plan.id, "a saved plan has another id when it is read")
      _ = plan.subjects
    }
  }
}
