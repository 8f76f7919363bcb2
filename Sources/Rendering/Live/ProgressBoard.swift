import Planning

/// What is under way while plans are applied, for lines that a terminal draws anew at each event:
///
///     + create api (instance 0)    12s  GET /healthz answered 503
///     + create api (instance 1)    3s
///       start envoy (instance 0)   waits for create api (instance 0)
///       … 4 more actions wait
///     2 of 9 actions done, 12s
///
/// Where there are several workloads, each line begins with the name of one. Times are counted on any clock that only
/// goes forward.
public struct ProgressBoard: Sendable {
  private struct Running: Sendable {
    let workload: String
    let action: Action
    let since: Duration
    var message: String?
  }

  private struct Waiting: Sendable {
    let workload: String
    let action: Action
  }

  /// How far a workload is.
  private struct Progress: Sendable {
    var total = 0
    var done = 0
    var unfinished: Set<ActionID> = []
  }

  private let style: TextStyle
  private let isNamed: Bool
  private var begun: Duration?
  private var progress: [String: Progress] = [:]
  private var waiting: [Waiting] = []
  private var running: [Running] = []

  /// How many of the actions that wait are named.
  private static let namedWaiting = 3

  /// A board with nothing on it.
  ///
  /// - Parameter isNamed: whether the lines begin with the name of a workload.
  public init(style: TextStyle, isNamed: Bool = false) {
    self.style = style
    self.isNamed = isNamed
  }

  /// These actions are what will be done to a workload; what was on the board of it before is gone.
  public mutating func expect(_ actions: [Action], of workload: String) {
    clear(workload)
    if running.isEmpty, waiting.isEmpty { begun = nil }
    let actions = actions.filter(\.kind.isPerformed)
    waiting += actions.map { Waiting(workload: workload, action: $0) }
    progress[workload] = Progress(total: actions.count, unfinished: Set(actions.map(\.id)))
  }

  /// Nothing more is done to a workload.
  public mutating func end(_ workload: String) { clear(workload) }

  private mutating func clear(_ workload: String) {
    waiting.removeAll { $0.workload == workload }
    running.removeAll { $0.workload == workload }
  }

  /// An action begins.
  public mutating func start(_ action: Action, of workload: String, at now: Duration) {
    if begun == nil { begun = now }
    waiting.removeAll { $0.workload == workload && $0.action.id == action.id }
    running.append(Running(workload: workload, action: action, since: now))
  }

  /// A provider has something to say on an action that is under way.
  public mutating func report(_ action: Action, of workload: String, _ message: String) {
    guard let index = running.firstIndex(where: { $0.workload == workload && $0.action.id == action.id })
    else { return }
    running[index].message = message
  }

  /// An action is over. If it failed, nothing more of its workload begins, and so nothing waits.
  public mutating func finish(_ action: Action, of workload: String, hasFailed: Bool = false) {
    running.removeAll { $0.workload == workload && $0.action.id == action.id }
    progress[workload]?.unfinished.remove(action.id)
    if hasFailed {
      waiting.removeAll { $0.workload == workload }
    } else {
      progress[workload]?.done += 1
    }
  }

  /// The lines; none before the first action begins and after the last one is over.
  public func lines(at now: Duration) -> [String] {
    guard let begun, !running.isEmpty || !waiting.isEmpty else { return [] }
    let named = waiting.prefix(Self.namedWaiting)
    let names = running.map { name($0.action, $0.workload) } + named.map { name($0.action, $0.workload) }
    let width = names.map(DisplayWidth.of).max() ?? 0
    var lines = running.map { running in
      let sign = style.paint(running.action.kind.sign, running.action.kind.ink)
      let message = running.message.map { "  " + style.paint(SafeText.line($0), .faint) } ?? ""
      let name = name(running.action, running.workload).padded(to: width)
      return "\(sign) \(name)  \(Self.elapsed(now - running.since))\(message)"
    }
    lines += named.map { item in
      let name = name(item.action, item.workload).padded(to: width)
      return style.paint("  \(name)  \(reason(toWaitWith: item))", .faint)
    }
    let rest = waiting.count - named.count
    if rest > 0 {
      let words = Words.count(rest, "more action waits", "more actions wait")
      lines.append(style.paint("  … \(words)", .faint))
    }
    let total = progress.values.reduce(0) { $0 + $1.total }
    let done = progress.values.reduce(0) { $0 + $1.done }
    if total > 0 {
      lines.append("\(done) of \(Words.count(total, "action")) done, \(Self.elapsed(now - begun))")
    }
    return lines
  }

  private func name(_ action: Action, _ workload: String) -> String {
    (isNamed ? "\(SafeText.line(workload)): " : "") + ProgressText.name(action)
  }

  private func reason(toWaitWith item: Waiting) -> String {
    let unfinished = progress[item.workload]?.unfinished ?? []
    guard let blocker = item.action.after.first(where: unfinished.contains) else {
      return "waits for its turn"
    }
    let actions =
      running.filter { $0.workload == item.workload }.map(\.action)
      + waiting.filter { $0.workload == item.workload }.map(\.action)
    let known = actions.first { $0.id == blocker }
    return "waits for " + (known.map(ProgressText.name) ?? SafeText.line(blocker.description))
  }

  /// Whole seconds: `12s`, `1m20s`.
  private static func elapsed(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
  }
}
