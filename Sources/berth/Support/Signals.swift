import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Interrupts, terminations and hang-ups, which a command takes in itself instead of ending by them.
final class Signals {
  private let sources: [any DispatchSourceSignal]

  /// From now on, signals go to the handler.
  init(_ handler: @escaping @Sendable (Int32) -> Void) {
    let numbers = [SIGINT, SIGTERM] + (Self.isHangUpIgnored ? [] : [SIGHUP])
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { handler(number) }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }

  /// Whether whoever started the program wants it to outlive the terminal, as `nohup` does.
  private static var isHangUpIgnored: Bool {
    var action = sigaction()
    guard sigaction(SIGHUP, nil, &action) == 0 else { return false }
    #if canImport(Glibc)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

/// The first signal that came.
final class ReceivedSignal: Sendable {
  private let first = Mutex<Int32?>(nil)

  /// Its number; `nil` if none came.
  var number: Int32? { first.withLock { $0 } }

  /// Takes note of a signal.
  func set(_ number: Int32) { first.withLock { $0 = $0 ?? number } }
}
