import Planning

/// What is under way while a plan is applied, for lines that are drawn again and again:
///
///     + create api (instance 0)    12s  GET /healthz answered 503
///     + create api (instance 1)    3s
///       start envoy (instance 0)   waits for create api (instance 0)
///       … 4 more actions wait
///     2 of 9 actions done, 12s
///
/// Times are counted on any clock that only goes forward.
public struct ProgressBoard: Sendable {
  private struct Running: Sendable {
    let action: Action
    let since: Duration
    var message: String?
  }

  private let style: TextStyle
  private var begun: Duration?
  private var total = 0
  private var done = 0
  private var waiting: [Action] = []
  private var running: [Running] = []
  private var unfinished: Set<ActionID> = []

  /// How many of the actions that wait are named.
  private static let namedWaiting = 3

  /// A board with nothing on it.
  public init(style: TextStyle) { self.style = style }

  /// These actions are what will be done; what was on the board before is gone.
  public mutating func expect(_ actions: [Action]) {
    self = ProgressBoard(style: style)
    waiting = actions.filter(\.kind.isPerformed)
    total = waiting.count
    unfinished = Set(waiting.map(\.id))
  }

  /// An action begins.
  public mutating func start(_ action: Action, at now: Duration) {
    if begun == nil { begun = now }
    waiting.removeAll { $0.id == action.id }
    running.append(Running(action: action, since: now))
  }

  /// A provider has something to say on an action that is under way.
  public mutating func report(_ action: Action, _ message: String) {
    guard let index = running.firstIndex(where: { $0.action.id == action.id }) else { return }
    running[index].message = message
  }

  /// An action is over. If it failed, nothing more begins, and so nothing waits.
  public mutating func finish(_ action: Action, hasFailed: Bool = false) {
    running.removeAll { $0.action.id == action.id }
    unfinished.remove(action.id)
    if hasFailed { waiting = [] } else { done += 1 }
  }

  /// The lines; none before the first action begins and after the last one is over.
  public func lines(at now: Duration) -> [String] {
    guard let begun, !running.isEmpty || !waiting.isEmpty else { return [] }
    let named = waiting.prefix(Self.namedWaiting)
    let names = running.map { ProgressText.name($0.action) } + named.map(ProgressText.name)
    let width = names.map(DisplayWidth.of).max() ?? 0
    var lines = running.map { running in
      let sign = style.paint(running.action.kind.sign, running.action.kind.ink)
      let message = running.message.map { "  " + style.paint(SafeText.line($0), .faint) } ?? ""
      let name = ProgressText.name(running.action).padded(to: width)
      return "\(sign) \(name)  \(Self.elapsed(now - running.since))\(message)"
    }
    lines += named.map { action in
      let name = ProgressText.name(action).padded(to: width)
      return style.paint("  \(name)  \(reason(toWaitWith: action))", .faint)
    }
    let rest = waiting.count - named.count
    if rest > 0 {
      let words = Words.count(rest, "more action waits", "more actions wait")
      lines.append(style.paint("  … \(words)", .faint))
    }
    if total > 0 {
      lines.append("\(done) of \(Words.count(total, "action")) done, \(Self.elapsed(now - begun))")
    }
    return lines
  }

  private func reason(toWaitWith action: Action) -> String {
    guard let blocker = action.after.first(where: { unfinished.contains($0) }) else {
      return "waits for its turn"
    }
    let known = running.map(\.action).first { $0.id == blocker } ?? waiting.first { $0.id == blocker }
    return "waits for " + (known.map(ProgressText.name) ?? SafeText.line(blocker.description))
  }

  /// Whole seconds: `12s`, `1m20s`.
  private static func elapsed(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
  }
}
