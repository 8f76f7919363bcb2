import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The two clocks: one for telling people when, one for measuring how long.
package enum Clocks {
  /// The time of day.
  package static var now: Timestamp { Timestamp(milliseconds: milliseconds(CLOCK_REALTIME)) }

  /// Milliseconds on a clock that is never set.
  package static var monotonic: Int64 { milliseconds(CLOCK_MONOTONIC) }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
