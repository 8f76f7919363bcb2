import Planning
import WorkloadSpec

/// A plan as a comment on a pull request: what matters in the first lines, the rest folded away.
public enum PlanMarkdown {
  /// The whole plan in GitHub's and GitLab's flavour of Markdown.
  public static func render(_ plan: Plan) -> String {
    let names = "\(code(plan.key.name)) on \(code(plan.target)) (namespace \(code(plan.key.namespace)))"
    let summary = plan.isEmpty ? PlanSummary.nothing(plan) : PlanSummary.counts(plan)
    var parts = ["### Plan: \(names)"]
    if plan.isEmpty {
      parts.append(escaped(summary))
    } else {
      let interruptions = PlanSummary.interruptions(plan)
      parts.append("**\(escaped(summary))** · \(escaped(interruptions))")
    }
    if !plan.notes.isEmpty {
      parts.append(
        plan.notes.map { note in
          let help = note.help.map { " — \(escaped($0))" } ?? ""
          return "> **\(note.severity.rawValue) \(note.code.rawValue)**: \(escaped(note.message))\(help)"
        }.joined(separator: "\n>\n"))
    }
    if let volumes = PlanSummary.detachedVolumes(plan) { parts.append(escaped(volumes)) }
    if !plan.isEmpty {
      let count = Words.count(plan.actions.count, "action")
      let base = plan.base.map { "from release \($0)" } ?? "the first release"
      parts.append(
        "<details>\n<summary>\(count), \(base)</summary>\n\n\(fenced(lines(plan)))\n\n</details>")
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  // MARK: The folded part

  /// The plan's text with the signs in the first column, where a `diff` block takes its colours from.
  private static func lines(_ plan: Plan) -> [String] {
    let outline = PlanOutline(plan)
    var sections: [[String]] = []
    if !plan.workloadChanges.isEmpty {
      sections.append(
        ["  workload"] + plan.workloadChanges.flatMap { lines($0, showsCauses: true, indent: 2) })
    }
    sections += outline.blocks.map { block in
      let head = block.whole.map { lines($0, plan, "\($0.kind.rawValue) \(block.title)", indent: 0) }
      return (head ?? ["  \(block.title)"])
        + block.services.flatMap { lines($0, plan, PlanSummary.verb($0), indent: 2) }
    }
    let rest = outline.others + [outline.record].compactMap(\.self)
    if !rest.isEmpty { sections.append(rest.flatMap { lines($0, plan, PlanSummary.verb($0), indent: 0) }) }
    return Array(sections.joined(separator: [""]))
  }

  private static func lines(_ action: Action, _ plan: Plan, _ verb: String, indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    let sign =
      switch action.kind {
      case .create, .start: "+"
      case .delete: "-"
      case .update, .stop, .restart, .replace, .scale: "!"
      case .record: " "
      }
    let areShared = action.changes.allSatisfy { $0.causes == action.causes }
    let note = areShared ? CauseText.note(action.causes).map { " \($0)" } ?? "" : ""
    var lines = ["\(sign) \(space)\(verb)\(note)"]
    if let reason = action.reason { lines.append("  \(space)  because \(SafeText.line(reason))") }
    if !action.alsoRestarts.isEmpty {
      let names = action.alsoRestarts.map { SafeText.line($0) }.joined(separator: ", ")
      lines.append("! \(space)  also restarts \(names)")
    }
    if action.kind == .create, action.causes.contains(.spec),
      let service = action.subject.service.flatMap({ plan.desired?.service($0) })
    {
      lines += ServiceFields.list(service).flatMap {
        Self.lines(ChangeRow(path: $0.path, value: $0.value, limit: 0), indent: indent + 2)
      }
    }
    return lines + action.changes.flatMap { Self.lines($0, showsCauses: !areShared, indent: indent + 2) }
  }

  private static func lines(_ change: Change, showsCauses: Bool, indent: Int) -> [String] {
    lines(ChangeRow(change, showsCauses: showsCauses, limit: 0), indent: indent)
  }

  private static func lines(_ row: ChangeRow, indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    let note = row.causes.map { " \($0)" } ?? ""
    let sign = row.sign == .changed ? "!" : row.sign.rawValue
    switch row.body {
    case .inline(let segments):
      let value = segments.isEmpty ? "" : ": \(segments.map(\.text).joined())"
      return ["\(sign) \(space)\(row.path)\(value)\(note)"]
    case .lines(let lines):
      return ["\(sign) \(space)\(row.path):\(note)"]
        + lines.map { "\($0.sign.rawValue) \(space)  \($0.text)".trimmingEnd() }
    }
  }

  // MARK: Safety

  /// A block that nothing within it can end.
  private static func fenced(_ lines: [String]) -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: lines) + 1))
    return ([fence + "diff"] + lines + [fence]).joined(separator: "\n")
  }

  /// A text as code that nothing within it can end.
  private static func code(_ text: String) -> String {
    let safe = SafeText.line(text)
    let tick = String(repeating: "`", count: longestRun(of: "`", in: [safe]) + 1)
    let pad = safe.hasPrefix("`") || safe.hasSuffix("`") ? " " : ""
    return tick + pad + safe + pad + tick
  }

  /// A text in which nothing means anything to Markdown but code in backticks.
  private static func escaped(_ text: String) -> String {
    var isCode = false
    var escaped = ""
    let balanced = text.count { $0 == "`" }.isMultiple(of: 2)
    for character in SafeText.line(text) {
      if character == "`" {
        if balanced { isCode.toggle() } else { escaped += "\\" }
        escaped.append(character)
      } else if !isCode, #"\*_[]<>|#~&@"#.contains(character) {
        escaped += "\\\(character)"
      } else {
        escaped.append(character)
      }
    }
    return escaped
  }

  private static func longestRun(of character: Character, in lines: [String]) -> Int {
    lines.reduce(0) { longest, line in
      var (best, run) = (longest, 0)
      for each in line {
        run = each == character ? run + 1 : 0
        best = max(best, run)
      }
      return best
    }
  }
}
