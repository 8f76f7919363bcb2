import Diagnostics
import Values

/// Something that a policy does not want, or the times at which it wants changes.
struct PolicyFinding: Sendable {
  /// What is found.
  enum Matter: Sendable {
    /// It is not as the policy wants it: why, in words that follow the policy's name.
    case broken(String)
    /// It may be changed within these only.
    case windows([ChangeWindow])
  }

  let name: String
  let policy: Policy
  let matter: Matter
  /// Where it is written; `nil` where no file has it.
  let location: SourceLocation?
  /// Where the policy says so.
  let source: SourceLocation?
  /// The exception that lets it pass for the longest time.
  let exception: PolicyException?

  /// Whether the exception holds at a moment.
  private func isExcused(at now: Timestamp) -> Bool { exception?.until.map { !$0.isOver(at: now) } ?? false }

  /// Whether it is not as the policy wants it, at a moment.
  private func isBroken(at now: Timestamp) -> Bool {
    guard !isExcused(at: now) else { return false }
    return switch matter {
    case .broken: true
    case .windows(let windows): !windows.contains { $0.contains(now) }
    }
  }

  /// Whether it keeps berth from changing anything at a moment.
  ///
  /// - Parameter isOverriding: whether an operator overrides policies.
  func refuses(at now: Timestamp, isOverriding: Bool) -> Bool {
    policy.severity == .error && isBroken(at: now) && !(isOverriding && policy.override == .allowed)
  }

  /// Whether an operator who overrides policies overrides this one at a moment.
  func isOverridden(at now: Timestamp) -> Bool {
    policy.severity == .error && policy.override == .allowed && isBroken(at: now)
  }

  // MARK: In words

  /// What a plan says of it, which has no clock.
  ///
  /// - Parameter isOverriding: whether an operator overrides policies.
  func note(isOverriding: Bool) -> Diagnostic {
    let isPassed = isOverriding && policy.severity == .error && policy.override == .allowed
    return switch matter {
    case .windows(let windows):
      diagnostic(.policyWindow, "allows changes only \(Self.words(windows))\(excuse)")
    case .broken(let words) where exception != nil: diagnostic(.policyExcused, words + excuse)
    case .broken(let words) where isPassed: diagnostic(.policyOverridden, "is overridden: \(words)")
    case .broken(let words):
      diagnostic(policy.severity == .error ? .policyBroken : .policyAdvises, words)
    }
  }

  /// Why nothing is changed at a moment.
  func refusal(at now: Timestamp) -> Diagnostic {
    let remedy =
      policy.override == .allowed
      ? "in an emergency, `--override-policy REASON` goes ahead, and records why"
      : "`--override-policy` does not go ahead: the policy says `override: never`"
    let ended = exception.flatMap { exception in
      exception.until.map { "its exception (\(exception.reason)) ended on \($0)" }
    }
    let help = [policy.description, ended, remedy].compactMap(\.self).joined(separator: "; ")
    return switch matter {
    case .broken(let words): diagnostic(.policyBroken, words, help: help)
    case .windows(let windows):
      diagnostic(.outsideWindow, "allows changes only \(Self.words(windows)), and it is \(now)", help: help)
    }
  }

  private func diagnostic(_ code: DiagnosticCode, _ words: String, help: String? = nil) -> Diagnostic {
    Diagnostic(
      code, "policy `\(name)`: \(words)", at: location, help: help ?? policy.description,
      related: source.map { [RelatedLocation(message: "the policy says so here", location: $0)] } ?? [])
  }

  /// ", and is excused until 2027-01-31: moves in May".
  private var excuse: String {
    guard let exception, let until = exception.until else { return "" }
    return ", and is excused until \(until): \(exception.reason)"
  }

  private static func words(_ windows: [ChangeWindow]) -> String {
    windows.map(\.words).joined(separator: ", or ")
  }
}
