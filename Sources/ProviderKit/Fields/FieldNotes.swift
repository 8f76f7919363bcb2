import Diagnostics
import Values
import WorkloadSpec

extension FieldTable {
  /// What a plan says to a workload by the rows alone: what is only recorded, what is refused, and what a row has a note
  /// on. Fields of which the same is to be said share one note.
  public func notes(on workload: Workload) -> Diagnostics {
    var order: [Note] = []
    var paths: [Note: [String]] = [:]
    let stated = workload.services.map { (name: $0.name, fields: $0.plainWithoutDefaults) }
    for row in rows {
      guard let path = row.pathInService, let (code, words) = row.finding else { continue }
      let parts = path.split(separator: ".")[...]
      let services = stated.filter { Self.isSet(parts, in: $0.fields, unless: row.unless) }
      guard !services.isEmpty else { continue }
      let note = Note(code: code, services: services.map(\.name), words: words)
      if paths[note] == nil { order.append(note) }
      paths[note, default: []].append(path)
    }
    var diagnostics = Diagnostics()
    for note in order {
      let (fields, services) = (Self.list(paths[note] ?? []), Self.list(note.services))
      diagnostics.report(note.code, "\(fields) of \(services) \(note.words(paths[note]?.count ?? 1))")
    }
    return diagnostics
  }

  /// What is to be said of some fields of some services.
  private struct Note: Hashable {
    let code: DiagnosticCode
    let services: [String]
    let words: FieldRow.Words

    func words(_ count: Int) -> String { words.text(count) }
  }

  private static func isSet(
    _ path: ArraySlice<Substring>, in value: Value, unless condition: Value.Member?
  ) -> Bool {
    guard let first = path.first else { return true }
    if let elements = value.list { return elements.contains { isSet(path, in: $0, unless: condition) } }
    if path.count == 1, let condition, value[condition.key] == condition.value { return false }
    return value[String(first)].map { isSet(path.dropFirst(), in: $0, unless: condition) } ?? false
  }

  private static func list(_ names: [String]) -> String {
    let quoted = names.map { "`\($0)`" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
  }
}

extension FieldRow {
  /// What is said of a field, after its name and the services that set it.
  fileprivate enum Words: Hashable {
    case recorded(String)
    case refused(String)
    case note(String)

    func text(_ count: Int) -> String {
      let verb = count == 1 ? "is" : "are"
      return switch self {
      case .recorded(let reason): "\(verb) only recorded: \(reason)"
      case .refused(let reason): "\(verb) refused here: \(reason)"
      case .note(let text): text
      }
    }
  }

  /// What a plan says to a spec that sets it. What lacks a capability is said of the capability.
  fileprivate var finding: (DiagnosticCode, Words)? {
    switch treatment {
    case .recorded(let reason): (.providerNote, .recorded(reason))
    case .refused(let code): code == .missingCapability ? nil : (code, .refused(words))
    case .enforced, .byBerth: note.map { (.providerNote, .note($0)) }
    }
  }
}
