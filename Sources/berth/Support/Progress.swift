import Engine
import Planning
import ProviderKit
import Rendering
import Synchronization

/// Shows what happens during a run: on a terminal, what is under way in lines that change in place and what is
/// over above them; elsewhere, a line for each thing that happens.
struct Progress: Sendable {
  private let console: Console
  private let text: ProgressText
  private let live: LiveBoard?
  private let clock: Task<Void, any Error>?

  /// Shows nothing yet; from now on until ``end()``, times go on by themselves.
  init(console: Console) {
    self.console = console
    text = ProgressText(style: console.style)
    let live = console.screen.map { LiveBoard(screen: $0, style: console.style) }
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
    live?.update { board, _ in board.expect([]) }
  }

  func show(_ event: RunEvent) {
    switch event {
    case .planned(let plan):
      console.write(PlanText.render(plan, style: console.style))
      live?.update { board, _ in board.expect(plan.actions) }
    case .waitingForLock(let record):
      console.writeError(
        text.waiting(
          for: record.holder.description, since: record.holder.since, now: EngineEnvironment.live.now()))
    case .started(let action):
      if let live {
        live.update { board, now in board.start(action, at: now) }
      } else if action.kind.isPerformed {
        console.write(text.started(action))
      }
    case .progress(let action, let message):
      if let live {
        live.update { board, _ in board.report(action, message) }
      } else {
        console.write(text.progress(action, message))
      }
    case .succeeded(let action, let duration):
      live?.update { board, _ in board.finish(action) }
      if action.kind.isPerformed { console.write(text.succeeded(action, after: duration)) }
    case .failed(let action, let message, let logTail):
      live?.update { board, _ in board.finish(action, hasFailed: true) }
      console.write(text.failed(action, message, logTail: logTail.map(\.text)))
    case .recorded(let release):
      console.write(text.recorded(release))
    case .goingBack(let release):
      live?.update { board, _ in board.expect([]) }
      console.write(text.goingBack(to: release))
    }
  }
}

/// What is under way, on the screen.
private final class LiveBoard: Sendable {
  private let screen: Screen
  private let board: Mutex<ProgressBoard>
  private let start = ContinuousClock.now

  init(screen: Screen, style: TextStyle) {
    self.screen = screen
    board = Mutex(ProgressBoard(style: style))
  }

  /// Changes what is under way, given the time, and draws it. Drawing is part of it: of two changes, the later
  /// one is seen last.
  func update(_ change: (inout ProgressBoard, Duration) -> Void = { _, _ in }) {
    board.withLock { board in
      let now = start.duration(to: .now)
      change(&board, now)
      screen.draw(board.lines(at: now))
    }
  }
}
