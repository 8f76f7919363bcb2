import Diagnostics
import Planning
import WorkloadSpec

/// Plans as a comment on a pull request: what matters in the first lines, the rest folded away, and all of it
/// within what a comment holds.
public enum PlanMarkdown {
  /// The most characters: a comment on GitHub holds 65 536, and a pipeline may want to add some of its own.
  public static let limit = 60_000

  /// Plans in GitHub's and GitLab's flavour of Markdown.
  ///
  /// The first line says what all of them do, and what they interrupt. The summary of every plan is whole. What does not fit of
  /// the rest is left out, and that is said; plans that have nothing to say are counted where there are several of them. Of many
  /// plans, those that interrupt something or warn come first, and each of the others is folded behind one line.
  public static func render(_ review: PlanReview, limit: Int = limit) -> String {
    let plans = review.plans
    let quiet = plans.count { $0.isQuiet }
    var told = quiet > 1 ? plans.filter { !$0.isQuiet } : plans
    let isLong = told.count > longest
    if isLong { told = told.filter(\.isNotable) + told.filter { !$0.isNotable } }
    let start = ReviewHeading.lines(review, told: told.count)
    let end =
      (quiet > 1 ? ["No changes: \(quiet) more workloads match their specs.\n"] : [])
      + ReviewFooter.lines(review)
    var room = limit - length(of: start) - length(of: end)
    var summaries = told.map { isLong && !$0.isNotable ? line($0) : summary($0) }
    var gap: [String] = []
    if fitting(summaries, in: room) < summaries.count {
      func left(_ count: Int) -> String {
        "\(Words.count(count, "more plan is", "more plans are")) left out.\n"
      }
      room -= length(of: [left(summaries.count)])
      let count = fitting(summaries, in: room)
      gap = [left(summaries.count - count)]
      (told, summaries) = (Array(told.prefix(count)), Array(summaries.prefix(count)))
    }
    room -= length(of: summaries)
    let whole = isLong ? told.count(where: \.isNotable) : told.count
    var texts: [String] = []
    for (plan, summary) in zip(told, summaries) {
      if texts.count < whole {
        // Each has the same share; what one does not need is there for those after it.
        let share = room / (whole - texts.count)
        let details = details(plan, room: share)
        let order = order(plan, room: share - details.unicodeScalars.count)
        room -= details.unicodeScalars.count + order.unicodeScalars.count
        texts.append(summary + details + order)
      } else {
        let folded = folded(plan)
        let more = folded.unicodeScalars.count - summary.unicodeScalars.count
        texts.append(more <= room ? folded : summary)
        room -= more <= room ? more : 0
      }
    }
    return (start + texts + gap + end).joined(separator: "\n")
  }

  /// More plans than these are a long review.
  private static let longest = 5

  /// Plans of which nothing more is known.
  public static func render(_ plans: [Plan], limit: Int = limit) -> String {
    render(PlanReview(plans), limit: limit)
  }

  /// A plan in GitHub's and GitLab's flavour of Markdown.
  public static func render(_ plan: Plan) -> String { render([plan]) }

  /// How many texts from the first one on fit together.
  private static func fitting(_ texts: [String], in room: Int) -> Int {
    var taken = 0
    return texts.prefix { text in
      taken += text.unicodeScalars.count + 1
      return taken <= room
    }.count
  }

  private static func length(of texts: [String]) -> Int {
    texts.reduce(0) { $0 + $1.unicodeScalars.count + 1 }
  }

  /// The part of a plan that every reviewer reads.
  private static func summary(_ plan: Plan) -> String {
    let names =
      "\(MarkdownText.code(plan.key.name)) on \(MarkdownText.code(plan.target)) (namespace \(MarkdownText.code(plan.key.namespace)))"
    let summary = plan.isEmpty ? PlanSummary.nothing(plan) : PlanSummary.counts(plan)
    var parts = ["### Plan: \(names)"]
    if plan.isEmpty {
      parts.append(MarkdownText.escaped(summary))
    } else {
      let interruptions =
        PlanSummary.interruptions(plan) + (InterruptionLength.words(of: [plan]).map { " \($0)" } ?? "")
      let stopped = PlanListSummary.stopped([plan], name: MarkdownText.code).map { " **\($0)**" } ?? ""
      parts.append("**\(MarkdownText.escaped(summary))** · \(MarkdownText.escaped(interruptions))\(stopped)")
    }
    if !plan.notes.isEmpty {
      parts.append(
        plan.notes.map { note in
          let help = note.help.map { " — \(MarkdownText.escaped($0))" } ?? ""
          return
            "> **\(note.severity.rawValue) \(note.code.rawValue)**: \(MarkdownText.escaped(note.message))\(place(of: note))\(help)"
        }.joined(separator: "\n>\n"))
    }
    if !plan.isEmpty, !plan.newPins.isEmpty {
      parts.append(
        plan.pinnedImages.map {
          "- \(MarkdownText.code($0.service)) is pinned to \(MarkdownText.code($0.image))"
        }.joined(
          separator: "\n"))
    }
    if let volumes = PlanSummary.detachedVolumes(plan) { parts.append(MarkdownText.escaped(volumes)) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// Where a note points to: ` (shop.yaml:5)`.
  private static func place(of note: Diagnostic) -> String {
    note.location.map { " (\(MarkdownText.code("\($0.file.name):\($0.line)")))" } ?? ""
  }

  /// One of many plans that interrupts nothing, in one line.
  private static func line(_ plan: Plan) -> String {
    "- \(MarkdownText.code(plan.key.name)): \(MarkdownText.escaped(PlanSummary.counts(plan)))\n"
  }

  // MARK: The folded part

  /// The same line with the whole plan behind it.
  private static func folded(_ plan: Plan) -> String {
    let name = MarkdownText.html(plan.key.name)
    return
      "<details>\n<summary><code>\(name)</code>: \(PlanSummary.counts(plan))</summary>\n\n\(MarkdownText.fenced(lines(plan)))\n\n</details>\n"
  }

  /// The fewest lines of actions that are shown, where not all are.
  private static let fewest = 5

  /// The actions, as many of their lines as there is room for.
  private static func details(_ plan: Plan, room: Int) -> String {
    guard !plan.isEmpty else { return "" }
    let count = Words.count(plan.actions.count, "action")
    let base = plan.base.map { "from release \($0)" } ?? "the first release"
    let lines = lines(plan)
    func text(_ shown: some Collection<String>) -> String {
      let hidden = lines.count - shown.count
      let rest =
        hidden > 0
        ? "\n\n\(Words.count(hidden, "more line is", "more lines are")) left out here; `berth plan` shows all."
        : ""
      return
        "\n<details>\n<summary>\(count), \(base)</summary>\n\n\(MarkdownText.fenced(Array(shown)))\(rest)\n\n</details>\n"
    }
    let whole = text(lines)
    guard whole.unicodeScalars.count > room else { return whole }
    let around = text([]).unicodeScalars.count + MarkdownText.longestRun(of: "`", in: lines) * 2
    let shown = lines.prefix(fitting(lines, in: room - around))
    // A few lines of many tell less than that there are more.
    return shown.count < fewest ? "" : text(shown)
  }

  /// The order of the actions as a graph, where it is worth one and there is room for it.
  private static func order(_ plan: Plan, room: Int) -> String {
    guard let graph = Graph(worthOf: plan).map(GraphMermaid.render) else { return "" }
    let text =
      "\n<details>\n<summary>order of the actions</summary>\n\n```mermaid\n\(graph)```\n\n</details>\n"
    return text.unicodeScalars.count <= room ? text : ""
  }

  /// The plan's text with the signs in the first column, where a `diff` block takes its colours from.
  private static func lines(_ plan: Plan) -> [String] {
    var sections: [[String]] = []
    if !plan.workloadChanges.isEmpty {
      sections.append(
        ["  workload"] + plan.workloadChanges.flatMap { lines($0, showsCauses: true, indent: 2) })
    }
    sections += lines(PlanOutline(plan.actions), plan)
    if let heading = PlanSummary.afterPause(plan) {
      sections.append(["  \(heading)"])
      sections += lines(PlanOutline(plan.afterPause), plan)
    }
    if !plan.images.isEmpty { sections.append(PlanSummary.images(plan).map { "  \($0)" }) }
    return Array(sections.joined(separator: [""]))
  }

  private static func lines(_ outline: PlanOutline, _ plan: Plan) -> [[String]] {
    var sections = outline.blocks.map { block in
      let head = block.whole.map { lines($0, plan, block.verb($0), indent: 0) }
      return (head ?? ["  \(block.title)"])
        + block.services.flatMap { lines($0, plan, PlanSummary.verb($0), indent: 2) }
    }
    let rest = outline.others + outline.records
    if !rest.isEmpty { sections.append(rest.flatMap { lines($0, plan, PlanSummary.verb($0), indent: 0) }) }
    return sections
  }

  private static func lines(_ action: Action, _ plan: Plan, _ verb: String, indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    let sign =
      switch action.kind {
      case .adopt, .create, .start: "+"
      case .delete: "-"
      case .update, .stop, .run, .restart, .replace, .scale, .hold: "!"
      case .record: " "
      }
    let areShared = action.changes.allSatisfy { $0.causes == action.causes }
    let note = areShared ? CauseText.note(action.causes).map { " \($0)" } ?? "" : ""
    var lines = ["\(sign) \(space)\(verb)\(note)"]
    if let reason = action.reason {
      lines.append("  \(space)  because \(ReasonText.line(reason, of: plan.key.name))")
    }
    if !action.alsoRestarts.isEmpty {
      let names = action.alsoRestarts.map { SafeText.line($0) }.joined(separator: ", ")
      lines.append("! \(space)  also restarts \(names)")
    }
    if let services = PlanSummary.reached(action) { lines.append("  \(space)  \(services)") }
    for service in PlanSummary.made(by: action, in: plan) {
      let isPart = action.makesWorkload
      if isPart { lines.append("+ \(space)  \(SafeText.line(service.name))") }
      lines += ServiceFields.list(service).flatMap {
        Self.lines(ChangeRow(path: $0.path, value: $0.value, limit: 0), indent: indent + (isPart ? 4 : 2))
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
}

extension Plan {
  /// Whether a reviewer has to look at it in any case.
  fileprivate var isNotable: Bool {
    isEmpty || !interruptions.isEmpty || !notes.isEmpty || !detachedVolumes.isEmpty
  }
}
