import Foundation
import Rendering
import Synchronization

/// A terminal on standard output that can draw in place: text that stays, and live lines below it.
///
/// Whatever goes to the terminal goes through here while lines are drawn, so that neither writes over the other.
final class Screen: Sendable {
  private struct State {
    var live = LiveLines()
    var lines: [String] = []
    /// The size that the lines were drawn for.
    var size = TerminalSize(columns: 0, rows: 0)
    var showsPage = false
  }

  private let state = Mutex(State())
  private let write: @Sendable (String) -> Void

  /// A screen.
  ///
  /// - Parameter write: writes to the terminal.
  init(write: @escaping @Sendable (String) -> Void) { self.write = write }

  /// Whether a terminal on a descriptor can draw in place.
  static func isUsable(_ descriptor: Int32) -> Bool {
    guard isatty(descriptor) == 1, let terminal = Environment["TERM"] else { return false }
    return terminal != "dumb"
  }

  /// The size now: the user may resize the terminal at any time.
  var size: TerminalSize { Self.size(of: 1) ?? TerminalSize(columns: 80, rows: 24) }

  /// The size of a terminal; `nil` if it is none, or if it does not tell.
  static func size(of descriptor: Int32) -> TerminalSize? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return nil
    }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  // MARK: Live lines

  /// Writes text that stays, above the lines.
  func write(above text: String) {
    state.withLock { state in
      if state.lines.isEmpty { write(text) } else { draw(&state, above: text) }
    }
  }

  /// Draws these lines in the place of those before; with none, they are gone.
  func draw(_ lines: [String]) {
    state.withLock { state in
      guard lines != state.lines || !lines.isEmpty && size != state.size else { return }
      state.lines = lines
      draw(&state)
    }
  }

  private func draw(_ state: inout State, above text: String = "") {
    state.size = size
    write(state.live.draw(state.lines, above: text, size: state.size))
  }

  // MARK: Pages

  /// Fills the screen with a text. What was on the terminal before comes back with ``leavePage()``.
  func show(page text: String) {
    state.withLock { state in
      let enter = state.showsPage ? "" : "\u{1B}[?1049h\u{1B}[?25l"
      state.showsPage = true
      write(enter + LiveLines.page(text, size: size))
    }
  }

  /// Brings back what was there before the first page.
  func leavePage() {
    state.withLock { state in
      guard state.showsPage else { return }
      state.showsPage = false
      write("\u{1B}[?25h\u{1B}[?1049l")
    }
  }
}
