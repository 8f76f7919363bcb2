import Planning
import Values
import WorkloadSpec

/// One field that differs, ready to be laid out: a sign, the path, and what it was and becomes.
struct ChangeRow {
  /// What it was and becomes.
  enum Body {
    /// Fits behind the path.
    case inline([(text: String, ink: Ink?)])
    /// Stands below the path.
    case lines([SignedLine])
  }

  /// Whether the field comes, goes or becomes another.
  enum Sign: String {
    case added = "+"
    case changed = "~"
    case removed = "-"

    var ink: Ink {
      switch self {
      case .added: .added
      case .changed: .changed
      case .removed: .removed
      }
    }
  }

  let sign: Sign
  let path: String
  let body: Body
  /// The causes, where they are worth naming.
  let causes: String?

  /// A field that changes.
  ///
  /// - Parameters:
  ///   - showsCauses: whether the causes are named here.
  ///   - limit: how many columns there are behind the path; 0 means any number.
  init(_ change: Change, showsCauses: Bool, limit: Int) {
    path = SafeText.line(change.path)
    causes = showsCauses ? CauseText.note(change.causes) : nil
    switch (change.old, change.new) {
    case (.absent, let new):
      sign = .added
      body = Self.body(new, .added, limit)
    case (let old, .absent):
      sign = .removed
      body = Self.body(old, .removed, limit)
    case (.secret, .secret):
      sign = .changed
      body = .inline([("(changed)", .changed)])
    case (.value(.string(let old)), .value(.string(let new))) where Self.isBlock(old) || Self.isBlock(new):
      sign = .changed
      body = .lines(LineDiff.lines(from: old, to: new))
    case (let old, let new):
      sign = .changed
      let (before, after) = (ValueText.line(old), ValueText.line(new))
      if limit > 0, DisplayWidth.of(before) + DisplayWidth.of(after) + 3 > limit {
        body = .lines([SignedLine(sign: .removed, text: before), SignedLine(sign: .added, text: after)])
      } else {
        body = .inline([(before, .removed), (" → ", nil), (after, .added)])
      }
    }
  }

  /// A field of something that is created whole.
  init(path: String, value: Value?, limit: Int) {
    sign = .added
    self.path = SafeText.line(path)
    body = value.map { Self.body(.value($0), .added, limit) } ?? .inline([])
    causes = nil
  }

  private static func body(_ value: ChangeValue, _ sign: SignedLine.Sign, _ limit: Int) -> Body {
    let line = ValueText.line(value)
    guard case .value(let value) = value, hasBlock(value) || (limit > 0 && DisplayWidth.of(line) > limit),
      let lines = expanded(value)
    else { return .inline([(line, sign == .added ? .added : .removed)]) }
    return .lines(lines.map { SignedLine(sign: sign, text: $0) })
  }

  /// A value on several lines, if it has parts that can stand on their own.
  private static func expanded(_ value: Value) -> [String]? {
    switch value {
    case .string(let text) where isBlock(text): LineDiff.lines(of: text)
    case .map(let members):
      members.flatMap { member -> [String] in
        let key = SafeText.line(member.key)
        if case .string(let text) = member.value, isBlock(text) {
          return ["\(key): |"] + LineDiff.lines(of: text).map { "  " + $0 }
        }
        return ["\(key): \(ValueText.line(member.value))"]
      }
    default: nil
    }
  }

  /// Whether a text is better read line by line.
  private static func isBlock(_ text: String) -> Bool { text.contains("\n") }

  private static func hasBlock(_ value: Value) -> Bool {
    switch value {
    case .string(let text): isBlock(text)
    case .map(let members): members.contains { hasBlock($0.value) }
    default: false
    }
  }
}

/// The causes of a difference, in parentheses; a difference that only the spec made needs no word.
enum CauseText {
  static func note(_ causes: Set<Cause>) -> String? {
    guard !causes.isEmpty, causes != [.spec] else { return nil }
    return "(" + causes.sorted().map(\.rawValue).joined(separator: ", ") + ")"
  }
}
