import WorkloadSpec

/// What becomes of each field of the language, provider by provider, as Markdown.
public enum FieldsByProvider {
  /// The section, ending in a line break: a row for each field, a column for each provider.
  ///
  /// - Parameter tables: the providers' names with their tables, in the order of the columns.
  public static func markdown(_ tables: [(name: String, table: FieldTable)]) -> String {
    var paths: [String] = []
    var known: Set<String> = []
    for row in tables.lazy.flatMap(\.table.rows) where known.insert(row.path).inserted {
      paths.append(row.path)
    }
    let head = [
      "## What becomes of each field", "",
      "*Enforced*: the engine is told, and asked again when a plan is made. *Done by berth*: no engine is told. *Recorded",
      "only*: the field is kept in the release and has no effect; the plan says why. *Refused*: the plan ends with an error.",
      "The tables of the providers say how: "
        + tables.map { "[\($0.name)](\($0.name)-fields.md)" }.joined(separator: ", ")
        + ".",
      "",
      "| field | " + tables.map(\.name).joined(separator: " | ") + " |",
      "| --- |" + String(repeating: " --- |", count: tables.count),
    ]
    let lines = paths.map { path in
      "| `\(path)` | " + tables.map { $0.table[path]?.treatment.short ?? "–" }.joined(separator: " | ") + " |"
    }
    return (head + lines).joined(separator: "\n") + "\n"
  }
}
