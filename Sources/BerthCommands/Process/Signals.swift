import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Interrupts, terminations and hang-ups, which a command takes in itself instead of ending by them.
///
/// Of several that live at a time, only the newest one's handler is called. An interrupt is taken in also where
/// a script that starts the program in its background has it ignored.
final class Signals {
  private static let newest = Mutex<[ObjectIdentifier]>([])
  private let sources: [any DispatchSourceSignal]
  private let place = Place()

  /// From now on, signals go to the handler.
  init(_ handler: @escaping @Sendable (Int32) -> Void) {
    let identity = ObjectIdentifier(place)
    Self.newest.withLock { $0.append(identity) }
    sources = Self.numbers.map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if Self.newest.withLock({ $0.last == identity }) { handler(number) }
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    let identity = ObjectIdentifier(place)
    Self.newest.withLock { $0.removeAll { $0 == identity } }
  }

  /// What a signal ends the program with at once: 128 and its number, as a shell has it.
  static func endingAtOnce() -> Signals { Signals { _exit(128 + $0) } }

  /// The signals that are taken in, which end the program by themselves no more. That is said once: what takes them in
  /// puts a handler of its own in place, which must stay.
  private static let numbers: [Int32] = {
    let numbers = [SIGINT, SIGTERM] + (isHangUpIgnored ? [] : [SIGHUP])
    for number in numbers { signal(number, SIG_IGN) }
    return numbers
  }()

  /// Whether the program was started so that it outlives the terminal, as `nohup` does.
  private static let isHangUpIgnored: Bool = {
    var action = sigaction()
    guard sigaction(SIGHUP, nil, &action) == 0 else { return false }
    #if canImport(Glibc)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }()

  /// What tells one from another.
  private final class Place: Sendable {}
}

/// The first signal that came.
final class ReceivedSignal: Sendable {
  private let first = Mutex<Int32?>(nil)

  /// Its number; `nil` if none came.
  var number: Int32? { first.withLock { $0 } }

  /// Takes note of a signal.
  func set(_ number: Int32) { first.withLock { $0 = $0 ?? number } }
}
