import Diagnostics
import Planning
import Values
import WorkloadSpec

/// What becomes of one field of the language on an engine.
public struct FieldRow: Sendable {
  /// The field, by its path in the language, in which no element is named: `services.ports.host`.
  public let path: String
  /// What becomes of it.
  public let treatment: FieldTreatment
  /// What becomes of it where berth makes a service's health check, if that is something else.
  public let ofOwnChecks: FieldTreatment?
  /// Of elements with this member, another thing is true than the treatment says: the engine is told.
  public let unless: Value.Member?
  /// What changing it costs something that runs; `nil` if it is never changed.
  public let cost: Impact?
  /// What those changes of it cost that cost something else, with the reason if that is more; `nil` for all others.
  public let exception: (@Sendable (Change) -> ImpactStatement?)?
  /// What a plan says to a spec that sets it although it is enforced, after the names of the field and the services:
  /// "is not run here".
  public let note: String?
  /// How it is written, or what berth does with it, in words for the documentation. For a health check: during an apply.
  public let words: String
  /// What becomes of it after an apply, for a health check.
  public let afterwards: String?

  /// A row of a table.
  public init(
    _ path: String, _ treatment: FieldTreatment, ofOwnChecks: FieldTreatment? = nil,
    unless: Value.Member? = nil, cost: Impact?,
    exception: (@Sendable (Change) -> ImpactStatement?)? = nil, note: String? = nil, _ words: String,
    afterwards: String? = nil
  ) {
    self.exception = exception
    self.unless = unless
    self.note = note
    self.path = path
    self.treatment = treatment
    self.ofOwnChecks = ofOwnChecks
    self.cost = cost
    self.words = words
    self.afterwards = afterwards
  }

  /// What becomes of it in a service, by its health check and by what its elements are.
  public func treatment(in service: Service) -> FieldTreatment {
    if let unless, path.hasPrefix("services.volumes."),
      service.volumes.contains(where: { $0.plain[unless.key] == unless.value })
    {
      return .enforced(.engine)
    }
    if case .command = service.healthCheck?.probe { return treatment }
    return ofOwnChecks ?? treatment
  }
}

/// What an engine, or berth in its place, does with a field.
public enum FieldTreatment: Sendable, Equatable {
  /// The engine is told, and does it.
  case enforced(FieldSource)
  /// Berth does it, and no engine is told.
  case byBerth
  /// It is written down in the release, and nothing comes of it. The plan says so, with this reason.
  case recorded(because: String)
  /// A spec that sets it is refused by a plan, with this code.
  case refused(DiagnosticCode)

  /// Whether the engine was told, so that the observed value can differ.
  public var isTold: Bool { if case .enforced = self { true } else { false } }
}

/// What says how a field lives that an engine was told.
public enum FieldSource: Sendable, Equatable {
  /// The engine: the value is read from it.
  case engine
  /// The stamp: the engine can't tell.
  case stamp
}
