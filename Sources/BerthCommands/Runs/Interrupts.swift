import Engine
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What signals mean to a command that changes something.
///
/// The first interrupt, termination or hang-up asks the run to finish what is under way and to start nothing
/// more. An interrupt after that ends the program at once; the next apply recovers from it.
final class Interrupts {
  /// Made by the first signal.
  let stop: StopRequest
  private let reaction: Reaction
  private let signals: Signals

  /// From now on, signals are taken in.
  init(console: Console) {
    let reaction = Reaction(console: console)
    stop = reaction.stop
    self.reaction = reaction
    signals = Signals { reaction.receive($0) }
  }

  /// What the command ends with if a signal kept it from doing everything: 128 and the signal's number.
  var exitStatus: Int32? { readExitStatus() }

  /// Reads ``exitStatus``, from any thread.
  var readExitStatus: @Sendable () -> Int32? { { [reaction] in reaction.first.map { 128 + $0 } } }
}

/// What is done when a signal comes.
private final class Reaction: Sendable {
  let stop = StopRequest()
  private let console: Console
  private let firstNumber = Mutex<Int32?>(nil)

  init(console: Console) { self.console = console }

  /// The first signal that came.
  var first: Int32? { firstNumber.withLock { $0 } }

  func receive(_ number: Int32) {
    let isFirst = firstNumber.withLock { first in
      if first != nil { return false }
      first = number
      return true
    }
    if isFirst {
      stop.make()
      console.writeError(
        "Waiting for running actions to finish; no more actions start. "
          + "Another interrupt stops at once.\n")
    } else if number == SIGINT {
      console.screen?.draw([])
      console.writeError("Stopped at once. Running the same command again goes on from here.\n")
      _exit(128 + SIGINT)
    }
  }
}
