/// Workloads as specs again: merged, filled in, with defaults stated. Reading such a spec gives the same
/// workloads, and rendering those gives the same bytes.
public enum SpecRendering {
  /// A YAML document for each workload.
  public static func yaml(_ workloads: [Workload]) -> String {
    workloads.map { CanonicalYAML.document(escaped($0.plain)) }.joined(separator: "---\n")
  }

  /// A list of the workloads.
  public static func json(_ workloads: [Workload]) -> String {
    CanonicalJSON.pretty(.list(workloads.map { escaped($0.plain) }))
  }

  /// With every `${` escaped that would be filled in when the text is read again.
  private static func escaped(_ value: Value) -> Value {
    switch value {
    case .string(let text): .string(Interpolation.escape(text))
    case .list(let elements): .list(elements.map { escaped($0) })
    case .map(let members): .map(members.map { Value.Member($0.key, escaped($0.value)) })
    case .null, .bool, .int: value
    }
  }
}
