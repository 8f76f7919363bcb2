import Values

/// The reference of objects as Markdown, made from their declaration.
public enum ObjectReference {
  /// The section of an object, then those of the objects in its fields, each once.
  ///
  /// - Parameters:
  ///   - names: the objects that have a section already.
  ///   - showsCosts: whether there is a column for what a change costs.
  public static func sections(
    of object: ObjectDescription, besides names: inout Set<String>, showsCosts: Bool = true
  ) -> [String] {
    // Of what only kinds of it have, each kind tells.
    guard object.text == nil || !object.fields.isEmpty, names.insert(object.name).inserted else { return [] }
    var sections: [String] = []
    var rows =
      showsCosts
      ? ["| key | takes | default | changing it | what it says |", "| --- | --- | --- | --- | --- |"]
      : ["| key | takes | default | what it says |", "| --- | --- | --- | --- |"]
    for field in object.fields { rows.append(row(of: field, showsCosts: showsCosts)) }
    sections.append("## \(title(of: object))\n\n\(object.summary)\n\n" + rows.joined(separator: "\n"))
    if let alternatives = object.alternatives {
      let names = alternatives.fields.map { "`\($0)`" }.joined(separator: ", ")
      sections.append("One of \(names) must be given.")
    }
    for field in object.fields {
      switch field.type {
      case .object(let inner), .keyed(let inner, _), .named(let inner), .list(.object(let inner)):
        sections += Self.sections(of: inner(), besides: &names, showsCosts: showsCosts)
      default: break
      }
    }
    return sections
  }

  private static func row(of field: FieldDescription, showsCosts: Bool) -> String {
    let words = field.rules.map(\.words).joined(separator: "; ")
    let cells =
      [
        "`\(field.name)`" + (field.isRequired ? " (required)" : ""), takes(field.type),
        field.defaultValue.map { "`\(text(of: $0))`" } ?? "",
      ] + (showsCosts ? [cost(of: field)] : []) + [
        field.summary + (words.isEmpty ? "" : " (\(words))")
      ]
    return "| " + cells.map { $0.split(separator: "|").joined(separator: "\\|") }.joined(separator: " | ")
      + " |"
  }

  private static func takes(_ type: FieldType) -> String {
    switch type {
    case .object(let object) where object().text != nil: object().takes
    case .object(let object): "a mapping: [\(title(of: object()))](#\(anchor(of: object())))"
    case .keyed(let object, let identity):
      "a list of [\(object().plural)](#\(anchor(of: object()))), told apart by "
        + identity.map { "`\($0)`" }.joined(separator: " and ")
    case .list(.object(let object)): "a list of [\(object().plural)](#\(anchor(of: object())))"
    case .named(let object):
      "a mapping of names to [\(object().plural)](#\(anchor(of: object())))"
    case .engines: "a mapping: [what only one engine knows](#what-only-one-engine-knows)"
    default: type.phrase
    }
  }

  private static func title(of object: ObjectDescription) -> String { "The keys of \(object.phrase)" }

  private static func anchor(of object: ObjectDescription) -> String {
    title(of: object).lowercased().split(separator: " ").joined(separator: "-")
  }

  private static func text(of value: Value) -> String {
    value.string ?? CanonicalJSON.compact(value)
  }

  private static func cost(of field: FieldDescription) -> String {
    if field.comparison == .never { return "changes nothing that runs" }
    return switch field.impact {
    case .inPlace: "in place"
    case .restart: "restart"
    case .replace: "replace"
    case nil: ""
    }
  }
}
