import WorkloadSpec

/// What becomes of every field of the language on an engine: one row for each.
public struct FieldTable: Sendable {
  /// The rows, in the order of the documentation.
  public let rows: [FieldRow]
  private let byPath: [String: FieldRow]
  /// The rows of each list of a service's elements, by the list's path in a service.
  private let lists: [(path: String, rows: [FieldRow])]
  /// What an engine that is told nothing of it leaves to be said, by its path in a service, or in what the workload says on
  /// the engine.
  private let inService: [(path: String, row: FieldRow)]

  public init(_ rows: [FieldRow]) {
    self.rows = rows
    byPath = Dictionary(rows.map { ($0.path, $0) }) { first, _ in first }
    inService = rows.compactMap { row in
      let path = row.path.hasPrefix("on.") ? "workload.\(row.path)" : row.pathInService
      return path.map { ($0, row) }
    }
    lists = Self.listPaths.map { path in
      (path, rows.filter { $0.pathInService?.hasPrefix(path + ".") == true })
    }
  }

  /// The row of a field by its path in the language, such as `services.env`; `nil` if it has none.
  public subscript(path: String) -> FieldRow? { byPath[path] }

  /// The fields of a service of which the engine is told nothing, by their path in a service.
  ///
  /// What the workload says on the engine counts as the service's: `workload.on.…`. A list is among them if the engine is
  /// told nothing of its elements: one more or less is then nothing to it either.
  public func untold(of service: Service) -> Set<String> {
    let untoldLists = lists.filter { list in
      !list.rows.isEmpty && list.rows.allSatisfy { !$0.treatment(in: service).isTold }
    }
    return Set(untoldLists.map(\.path)).union(
      inService.lazy.filter { !$0.row.treatment(in: service).isTold }.map(\.path))
  }

  /// The lists of elements in a service, by path.
  private static let listPaths = lists(of: Service.schema.description, in: "")

  private static func lists(of object: ObjectDescription, in prefix: String) -> [String] {
    object.fields.flatMap { field -> [String] in
      let path = prefix + field.name
      return switch field.type {
      case .object(let inner): lists(of: inner(), in: path + ".")
      case .keyed(let inner, _): [path] + lists(of: inner(), in: path + ".")
      default: []
      }
    }
  }

  // MARK: Against the language

  /// The fields of the language that need a row where workloads hold some bodies, by path, each with whether it is ever
  /// compared with an observation. What is never compared needs one as a whole.
  ///
  /// - Parameter engine: what the engine declares; its fields need rows, too.
  public static func fields(
    of bodies: Set<Body>, on engine: EngineFields
  ) -> [(path: String, isCompared: Bool)] {
    let others = Set(Body.allCases.flatMap(\.fields)).subtracting(bodies.flatMap(\.fields))
    return fields(of: Workload.schema.description, in: "", on: engine).filter { field in
      !others.contains(field.path.split(separator: ".").first.map(String.init) ?? field.path)
    }
  }

  private static func fields(
    of object: ObjectDescription, in prefix: String, on engine: EngineFields
  ) -> [(path: String, isCompared: Bool)] {
    object.fields.flatMap { field -> [(path: String, isCompared: Bool)] in
      let path = prefix + field.name
      guard field.comparison == .value else { return [(path, false)] }
      return switch field.type {
      case .object(let inner), .keyed(let inner, _): fields(of: inner(), in: path + ".", on: engine)
      case .engines(let place): fields(of: [engine].description(at: place), in: path + ".", on: engine)
      default: [(path, true)]
      }
    }
  }

  /// The fields of the language that have no row.
  public func missing(of bodies: Set<Body>, on engine: EngineFields) -> [String] {
    Self.fields(of: bodies, on: engine).map(\.path).filter { byPath[$0] == nil }
  }

  /// The rows that are of no field of the language, or of one that another row is of.
  public func surplus(of bodies: Set<Body>, on engine: EngineFields) -> [String] {
    let fields = Set(Self.fields(of: bodies, on: engine).map(\.path))
    var seen: Set<String> = []
    return rows.map(\.path).filter { !fields.contains($0) || !seen.insert($0).inserted }
  }
}

extension FieldRow {
  /// `env` of `services.env`; `nil` for a field of anything but a service.
  public var pathInService: String? {
    path.hasPrefix("services.") ? String(path.dropFirst("services.".count)) : nil
  }
}
