import Values
import WorkloadSpec

/// The fields of an element of a body that are set and differ from their defaults, each with the path that a change of
/// it would have: what a reviewer wants to know of one that is created.
enum ServiceFields {
  ///
  /// An element of a list is told by its path what the path says already; the rest is its value, which is
  /// `nil` if there is no more.
  static func list(_ service: AnyElement) -> [(path: String, value: Value?)] {
    let whole = service.plain
    let set = service.plainWithoutDefaults
    return service.description.fields.flatMap { field -> [(path: String, value: Value?)] in
      guard field.name != "name", let value = set[field.name] else { return [] }
      switch (field.type, value) {
      case (.map, .map(let members)), (.tree, .map(let members)), (.object, .map(let members)):
        return members.map { ("\(field.name).\($0.key)", $0.value) }
      case (.engines, .map(let engines)):
        return engines.flatMap { engine in
          (engine.value.members ?? []).map { ("\(field.name).\(engine.key).\($0.key)", $0.value) }
        }
      case (.keyed(_, let identity), .list(let elements)):
        // What tells an element apart may be a default, which only the whole value still has.
        let names = (whole[field.name]?.list ?? []).map { element in
          identity.compactMap { element[$0].map(word) }.joined(separator: "/")
        }
        return zip(names, elements).map { ("\(field.name)[\($0)]", rest(of: $1, without: identity)) }
      default: return [(field.name, value)]
      }
    }
  }

  private static func rest(of element: Value, without identity: [String]) -> Value? {
    let members = (element.members ?? []).filter { !identity.contains($0.key) }
    return members.isEmpty ? nil : .map(members)
  }

  private static func word(_ value: Value) -> String {
    value.string ?? value.int.map(String.init) ?? ""
  }
}
