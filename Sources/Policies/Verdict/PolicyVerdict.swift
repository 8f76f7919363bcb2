import Diagnostics
import Values

/// What policies say of a plan: as much as can be said without a clock, and what follows from it at a moment.
public struct PolicyVerdict: Sendable {
  var findings: [PolicyFinding] = []

  /// Nothing.
  public init() {}

  /// What the plan shows of it. An exception holds, whenever it ends, and windows are told.
  ///
  /// - Parameter isOverriding: whether an operator overrides policies.
  public func notes(isOverriding: Bool = false) -> Diagnostics {
    Diagnostics(findings.map { $0.note(isOverriding: isOverriding) })
  }

  /// Why nothing may be changed at a moment; empty if it may.
  ///
  /// - Parameter isOverriding: whether an operator overrides policies.
  public func refusals(at now: Timestamp, isOverriding: Bool) -> Diagnostics {
    Diagnostics(
      findings.filter { $0.refuses(at: now, isOverriding: isOverriding) }.map { $0.refusal(at: now) })
  }

  /// The names of the policies that an operator overrides who goes ahead at a moment, in order.
  public func overridden(at now: Timestamp) -> [String] {
    Set(findings.filter { $0.isOverridden(at: now) }.map(\.name)).sorted()
  }
}
