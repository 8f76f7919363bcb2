/// A signal by its name, with the number that Linux has for it on most processors (signal(7)).
public struct SignalName: Sendable, Hashable {
  /// The name: `SIGTERM`, `SIGRTMIN+3`.
  public let name: String
  /// The number of the signal on Linux.
  public let number: Int

  private static let numbers: [(name: String, number: Int)] = [
    ("SIGHUP", 1), ("SIGINT", 2), ("SIGQUIT", 3), ("SIGILL", 4), ("SIGTRAP", 5), ("SIGABRT", 6),
    ("SIGBUS", 7),
    ("SIGFPE", 8), ("SIGKILL", 9), ("SIGUSR1", 10), ("SIGSEGV", 11), ("SIGUSR2", 12), ("SIGPIPE", 13),
    ("SIGALRM", 14), ("SIGTERM", 15), ("SIGSTKFLT", 16), ("SIGCHLD", 17), ("SIGCONT", 18), ("SIGSTOP", 19),
    ("SIGTSTP", 20), ("SIGTTIN", 21), ("SIGTTOU", 22), ("SIGURG", 23), ("SIGXCPU", 24), ("SIGXFSZ", 25),
    ("SIGVTALRM", 26), ("SIGPROF", 27), ("SIGWINCH", 28), ("SIGIO", 29), ("SIGPWR", 30), ("SIGSYS", 31),
    ("SIGRTMIN", 34), ("SIGRTMAX", 64),
  ]

  /// The names that stand by themselves.
  public static let all = numbers.map(\.name)

  /// Reads a name; `nil` if there is no such signal.
  public init?(_ name: String) {
    if let known = Self.numbers.first(where: { $0.name == name }) {
      (self.name, number) = known
      return
    }
    for (base, sign, first) in [("SIGRTMIN", "+", 34), ("SIGRTMAX", "-", 64)]
    where name.hasPrefix(base + sign) {
      let digits = name.dropFirst(base.count + 1)
      guard let step = Int(digits), String(step) == digits, (1...30).contains(step) else { return nil }
      self.name = name
      number = sign == "+" ? first + step : first - step
      return
    }
    return nil
  }

  /// The signal with a number.
  public init?(number: Int) {
    if let known = Self.numbers.first(where: { $0.number == number }) {
      (name, self.number) = known
    } else if (35...63).contains(number) {
      (name, self.number) = ("SIGRTMIN+\(number - 34)", number)
    } else {
      return nil
    }
  }
}
