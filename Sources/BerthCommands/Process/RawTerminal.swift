#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The terminal on standard input while it passes on every key as it is typed, also those that otherwise mean a
/// signal. It is as before once the last reference to this is gone.
final class RawTerminal: Sendable {
  private let before: termios

  /// Changes the terminal; `nil` if standard input is none.
  init?() {
    var settings = termios()
    guard tcgetattr(0, &settings) == 0 else { return nil }
    before = settings
    cfmakeraw(&settings)
    guard tcsetattr(0, TCSADRAIN, &settings) == 0 else { return nil }
  }

  deinit {
    var settings = before
    // What was typed and not read yet was meant for the command.
    tcsetattr(0, TCSAFLUSH, &settings)
  }
}
