import WorkloadSpec

/// What becomes of every field of the language on an engine: one row for each.
public struct FieldTable: Sendable {
  /// The rows, in the order of the documentation.
  public let rows: [FieldRow]
  private let byPath: [String: FieldRow]

  /// A table.
  public init(_ rows: [FieldRow]) {
    self.rows = rows
    byPath = Dictionary(rows.map { ($0.path, $0) }) { first, _ in first }
  }

  /// The row of a field.
  public subscript(path: String) -> FieldRow? { byPath[path] }

  /// The fields of a service of which the engine is told nothing, by their path in a service.
  public func untold(with check: HealthCheck?) -> Set<String> {
    Set(rows.compactMap { $0.treatment(with: check).isTold ? nil : $0.pathInService })
  }

  // MARK: Against the language

  /// The fields of the language that need a row, by path. What is never compared needs one as a whole.
  public static let fields: [String] = all.map(\.path)

  /// Whether a field of the language is ever compared with an observation.
  public static func isCompared(_ path: String) -> Bool {
    all.contains { $0.path == path && $0.comparison == .value }
  }

  private static let all = fields(of: Workload.schema.description, in: "")

  private static func fields(
    of object: ObjectDescription, in prefix: String
  ) -> [(path: String, comparison: Comparison)] {
    object.fields.flatMap { field -> [(path: String, comparison: Comparison)] in
      let path = prefix + field.name
      guard field.comparison == .value else { return [(path, .never)] }
      return switch field.type {
      case .object(let inner), .keyed(let inner, _): fields(of: inner(), in: path + ".")
      default: [(path, .value)]
      }
    }
  }

  /// The fields of the language that have no row.
  public var missing: [String] { Self.fields.filter { byPath[$0] == nil } }

  /// The rows that are of no field of the language, or of one that another row is of.
  public var surplus: [String] {
    let fields = Set(Self.fields)
    var seen: Set<String> = []
    return rows.map(\.path).filter { !fields.contains($0) || !seen.insert($0).inserted }
  }

  // MARK: Against a workload

  /// The fields that a workload sets and that are only recorded, with the reason and the services that set them.
  public func recorded(in workload: Workload) -> [(path: String, reason: String, services: [String])] {
    rows.compactMap { row in
      guard case .recorded(let reason) = row.treatment, let path = row.pathInService else { return nil }
      let names = workload.services.filter { Self.isSet(path.split(separator: ".")[...], in: $0.plain) }
        .map(\.name)
      return names.isEmpty ? nil : (path, reason, names)
    }
  }

  private static func isSet(_ path: ArraySlice<Substring>, in value: Value) -> Bool {
    guard let first = path.first else { return true }
    if let elements = value.list { return elements.contains { isSet(path, in: $0) } }
    return value[String(first)].map { isSet(path.dropFirst(), in: $0) } ?? false
  }
}

extension FieldRow {
  /// The path of a service's field in the service.
  public var pathInService: String? {
    path.hasPrefix("services.") ? String(path.dropFirst("services.".count)) : nil
  }
}
