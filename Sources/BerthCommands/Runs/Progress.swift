import Engine
import Planning
import ProviderKit
import Rendering
import Synchronization

/// Shows what happens during the runs of a command: on a terminal, what is under way in lines that change in place and
/// what is over above them; elsewhere, a line for each thing that happens. Where there are several workloads, each line
/// begins with the name of one.
struct Progress: Sendable {
  private let console: Console
  private let isNamed: Bool
  private let live: LiveBoard?
  private let clock: Task<Void, any Error>?

  /// Shows nothing yet; from now on until ``end()``, times go on by themselves.
  init(console: Console, isNamed: Bool) {
    self.console = console
    self.isNamed = isNamed
    let live = console.screen.map {
      LiveBoard(screen: $0, ProgressBoard(style: console.style, isNamed: isNamed))
    }
    self.live = live
    clock = live.map { live in
      Task {
        while true {
          try await Task.sleep(for: .milliseconds(250))
          live.update()
        }
      }
    }
  }

  /// Takes the lines away that change in place.
  func end() {
    clock?.cancel()
    live?.hide()
  }

  /// Shows the plans of all workloads.
  func show(_ plans: [Plan]) {
    if !plans.isEmpty { console.show(plans) }
    live?.update { board, _ in
      for plan in plans { board.expect(plan.actions, of: plan.key.name) }
    }
  }

  /// Nothing more is done to a workload.
  func end(_ name: String) { live?.update { board, _ in board.end(name) } }

  /// Does something while no lines change in place: a question is answered where the cursor is.
  func pausing<Result: Sendable>(_ body: () async -> Result) async -> Result {
    live?.hide()
    defer { live?.show() }
    return await body()
  }

  func show(_ event: RunEvent, of name: String) {
    let text = ProgressText(style: console.style, workload: isNamed ? name : nil)
    switch event {
    case .planned(let plan):
      console.show([plan])
      live?.update { board, _ in board.expect(plan.actions, of: name) }
    case .waitingForLock(let record):
      console.writeError(
        text.waiting(
          for: record.holder.description, since: record.holder.since, now: EngineEnvironment.live.now()))
    case .waitingForWorkloads(let keys):
      console.writeError(text.waiting(for: keys))
    case .started(let action):
      if let live {
        live.update { board, now in board.start(action, of: name, at: now) }
      } else if action.kind.isPerformed {
        console.write(text.started(action))
      }
    case .progress(let action, let message):
      if let live {
        live.update { board, _ in board.report(action, of: name, message) }
      } else {
        console.write(text.progress(action, message))
      }
    case .succeeded(let action, let duration):
      live?.update { board, _ in board.finish(action, of: name) }
      if action.kind.isPerformed { console.write(text.succeeded(action, after: duration)) }
    case .failed(let action, let message, let logTail):
      live?.update { board, _ in board.finish(action, of: name, hasFailed: true) }
      console.write(text.failed(action, message, logTail: logTail.map(\.text)))
      console.note(on: action, of: name, failed: message)
    case .recorded(let release):
      console.write(text.recorded(release))
    case .goingBack(let release):
      live?.update { board, _ in board.expect([], of: name) }
      console.write(text.goingBack(to: release))
    }
  }
}

/// What is under way, on the screen.
private final class LiveBoard: Sendable {
  private struct State {
    var board: ProgressBoard
    var isHidden = false
  }

  private let screen: Screen
  private let state: Mutex<State>
  private let start = ContinuousClock.now

  init(screen: Screen, _ board: ProgressBoard) {
    self.screen = screen
    state = Mutex(State(board: board))
  }

  /// Changes what is under way, given the time, and draws it. Drawing is part of it: of two changes, the later
  /// one is seen last.
  func update(_ change: (inout ProgressBoard, Duration) -> Void = { _, _ in }) {
    state.withLock { state in
      let now = start.duration(to: .now)
      change(&state.board, now)
      screen.draw(state.isHidden ? [] : state.board.lines(at: now))
    }
  }

  /// Draws nothing until it is shown again.
  func hide() {
    state.withLock { $0.isHidden = true }
    update()
  }

  /// Draws what is under way again.
  func show() {
    state.withLock { $0.isHidden = false }
    update()
  }
}
