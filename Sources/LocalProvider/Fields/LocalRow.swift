import Diagnostics
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// One field of a service on local processes: what becomes of it, and how it is read back.
struct LocalRow: Sendable {
  /// Reads a field back. Rows are read in their order.
  typealias Read = @Sendable (LocalReading, inout ServiceFields) -> Void

  /// What becomes of it.
  let field: FieldRow
  /// How it is read back.
  let read: Read

  /// A field that the supervisor acts on, and tells; or one that is read together with the one before.
  static func told(
    _ path: String, _ cost: Impact, exception: (@Sendable (Change) -> ImpactStatement?)? = nil,
    note: String? = nil, _ words: String, afterwards: String? = nil, read: @escaping Read = { _, _ in }
  ) -> LocalRow {
    LocalRow(
      field: FieldRow(
        "services." + path, .enforced(.engine), cost: cost, exception: exception, note: note, words,
        afterwards: afterwards),
      read: read)
  }

  /// A field that is as the supervisor was given it.
  ///
  /// - Parameter note: what a plan says to a spec that sets it.
  static func stamped(
    _ path: String, _ cost: Impact, note: String? = nil, _ words: String,
    read: @escaping Read = { _, _ in }
  ) -> LocalRow {
    LocalRow(
      field: FieldRow("services." + path, .enforced(.stamp), cost: cost, note: note, words), read: read)
  }

  /// A field that berth acts on, and nothing here is told of.
  static func byBerth(_ path: String, _ words: String) -> LocalRow {
    LocalRow(field: FieldRow("services." + path, .byBerth, cost: .inPlace, words), read: { _, _ in })
  }

  /// A field of which nothing comes here.
  ///
  /// - Parameters:
  ///   - unless: elements with this member are another matter: of them, it is acted on.
  ///   - words: what comes of it there.
  static func recorded(
    _ path: String, because reason: String, unless: Value.Member? = nil, _ words: String = "nothing",
    read: @escaping Read = { _, _ in }
  ) -> LocalRow {
    LocalRow(
      field: FieldRow(
        "services." + path, .recorded(because: reason), unless: unless,
        cost: unless == nil ? .inPlace : .replace, words), read: read)
  }

  /// A field that the supervisor acts on, or that is only recorded, for a reason.
  static func told(
    _ path: String, _ cost: Impact, unless obstacle: String?, note: String? = nil, _ words: String,
    read: @escaping @Sendable (LocalReading, inout ServiceFields) -> Void, stamped: @escaping Read
  ) -> LocalRow {
    obstacle.map { .recorded(path, because: $0, read: stamped) }
      ?? .told(path, cost, note: note, words, read: read)
  }

  /// A field that a plan refuses, for a reason.
  static func refused(_ path: String, _ code: DiagnosticCode, because reason: String = "nothing") -> LocalRow
  {
    LocalRow(field: FieldRow("services." + path, .refused(code), cost: nil, reason), read: { _, _ in })
  }
}
