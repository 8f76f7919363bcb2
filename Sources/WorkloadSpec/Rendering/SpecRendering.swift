import Values

/// Workloads as specs again: merged, filled in, with defaults stated. Reading such a spec gives the same
/// workloads, and rendering those gives the same bytes.
public enum SpecRendering {
  /// A YAML document for each workload.
  public static func yaml(_ workloads: [Workload]) -> String {
    workloads.map { CanonicalYAML.document(Workload.schema.description.escaped($0.plain)) }.joined(
      separator: "---\n")
  }

  /// A YAML document of a workload, without what has its default, and with the services in their order.
  public static func brief(_ workload: Workload) -> String {
    let value = Workload.schema.description.escaped(workload.plainWithoutDefaults)
    let indices = workload.services.indicesByName
    let members = (value.members ?? []).map { member in
      guard member.key == "services", let services = member.value.list else { return member }
      let ordered = services.sorted {
        indices[$0["name"]?.string ?? "", default: 0] < indices[$1["name"]?.string ?? "", default: 0]
      }
      return Value.Member(member.key, .list(ordered))
    }
    return CanonicalYAML.document(.map(members))
  }

  /// A list of the workloads.
  public static func json(_ workloads: [Workload]) -> String {
    CanonicalJSON.pretty(.list(workloads.map { Workload.schema.description.escaped($0.plain) }))
  }
}

extension ObjectDescription {
  /// An object's plain data with every `${` escaped that would be filled in when it is read again.
  fileprivate func escaped(_ value: Value) -> Value {
    guard let members = value.members else { return value }
    return .map(
      members.map { member in
        guard let field = fields.first(where: { $0.name == member.key }) else { return member }
        return Value.Member(
          member.key, field.type.escaped(member.value, takesSecrets: field.takesSecrets))
      })
  }
}

extension FieldType {
  fileprivate func escaped(_ value: Value, takesSecrets: Bool) -> Value {
    switch (self, value) {
    case (.object(let description), _): description().escaped(value)
    case (.keyed(let description, _), .list(let elements)):
      .list(elements.map { description().escaped($0) })
    case (_, .list(let elements)):
      .list(elements.map { escaped($0, takesSecrets: takesSecrets) })
    case (_, .map(let members)):
      .map(members.map { Value.Member($0.key, escaped($0.value, takesSecrets: takesSecrets)) })
    case (_, .string(let text)): .string(Interpolation.escape(text, takesSecrets: takesSecrets))
    default: value
    }
  }
}
